import Foundation

/// Whether the best hits of a motif lie in the middle of sequences of one length: the test of CentriMo (Bailey &
/// Machanick 2012, Nucleic Acids Research 40, e128).
///
/// With M = length − width + 1 possible starts, a best hit falls in a central region of w starts with probability w/M
/// if it does not matter where it lies. For each region the p-value is P(X ≥ k), X binomial with n hits and w/M; the
/// best region's is adjusted for the T regions tried, 1 − (1 − p)^T.
public struct CentralEnrichment: Equatable, Sendable {
  /// Sequences whose best hit reaches the score cut.
  public let hits: Int
  /// Starts in the best central region, and the hits that start there.
  public let regionWidth: Int
  public let hitsInRegion: Int
  /// Of the best region, adjusted for the number of regions.
  public let log10PValue: Double
  /// 0 where it is below what a number can hold.
  public var pValue: Double { min(1, pow(10, log10PValue)) }

  /// - Parameters:
  ///   - best: Best hits of sequences that are all `length` long.
  ///   - minimumScore: Best hits below it do not count; CentriMo's 5 bits unless told otherwise.
  /// - Returns: `nil` if no best hit counts or there is only one possible start.
  public init?(_ best: BestHits, length: Int, width: Int, minimumScore: Double = 5) {
    let possible = length - width + 1
    guard possible > 1 else { return nil }
    // Hits by distance from the middle, in half bases: 0, 2, 4, … or 1, 3, 5, …
    var hitsAtDistance = [Int](repeating: 0, count: possible)
    var hits = 0
    for (start, score) in zip(best.starts, best.scores) where start >= 0 && score >= minimumScore {
      hitsAtDistance[abs(2 * start - (possible - 1))] += 1
      hits += 1
    }
    guard hits > 0 else { return nil }
    var inside = 0
    var bestRegion = (width: 0, inside: 0, log10P: Double.infinity)
    var tried = 0
    for distance in stride(from: (possible - 1) % 2, to: possible - 1, by: 2) {
      inside += hitsAtDistance[distance]
      tried += 1
      let log10P = BinomialTail.log10UpperTail(
        inside, of: hits, probability: Double(distance + 1) / Double(possible))
      if log10P < bestRegion.log10P { bestRegion = (distance + 1, inside, log10P) }
    }
    self.hits = hits
    regionWidth = bestRegion.width
    hitsInRegion = bestRegion.inside
    log10PValue = MultipleTests.adjusted(log10PValue: bestRegion.log10P, tests: tried)
  }
}

package enum BinomialTail {
  /// log₁₀ P(X ≥ k) for X binomial (n, probability), also where the probability underflows.
  package static func log10UpperTail(_ k: Int, of n: Int, probability: Double) -> Double {
    guard k > 0 else { return 0 }
    let (count, total) = (Double(k), Double(n))
    let odds = probability / (1 - probability)
    let first =
      lgamma(total + 1) - lgamma(count + 1) - lgamma(total - count + 1) + count * log(probability)
      + (total - count) * log1p(-probability)
    // The other terms relative to the first: each is the one before times (n − i) / (i + 1) · odds.
    var sum = 1.0, term = 1.0
    for i in k..<n {
      term *= Double(n - i) / Double(i + 1) * odds
      sum += term
      if term < sum * 1e-17 { break }
    }
    return min(0, (first + log(sum)) / log(10))
  }
}
