import NeuralNetworks
import Runtime
import Sequences

/// What an experiment asks of a network before and after a change: one number for each sequence.
public struct ExperimentMeasure: Sendable {
  public let network: Network
  /// Whose values are summed over the changed positions; `nil` for the output itself, the logit of a classifier.
  public let method: ExplanationMethod?
  /// Of the network's outputs.
  public let output: Int
  /// Of the shuffles that methods compare with.
  public let seed: UInt64
  public let threads: Int

  /// - Throws: `InputError` if the network has no such output, or the method no rule for one of its layers.
  public init(
    _ network: Network, method: ExplanationMethod? = nil, output: Int = 0, seed: UInt64 = 0,
    threads: Int = Parallel.threads
  ) throws {
    guard (0..<network.architecture.outputCount).contains(output) else {
      throw InputError(
        "the network has \(network.architecture.outputCount) outputs, so there is no output \(output)")
    }
    self.network = network
    self.method = method
    self.output = output
    self.seed = seed
    self.threads = threads
    // A set of none shows what is refused.
    _ = try method.map { try network.explanation($0, of: SequenceSet(), options: options) }
  }

  /// As tables call it: `prediction`, or the method's name.
  public var name: String { method?.name ?? "prediction" }

  /// What values are in: the output's unit, summed over positions for attributions.
  public var label: String { method.map { "\($0.name) in the site" } ?? "output" }

  private var options: AttributionOptions {
    var options = AttributionOptions()
    options.output = output
    options.seed = seed
    return options
  }

  /// One number for each sequence.
  ///
  /// - Parameter positions: of sequence `index` that attributions are summed over; each is inside it.
  /// - Throws: `InputError` if a sequence has another length than the network takes.
  public func values(_ sequences: SequenceSet, over positions: (_ index: Int) -> [Range<Int>]) throws
    -> [Double]
  {
    try network.requireLength(of: sequences)
    guard let method else {
      let outputs = network.architecture.outputCount
      let logits = try network.finiteLogits(of: sequences, threads: threads)
      return (0..<sequences.count).map { Double(logits[$0 * outputs + output]) }
    }
    let length = network.architecture.input.length
    var values: [Double] = []
    values.reserveCapacity(sequences.count)
    // Part by part: explanations are many times larger than sequences.
    for first in stride(from: 0, to: sequences.count, by: ExplanationStream.partSize) {
      let part = first..<min(sequences.count, first + ExplanationStream.partSize)
      var options = options
      options.first = first
      let scores = try network.explanation(
        method, of: sequences.subset(Array(part)), options: options, threads: threads
      ).scores
      for index in part {
        values.append(
          positions(index).joined().reduce(0) { $0 + Double(scores[(index - first) * length + $1]) })
      }
    }
    return values
  }
}
