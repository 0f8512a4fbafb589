import Foundation

/// The score from which on best hits tell positives from negatives most surely: the question of AME (McLeay & Bailey 2010,
/// BMC Bioinformatics 11, 165) and SEA (Bailey & Grant 2021, bioRxiv 2021.08.23.457422), answered by Fisher's exact test.
///
/// Every score that occurs is tried as a threshold. Of m positives and n negatives, a and b reach it; the p-value is
/// P(X ≥ a), X hypergeometric: as many positives or more among a + b sequences drawn from all. The smallest is adjusted for
/// the T thresholds tried, 1 − (1 − p)^T.
public struct ThresholdTest: Equatable, Sendable {
  /// The lowest score that counts as a match.
  public let score: Double
  /// Positives and negatives whose best hit reaches it.
  public let positives: Int
  public let negatives: Int
  /// Scores that were tried.
  public let thresholds: Int
  /// Of the threshold, adjusted for the number of thresholds.
  public let log10PValue: Double
  /// 0 where it is below what a number can hold.
  public var pValue: Double { min(1, pow(10, log10PValue)) }

  /// - Parameters:
  ///   - positives: Best scores; −∞ never counts as a match.
  ///   - negatives: The same.
  /// - Returns: `nil` if a group is empty or no score is finite.
  public init?(positives: [Double], negatives: [Double]) {
    self.init(
      positives: positives, negatives: negatives,
      FisherTest(positives: positives.count, negatives: negatives.count))
  }

  init?(positives: [Double], negatives: [Double], _ test: FisherTest) {
    guard !positives.isEmpty, !negatives.isEmpty else { return nil }
    let ranked =
      (positives.map { (score: $0, isPositive: true) } + negatives.map { (score: $0, isPositive: false) })
      .filter { $0.score > -.infinity }.sorted { $0.score > $1.score }
    guard !ranked.isEmpty else { return nil }
    var best = (score: 0.0, positives: 0, negatives: 0, log10P: Double.infinity)
    var (above, below, tried, index) = (0, 0, 0, 0)
    while index < ranked.count {
      let score = ranked[index].score
      let before = above
      while index < ranked.count, ranked[index].score == score {
        if ranked[index].isPositive { above += 1 } else { below += 1 }
        index += 1
      }
      tried += 1
      // A threshold that adds negatives only is worse than the one before.
      guard above > before else { continue }
      let log10P = test.log10UpperTail(positives: above, negatives: below)
      if log10P < best.log10P { best = (score, above, below, log10P) }
    }
    // No positive has a window: the lowest score is as good as any.
    if best.log10P == .infinity { best = (ranked[ranked.count - 1].score, above, below, 0) }
    (score, self.positives, self.negatives, thresholds) = (best.score, best.positives, best.negatives, tried)
    log10PValue = MultipleTests.adjusted(log10PValue: best.log10P, tests: tried)
  }
}

/// Fisher's exact test, one-sided, of tables with given numbers of positives and negatives.
package struct FisherTest: Sendable {
  private let positives: Int
  private let negatives: Int
  /// ln k!
  private let factorials: [Double]

  package init(positives: Int, negatives: Int) {
    (self.positives, self.negatives) = (positives, negatives)
    factorials = (0...positives + negatives).map { lgamma(Double($0) + 1) }
  }

  private func logChoose(_ n: Int, _ k: Int) -> Double { factorials[n] - factorials[k] - factorials[n - k] }

  /// log₁₀ of the probability that among `positives` + `negatives` drawn at least `positives` are positives.
  package func log10UpperTail(positives a: Int, negatives b: Int) -> Double {
    let drawn = a + b
    let most = min(drawn, positives)
    guard a > max(0, drawn - negatives) else { return 0 }
    let first =
      logChoose(positives, a) + logChoose(negatives, b) - logChoose(positives + negatives, drawn)
    // The other terms relative to the first, each from the one before.
    var sum = 1.0, term = 1.0
    for k in a..<most {
      term *= Double(positives - k) * Double(drawn - k) / (Double(k + 1) * Double(negatives - drawn + k + 1))
      sum += term
      if term < sum * 1e-17 { break }
    }
    return min(0, (first + log(sum)) / log(10))
  }
}

package enum MultipleTests {
  /// log₁₀ (1 − (1 − p)^T): the chance that the smallest of T p-values is at most p.
  package static func adjusted(log10PValue: Double, tests: Int) -> Double {
    let p = pow(10, log10PValue)
    return p > 1e-200 ? log10(-expm1(Double(tests) * log1p(-min(p, 1)))) : log10PValue + log10(Double(tests))
  }
}
