import NeuralNetworks
import Runtime
import Sequences

/// What a network costs and how good it is: what pruning compares before and after.
public struct NetworkMeasure: Codable, Equatable, Sendable {
  public let parameters: Int
  /// Filters of each convolution, first to last.
  public let filters: [Int]
  /// The mean of what it was trained to minimize, in nats where that is a likelihood.
  public let loss: Double
  /// Share answered right; `nil` where nothing is right or wrong.
  public let accuracy: Double?
  /// Seconds that predicting all sequences takes: the least of several times.
  public let seconds: Double
}

extension Network {
  /// - Throws: `InputError` if the data do not fit the network, or it gives a sequence what is no number.
  public func measured(on set: DataSet, threads: Int = Parallel.threads) throws -> NetworkMeasure {
    try set.require(fits: self)
    let clock = ContinuousClock()
    var logits: [Float] = []
    var times: [Duration] = []
    let start = clock.now
    // The first times are those of a cold cache and of threads that only just wake.
    while times.count < 3 || start.duration(to: clock.now) < .milliseconds(60) {
      times.append(try clock.measure { logits = try finiteLogits(of: set.sequences, threads: threads) })
    }
    let (loss, accuracy) = set.objective.mean(logits, set.targets)
    return NetworkMeasure(
      parameters: architecture.parameterCount,
      filters: architecture.convolutions.map { architecture.shapes[$0].channels }, loss: loss,
      accuracy: accuracy, seconds: times.min()! / .seconds(1))
  }
}
