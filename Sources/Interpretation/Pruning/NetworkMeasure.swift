import NeuralNetworks
import Runtime
import Sequences

/// What a network costs and how good it is: what pruning compares before and after.
public struct NetworkMeasure: Codable, Equatable, Sendable {
  public let parameters: Int
  /// Filters of each convolution, first to last.
  public let filters: [Int]
  /// Mean binary cross-entropy in nats.
  public let loss: Double
  public let accuracy: Double
  /// Seconds that predicting all sequences takes: the least of several times.
  public let seconds: Double
}

extension Network {
  /// - Throws: `InputError` if the network has several outputs, or the sequences have no labels or another length.
  public func measured(on sequences: SequenceSet, threads: Int = Parallel.threads) throws -> NetworkMeasure {
    try requireOneOutput()
    try requireLength(of: sequences)
    guard sequences.isLabeled else { throw InputError("loss and accuracy need labelled sequences") }
    let clock = ContinuousClock()
    var logits: [Float] = []
    var times: [Duration] = []
    let start = clock.now
    // The first times are those of a cold cache and of threads that only just wake.
    while times.count < 3 || start.duration(to: clock.now) < .milliseconds(60) {
      times.append(clock.measure { logits = self.logits(sequences, threads: threads) })
    }
    let (loss, accuracy) = BinaryCrossEntropy.evaluate(logits, sequences.labels)
    return NetworkMeasure(
      parameters: architecture.parameterCount,
      filters: architecture.convolutions.map { architecture.shapes[$0].channels }, loss: loss,
      accuracy: accuracy, seconds: times.min()! / .seconds(1))
  }
}
