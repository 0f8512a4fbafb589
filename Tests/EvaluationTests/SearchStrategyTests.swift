import Evaluation
import Foundation
import Testing

/// Points proposed on functions whose minimum is known.
@Suite struct SearchStrategyTests {
  private static let axes = [
    SearchAxis(.range(-5...5, isLogarithmic: false)), SearchAxis(.range(0.001...1, isLogarithmic: true)),
    SearchAxis(.range(1...64, isLogarithmic: true), isWhole: true), SearchAxis(.choice([16, 64, 256])),
  ]

  /// 0 at (1, 0.03, 8, 64).
  private static func loss(_ x: [Double]) -> Double {
    pow((x[0] - 1) / 5, 2) + pow(log10(x[1] / 0.03), 2) / 2 + pow(log2(x[2] / 8), 2) / 9
      + (x[3] == 64 ? 0 : 0.3)
  }

  private static func run(_ strategy: SearchStrategy, seed: UInt64, trials: Int = 80) -> [SearchResult] {
    let search = PointSearch(strategy, axes: axes, seed: seed)
    var results: [SearchResult] = []
    for number in 0..<trials {
      let point = search.point(number: number, after: results)
      results.append(SearchResult(point: point, loss: loss(point)))
    }
    return results
  }

  private static func medianBest(_ strategy: SearchStrategy, seeds: UInt64 = 31) -> Double {
    (0..<seeds).map { seed in run(strategy, seed: seed).compactMap(\.loss).min()! }.sorted()[Int(seeds) / 2]
  }

  /// Medians of 60 seeds of Optuna 5.0 (Golden/search_strategies.py): 0.0063 by TPE, 0.158 at random. One seed in ten settles on
  /// a wrong choice, with Optuna as here, so that the median of a few seeds says little.
  @Test func beatsRandomPointsAsOptunaDoes() {
    let random = Self.medianBest(.random)
    #expect((0.158 / 1.5..<0.158 * 1.5).contains(random))
    #expect(Self.medianBest(.tpe, seeds: 9) < 1.5 * 0.0063)
    #expect(Self.medianBest(.evolution) < 0.15 * random)
  }

  @Test(arguments: SearchStrategy.allCases) func staysOnTheAxes(_ strategy: SearchStrategy) {
    for result in Self.run(strategy, seed: 3) {
      #expect((-5...5).contains(result.point[0]) && (0.001...1).contains(result.point[1]))
      #expect((1...64).contains(result.point[2]) && result.point[2] == result.point[2].rounded())
      #expect([16, 64, 256].contains(result.point[3]))
    }
  }

  @Test(arguments: SearchStrategy.allCases) func isAFunctionOfSeedNumberAndResults(_ strategy: SearchStrategy)
  {
    let results = Self.run(strategy, seed: 3, trials: 30)
    let search = PointSearch(strategy, axes: Self.axes, seed: 3)
    let point = search.point(number: 30, after: results)
    #expect(search.point(number: 30, after: results) == point)
    #expect(search.point(number: 31, after: results) != point)
    #expect(search.point(number: 30, attempt: 1, after: results) != point)
    #expect(PointSearch(strategy, axes: Self.axes, seed: 4).point(number: 30, after: results) != point)
  }

  /// Where all fail, where all are equal, and on an axis of one value.
  @Test(arguments: SearchStrategy.allCases) func edges(_ strategy: SearchStrategy) {
    let axes = [
      SearchAxis(.choice([7])), SearchAxis(.range(2...2, isLogarithmic: false)),
      SearchAxis(.range(3...3, isLogarithmic: true), isWhole: true),
      SearchAxis(.range(0...1, isLogarithmic: false)),
    ]
    for loss in [nil, 1.5] as [Double?] {
      let results = (0..<40).map { SearchResult(point: [7, 2, 3, Double($0) / 40], loss: loss) }
      let point = PointSearch(strategy, axes: axes, seed: 1).point(number: 40, after: results)
      #expect(point[..<3] == [7, 2, 3] && (0...1).contains(point[3]))
    }
  }
}
