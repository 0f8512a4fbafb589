import Foundation

/// Whether one group of scores is higher than another: AUROC and the one-sided Mann–Whitney test.
public struct RankTest: Equatable, Sendable {
  /// P(a positive scores higher than a negative) + ½ P(equal).
  public let auroc: Double
  /// log₁₀ of the probability of an AUROC at least as high if both groups came from one distribution.
  public let log10PValue: Double
  /// 0 where it is below what a number can hold.
  public var pValue: Double { min(1, pow(10, log10PValue)) }

  /// How far apart scores may be that count as equal, as a share of the larger of 1 and the score: sums of the same numbers in
  /// another order, or of logarithms whose sum is the same, differ in their last digits.
  public static let tolerance = 1e-8

  /// Mann & Whitney 1947: U = Σ ranks of positives − m(m + 1)/2 with mid-ranks for ties, which are scores within `tolerance`
  /// of the lowest of them.
  ///
  /// The exact distribution of U without ties and with at most 400 pairs, otherwise the normal approximation with the
  /// variance corrected for ties and a continuity correction of ½. `nil` if a group is empty.
  public init?(positives: [Double], negatives: [Double]) {
    guard !positives.isEmpty, !negatives.isEmpty else { return nil }
    let (m, n) = (Double(positives.count), Double(negatives.count))
    let high = RadixSort.sorted(positives), low = RadixSort.sorted(negatives)
    // Twice U, so that a tie counts 1, and Σ (t³ − t) over groups of equal scores.
    var twice = 0.0, ties = 0.0
    var i = 0, j = 0
    while i < high.count || j < low.count {
      let value = i == high.count ? low[j] : j == low.count ? high[i] : min(high[i], low[j])
      let (firstHigh, firstLow) = (i, j)
      let limit = value + Self.tolerance * max(1, abs(value))
      while i < high.count, high[i] <= limit || high[i] == value { i += 1 }
      while j < low.count, low[j] <= limit || low[j] == value { j += 1 }
      let (a, b) = (Double(i - firstHigh), Double(j - firstLow))
      twice += a * (2 * Double(firstLow) + b)
      ties += (a + b) * ((a + b) * (a + b) - 1)
    }
    auroc = twice / (2 * m * n)
    if ties == 0, m * n <= 400 {
      log10PValue = log10(Self.exactTail(Int(twice) / 2, high.count, low.count))
      return
    }
    let total = m + n
    let variance = m * n / 12 * (total + 1 - ties / (total * (total - 1)))
    log10PValue =
      variance > 0
      ? NormalTail.log10UpperTail((twice / 2 - m * n / 2 - 0.5) / variance.squareRoot()) : 0
  }

  /// P(U ≥ u) from the number of ways to reach each U: ∏ (1 − xⁿ⁺ⁱ) / (1 − xⁱ), i = 1…m.
  private static func exactTail(_ u: Int, _ m: Int, _ n: Int) -> Double {
    var ways = [Double](repeating: 0, count: m * n + 1)
    ways[0] = 1
    for i in 1...m {
      for k in stride(from: m * n, through: n + i, by: -1) { ways[k] -= ways[k - n - i] }
      for k in stride(from: i, through: m * n, by: 1) { ways[k] += ways[k - i] }
    }
    return min(1, ways[u...].reduce(0, +) / ways.reduce(0, +))
  }
}

package enum NormalTail {
  /// log₁₀ P(Z ≥ z) of a standard normal variable, also where the probability underflows.
  package static func log10UpperTail(_ z: Double) -> Double {
    if z < 30 { return log10(erfc(z / 2.0.squareRoot()) / 2) }
    // Asymptotic series of the tail (Abramowitz & Stegun 26.2.12); its error at z = 30 is below 1e-6 of the tail.
    let square = z * z
    let series = 1 - 1 / square + 3 / (square * square)
    return (-square / 2 - log(z * (2 * Double.pi).squareRoot()) + log(series)) / log(10)
  }
}
