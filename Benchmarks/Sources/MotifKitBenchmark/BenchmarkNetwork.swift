import MotifKit

/// The networks that are timed; Benchmarks/peers/networks.py builds the same for the peers.
enum BenchmarkNetwork: String, CaseIterable {
  case v1, v2, v3, v4, v5

  func network() throws -> Network {
    Network(architecture: try Preset(rawValue: rawValue)!.architecture(length: length))
  }

  var length: Int { 100 }

  /// Sequences of random bases, labelled at random.
  static func randomSequences(count: Int, length: Int) -> SequenceSet {
    var random = CounterRandom(seed: 0, purpose: .simulation)
    var codes = [UInt8](repeating: 0, count: count * length)
    for index in codes.indices { codes[index] = UInt8(random.below(4)) }
    let labels = (0..<count).map { _ in UInt8(random.below(2)) }
    return SequenceSet(codes: codes, starts: (0...count).map { $0 * length }, labels: labels)
  }
}
