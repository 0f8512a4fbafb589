import Statistics
import Testing

@Suite struct KolmogorovSmirnovTests {
  /// scipy 1.16: `ks_2samp(a, b).statistic`.
  private static let cases: [([Double], [Double], Double)] = [
    ([1, 2, 3, 4], [1, 2, 3, 4], 0), ([1, 2, 3], [4, 5], 1), ([1, 2, 2, 3, 7], [2, 3, 3, 9], 0.35),
    ([0.1, 0.5, 0.5, 0.5], [0.5, 0.6], 0.5),
  ]

  @Test(arguments: cases)
  func distances(first: [Double], second: [Double], expected: Double) {
    #expect(abs(kolmogorovSmirnovDistance(first, second) - expected) < 1e-12)
    #expect(abs(kolmogorovSmirnovDistance(second, first) - expected) < 1e-12)
  }
}
