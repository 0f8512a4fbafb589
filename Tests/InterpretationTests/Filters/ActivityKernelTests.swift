import Interpretation
import Runtime
import Sequences
import Testing

/// Every instruction set computes what two plain loops do, to the bit.
@Suite struct ActivityKernelTests {
  /// Random activations with ties, zeros and negative numbers; `channels` is padded to 16.
  private static func map(_ positions: Int, _ channels: Int) -> [Float] {
    var random = CounterRandom(seed: 3, purpose: .sampling, index: 1000 * positions + channels)
    return (0..<positions * channels).map { _ in Float(random.below(9) - 4) * 0.37 }
  }

  @Test(arguments: ActivityKernels.available, [(1, 16), (2, 32), (17, 16), (89, 64), (100, 304)])
  func measure(_ kernels: ActivityKernels, _ shape: (positions: Int, channels: Int)) {
    let map = Self.map(shape.positions, shape.channels)
    let found = kernels.measure(map, positions: shape.positions, channels: shape.channels)
    for channel in 0..<shape.channels {
      let values = (0..<shape.positions).map { map[$0 * shape.channels + channel] }
      #expect(found.maximum[channel] == values.max())
      #expect(found.minimum[channel] == values.min())
      // In order of positions, as the kernels add.
      #expect(found.sum[channel] == values.reduce(0, +))
      #expect(found.active[channel] == values.count { $0 > 0 })
    }
  }

  @Test(arguments: ActivityKernels.available, [(1, 16), (2, 32), (17, 16), (89, 64), (100, 304)])
  func above(_ kernels: ActivityKernels, _ shape: (positions: Int, channels: Int)) {
    let map = Self.map(shape.positions, shape.channels)
    let cuts = (0..<shape.channels).map { $0 % 16 == 15 ? Float.infinity : Float($0 % 5 - 2) * 0.37 }
    let expected = map.indices.filter { map[$0] > cuts[$0 % shape.channels] }
    let found = kernels.above(map, positions: shape.positions, channels: shape.channels, cuts: cuts)
    #expect(found.map { $0.position * shape.channels + $0.filter } == expected)
    #expect(!found.isEmpty)
  }

  @Test(arguments: ActivityKernels.available, [(1, 16), (31, 32), (32, 16), (89, 64)])
  func products(_ kernels: ActivityKernels, _ shape: (positions: Int, channels: Int)) {
    let map = Self.map(shape.positions, shape.channels)
    let center = (0..<shape.channels).map { Double($0 % 5) * 0.1 }
    let found = kernels.products(map, positions: shape.positions, channels: shape.channels, center: center)
    for i in 0..<shape.channels {
      func value(_ position: Int, _ channel: Int) -> Double {
        Double(map[position * shape.channels + channel]) - center[channel]
      }
      #expect(found.sums[i] == (0..<shape.positions).reduce(0) { $0 + value($1, i) })
      for j in i..<shape.channels {
        let expected = (0..<shape.positions).reduce(0) { $0 + value($1, i) * value($1, j) }
        #expect(found.products[i * shape.channels + j] == expected)
      }
    }
  }
}
