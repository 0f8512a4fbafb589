import MotifKit

/// Random sequences explained by a network of random weights: only speed is measured.
struct AttributionTask {
  private let network: Network
  private let sequences: SequenceSet

  init(_ name: String) throws {
    let chosen = try BenchmarkNetwork(name)
    network = try chosen.network()
    sequences = try BenchmarkNetwork.randomData(count: 1000, length: chosen.length).sequences
  }

  /// Seconds, and for how many sequences.
  func run(_ method: String) throws -> (seconds: Double, sequences: Int) {
    let method = try ExplanationMethod(method)
    let time = try seconds { _ = try network.explanation(method, of: sequences) }
    return (time, sequences.count)
  }
}
