import Arrays
import NeuralNetworks
import Runtime
import Sequences

/// Inputs and outputs of a network as another program computed them, to compare with.
public struct ImportCheck: Sendable {
  /// The largest difference from the given outputs that still counts as the same network.
  public static let tolerance = 1e-4
  /// The same as a share of the largest output, where that allows more: what rounding makes of numbers above a hundred.
  public static let rounding = 1e-6

  public let sequences: SequenceSet
  /// One or several; their numbers one after the other for each sequence.
  private let outputs: [(name: String, values: [Float])]
  /// What the rows of unknown bases hold; `nil` without any.
  private let unknownBase: Float?
  private let file: String

  /// Reads `x` (sequences, length, 4) or (sequences, 4, length), or whole numbers (sequences, length), and `y`, or `y0`, `y1`, …, of an NPZ file.
  ///
  /// - Parameter bases: the order of the four columns.
  /// - Throws: `InputError` that names the file: an array is missing, or `x` is not one-hot.
  public init(npz path: String, bases: String = "ACGT") throws {
    func fail(_ reason: String) -> InputError { InputError(file: path, reason) }
    let arrays = try NPZFile.read(path: path)
    guard let x = arrays["x"] else { throw fail("has no array x with inputs") }
    if let values = x.floats, x.shape.count == 2 {
      sequences = try Self.sequences(numbers: values, shape: x.shape, bases: bases, file: path)
      unknownBase = nil
    } else {
      guard let values = x.floats, x.shape.count == 3, x.shape[1] == 4 || x.shape[2] == 4 else {
        throw fail("x has shape \(x.shape), not (sequences, length, 4) or (sequences, 4, length)")
      }
      (sequences, unknownBase) = try Self.sequences(values, shape: x.shape, bases: bases, file: path)
    }
    let names = arrays["y"] != nil ? ["y"] : (0..<64).map { "y\($0)" }.filter { arrays[$0] != nil }
    guard !names.isEmpty else { throw fail("has no array y, or y0, y1, …, with outputs") }
    outputs = try names.map { name in
      guard let array = arrays[name], let values = array.floats else {
        throw fail("\(name) holds no numbers")
      }
      guard array.shape.first == x.shape[0] else {
        throw fail("\(name) has another number of sequences than x")
      }
      return (name, values)
    }
    file = path
  }

  /// - Throws: `InputError` for rows that are neither a base nor unknown (all four the same).
  private static func sequences(_ values: [Float], shape: [Int], bases: String, file: String) throws
    -> (SequenceSet, Float?)
  {
    let isChannelsLast = shape[2] == 4
    let length = isChannelsLast ? shape[1] : shape[2]
    let places = bases.utf8.map(Nucleotide.code(ofASCII:)).filter { $0 < 4 }
    var set = SequenceSet()
    var unknownBase: Float?
    for row in 0..<shape[0] {
      let codes = try (0..<length).map { position -> UInt8 in
        let four = (0..<4).map { base in
          values[row * 4 * length + (isChannelsLast ? position * 4 + base : base * length + position)]
        }
        if let base = four.firstIndex(of: 1), four.count(where: { $0 == 0 }) == 3 { return places[base] }
        guard Set(four).count == 1, [0, 0.25].contains(four[0]), unknownBase ?? four[0] == four[0] else {
          throw InputError(file: file, "x is not one-hot at sequence \(row + 1), position \(position + 1)")
        }
        unknownBase = four[0]
        return Nucleotide.unknown
      }
      set.append(codes, name: "seq\(row + 1)")
    }
    return (set, unknownBase)
  }

  /// Numbers are places in `bases`.
  private static func sequences(numbers: [Float], shape: [Int], bases: String, file: String) throws
    -> SequenceSet
  {
    let codes = bases.utf8.map(Nucleotide.code(ofASCII:))
    var set = SequenceSet()
    for row in 0..<shape[0] {
      let numbers = numbers[row * shape[1]..<(row + 1) * shape[1]]
      let places = numbers.compactMap { Int(exactly: $0) }
      guard places.count == numbers.count, places.allSatisfy(codes.indices.contains) else {
        throw InputError(
          file: file, "x holds other numbers than 0 to \(codes.count - 1) at sequence \(row + 1)")
      }
      set.append(places.map { codes[$0] }, name: "seq\(row + 1)")
    }
    return set
  }

  /// How far a network is from the given outputs.
  public struct Agreement: Equatable, Sendable {
    /// The largest difference.
    public private(set) var difference = 0.0
    /// The same as a share of the largest number of its output, where that is above 1: rounding grows with the numbers.
    public private(set) var relative = 0.0
    public private(set) var isSame = true

    package init() {}

    /// Counts one output in.
    package mutating func add(_ predicted: [Float], expected: [Float]) {
      var (difference, largest) = (0.0, 0.0)
      for (a, b) in zip(expected, predicted) {
        let distance = abs(Double(a) - Double(b))
        difference = distance.isNaN ? .infinity : max(difference, distance)
        largest = max(largest, abs(Double(a)))
      }
      self.difference = max(self.difference, difference)
      relative = max(relative, difference / (difference.isFinite ? max(1, largest) : 1))
      isSame =
        isSame && difference.isFinite
        && difference <= max(ImportCheck.tolerance, ImportCheck.rounding * largest)
    }
  }

  /// Bases of a sequence; `nil` without any.
  public var length: Int? { sequences.count > 0 ? sequences[0].count : nil }

  /// The largest difference between these outputs and a network's.
  ///
  /// - Throws: `InputError` when the outputs are not as many, or the sequences not as long, as the network's.
  public func agreement(with model: ImportedModel) throws -> Agreement {
    let length = model.network.architecture.input.length
    guard sequences.count > 0, sequences[0].count == length else {
      throw InputError(
        file: file,
        "has sequences of \(sequences.count > 0 ? sequences[0].count : 0), but the network takes \(length)")
    }
    guard unknownBase ?? model.unknownBase == model.unknownBase else {
      throw InputError(
        file: file,
        "x has unknown bases as \(unknownBase ?? 0) of each, which the network takes as \(model.unknownBase) (see --unknown-base)"
      )
    }
    let predictions = try model.predictions(of: sequences)
    let given = outputs.map(\.values)
    // One array may hold all outputs side by side.
    let expected: [[Float]]
    if given.count == predictions.count {
      expected = given
    } else if given.count == 1 {
      let width = given[0].count / sequences.count
      guard model.outputs.reduce(0, { $0 + $1.range.count }) == width else {
        throw InputError(
          file: file,
          "\(outputs[0].name) has \(width) values a sequence, but the network has \(model.outputs.reduce(0) { $0 + $1.range.count }) outputs"
        )
      }
      expected = model.outputs.map { output in
        (0..<sequences.count).flatMap { row in
          given[0][(row * width + output.range.lowerBound)..<(row * width + output.range.upperBound)]
        }
      }
    } else {
      throw InputError(
        file: file, "has \(given.count) arrays of outputs, but the network has \(predictions.count) outputs")
    }
    var agreement = Agreement()
    for (index, (expected, predicted)) in zip(expected, predictions).enumerated() {
      guard expected.count == predicted.count else {
        throw InputError(
          file: file,
          "output \(index) has \(expected.count / sequences.count) values a sequence, but the network's \(model.outputs[index].name) has \(predicted.count / sequences.count)"
        )
      }
      agreement.add(predicted, expected: expected)
    }
    return agreement
  }
}
