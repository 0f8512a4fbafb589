import NeuralNetworks
import Runtime
import Sequences

/// Explains sequences by several networks, or read in several ways, and takes the mean.
///
/// Folds or seeds of one architecture differ by chance, and so do a network's values for a sequence and for its reverse complement or the
/// same sequence moved by a few bases; what all agree on is less of an accident.
public struct AveragedExplainer: Sendable {
  /// Of one input length; the first is asked for whatever only one can say.
  public let networks: [Network]
  /// Whether the reverse complement is read too.
  public var bothStrands = false
  /// Each sequence is read moved by −shift to shift bases, unknown bases coming in from outside.
  public var shift = 0

  /// - Throws: `InputError` if there is no network, or one takes another length or has another number of outputs than the first.
  public init(_ networks: [Network], bothStrands: Bool = false, shift: Int = 0) throws {
    guard let first = networks.first else { throw InputError("there is no network to explain by") }
    for (index, network) in networks.enumerated() {
      let (length, outputs) = (network.architecture.input.length, network.architecture.outputCount)
      guard length == first.architecture.input.length, outputs == first.architecture.outputCount else {
        throw InputError(
          "network \(index + 1) takes \(length) bases and has \(outputs) outputs, the first takes \(first.architecture.input.length) and has \(first.architecture.outputCount)"
        )
      }
    }
    guard shift >= 0, shift < max(1, first.architecture.input.length) else {
      throw InputError("sequences of \(first.architecture.input.length) bases cannot be moved by \(shift)")
    }
    self.networks = networks
    self.bothStrands = bothStrands
    self.shift = shift
  }

  /// Whether there is but one network and one reading.
  public var isPlain: Bool { networks.count == 1 && readings.count == 1 }

  private var readings: [SequenceReading] {
    (bothStrands ? [false, true] : [false]).flatMap { isReverse in
      (-shift...shift).map { SequenceReading(shift: $0, isReverse: isReverse) }
    }
  }

  /// The mean over networks and readings, every base over the readings that hold it. Of several networks `spreads` is the
  /// standard deviation between them.
  ///
  /// - Throws: As `Network.explanation(_:of:options:layer:isRectified:threads:)`.
  public func explanation(
    _ method: ExplanationMethod, of sequences: SequenceSet, options: AttributionOptions = .init(),
    layer: Int? = nil, isRectified: Bool = true, threads: Int = Parallel.threads
  ) throws -> Explanation {
    if isPlain {
      return try networks[0].explanation(
        method, of: sequences, options: options, layer: layer, isRectified: isRectified, threads: threads)
    }
    var mean = ExplanationMean(sequences, length: networks[0].architecture.input.length)
    for network in networks {
      try network.requireLength(of: sequences)
      for reading in readings {
        let explanation = try network.explanation(
          method.mappingReferences(reading), of: reading.read(sequences), options: options, layer: layer,
          isRectified: isRectified, threads: threads)
        mean.add(explanation, reading: reading)
      }
      mean.finishNetwork()
    }
    return mean.result
  }
}

/// A way of reading a sequence.
struct SequenceReading: Sendable {
  /// Bases by which it is moved to the right, or to the left below zero.
  var shift: Int
  /// Whether what comes out is read on the other strand.
  var isReverse: Bool

  /// Sequences as they are read; those of any length keep it.
  func read(_ sequences: SequenceSet) -> SequenceSet {
    guard shift != 0 || isReverse else { return sequences }
    var codes: [UInt8] = []
    codes.reserveCapacity(sequences.codes.count)
    for index in 0..<sequences.count {
      let sequence = sequences[index]
      let moved = sequence.indices.map { place in
        sequence.indices ~= place - shift ? sequence[place - shift] : Nucleotide.unknown
      }
      codes += isReverse ? Nucleotide.reverseComplement(moved) : moved
    }
    return SequenceSet(codes: codes, starts: sequences.starts, names: sequences.names)
  }

  /// Where what was read at `position` stands in the sequence; outside it what came in.
  func origin(of position: Int, length: Int) -> Int {
    (isReverse ? length - 1 - position : position) - shift
  }
}

extension ExplanationMethod {
  /// With references read as the sequences are.
  fileprivate func mappingReferences(_ reading: SequenceReading) -> ExplanationMethod {
    guard case .attribution(let method) = self, let reference = method.reference else { return self }
    return .attribution(method.comparing(with: reference.mapped(reading)))
  }
}
