import CPeak
import MotifKit

/// The share of one core's multiply-add peak that the convolutions after the first reach.
struct PeakSection {
  var setup: Setup

  func run(_ results: inout Results) throws {
    var peaks: [Double] = []
    for name in setup.exerciseNetworks.filter({ !["v1", "v2"].contains($0) }) + setup.publishedNetworks {
      setup.note("share of the peak, \(name)")
      let network = try BenchmarkNetwork(name)
      let built = try network.network()
      let sequences = try BenchmarkNetwork.randomData(count: 64, length: network.length).sequences
      // The peak right before and right after, so that both meet the same clock rate.
      let before = Self.peak()
      let rounds = try (0..<7).map { _ in try built.stepTimes(of: sequences, repeats: setup.quick ? 1 : 5) }
      let peak = max(before, Self.peak())
      peaks.append(peak)
      for (index, step) in rounds[0].enumerated() {
        // The fastest round's median, as the peak is the fastest of several runs.
        let forward = rounds.map { $0[index].forward }.min()!
        for layer in step.layers {
          guard layer > 0, case .convolution1D(let convolution) = built.architecture.layers[layer].kind else {
            continue
          }
          let gigaflops = 2e-9 * Double(step.multiplyAdds) / forward
          let input = built.architecture.inputShape(layer)
          results.peakShares.append(
            PeakShare(
              network: name, layer: layer + 1,
              shape: "\(convolution.filters) × \(convolution.kernelSize) on \(input.channels) channels, "
                + "\(built.architecture.shapes[layer].length) positions",
              gigaflops: gigaflops, share: gigaflops / peak))
        }
      }
    }
    results.peakGigaflops = peaks.max()
  }

  /// GFLOP/s of independent multiply-adds on one thread: the best of several short runs.
  static func peak() -> Double {
    let rounds: Int64 = 2_000_000
    let work = 2e-9 * Double(rounds * cp_multiply_adds_per_round())
    return (0..<15).map { _ in work / seconds { _ = cp_multiply_add(rounds) } }.max()!
  }
}
