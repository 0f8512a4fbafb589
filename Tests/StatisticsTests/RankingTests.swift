import Foundation
import Runtime
import Statistics
import Testing

// Golden numbers: Golden/ranking.py.

@Suite struct RankingTests {
  private static let values = (0..<11).map { Double($0 * $0 * 37 % 101) / 7 - 5 }.sorted()

  @Test(arguments: [
    (0, -5.0), (0.025, -4.428571428571429), (0.3, -0.7142857142857144), (0.5, 1.4285714285714288),
    (0.975, 8.392857142857142), (1, 8.714285714285714),
  ])
  func quantiles(share: Double, value: Double) {
    #expect(abs(Self.values.quantile(share) - value) < 1e-12)
    // A slice begins elsewhere.
    #expect(abs(([-100] + Self.values)[1...].quantile(share) - value) < 1e-12)
  }

  @Test func quantilesOfOneValue() { #expect([3.0].quantile(0.2) == 3) }

  @Test func sorting() {
    var random = CounterRandom(seed: 8, purpose: .simulation)
    let values = (0..<3000).map { _ in
      random.below(4) == 0 ? 0.25 : (random.uniform() - 0.5) * (random.below(2) == 0 ? 1e-30 : 1e30)
    }
    #expect(RadixSort.sorted(values) == values.sorted())
    #expect(RadixSort.sorted([-Double.infinity, 1, -0.5] + values).first == -.infinity)
    #expect(RadixSort.sorted([]) == [])
    for (count, mask) in [
      (0, UInt64.max), (63, 0xFF), (64, .max), (500, 0xFF00_0000_FF00), (700, 3), (100, 0),
    ] {
      var keys = (0..<count).map { _ in random.next() & mask }
      let sorted = keys.sorted()
      KeySort.sort(&keys)
      #expect(keys == sorted)
      // Lower bits hold the place before, and do not count.
      var places = keys.indices.map { _ in (random.next() & 0xFF) << 32 }
      for index in places.indices { places[index] |= UInt64(index) }
      let stable = places.sorted()
      KeySort.sort(&places, from: 32)
      #expect(places == stable)
    }
  }

  @Test func falseDiscoveriesOfLogarithms() {
    let logs = [-155, log10(3e-8), log10(0.004), log10(0.004), log10(0.03), log10(0.2), log10(0.8)]
    let expected = [
      -154.15490195998575, -6.978810700930062, -2.154901959985743, -2.154901959985743, -1.3767507096020997,
      -0.6320232147054056, -0.09691001300805639,
    ]
    let order = [4, 0, 6, 2, 5, 1, 3]
    let qValues = FalseDiscovery.benjaminiHochberg(log10: order.map { logs[$0] })
    for (place, index) in order.enumerated() { #expect(abs(qValues[place] - expected[index]) < 1e-12) }
    let plain = FalseDiscovery.benjaminiHochberg(order.map { pow(10, logs[$0]) })
    for (a, b) in zip(plain, qValues) { #expect(abs(log10(a) - b) < 1e-9) }
  }
}
