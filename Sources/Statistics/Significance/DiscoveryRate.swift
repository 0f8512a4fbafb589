internal import CKernels

/// q-values of many tests: the smallest false discovery rate at which a p-value is called (Storey 2002, Journal of
/// the Royal Statistical Society B 64, 479–498).
package struct DiscoveryRate {
  private var sorted: [Double] = []
  private var scratch: [Double] = []
  /// q-value of the p-value at the same place.
  private var rates: [Double] = []

  /// Share of tests whose null hypothesis holds.
  package private(set) var nullShare = 1.0

  package init() {}

  /// - Parameters:
  ///   - pValues: of all tests, in any order; sorted on return.
  ///   - estimatesNullShare: Whether to estimate that share, where there are more than 100 tests; 1 otherwise.
  package mutating func fill(_ pValues: inout [Double], estimatesNullShare: Bool) {
    let count = pValues.count
    if scratch.count < count { scratch = [Double](repeating: 0, count: count) }
    ck_comparison_sort(&pValues, &scratch, Int64(count))
    sorted = pValues
    nullShare = estimatesNullShare && count > 100 ? estimateNullShare() : 1
    rates = [Double](repeating: 1, count: count)
    var least = 1.0
    for index in stride(from: count - 1, through: 0, by: -1) {
      least = min(least, nullShare * sorted[index] * Double(count) / Double(index + 1))
      rates[index] = least
    }
  }

  /// The q-value of one of the p-values.
  package func qValue(_ pValue: Double) -> Double { rates[rank(pValue)] }

  /// How many p-values lie below.
  private func rank(_ pValue: Double) -> Int {
    var (low, high) = (0, sorted.count)
    while low < high {
      let middle = (low + high) / 2
      if sorted[middle] < pValue { low = middle + 1 } else { high = middle }
    }
    return low
  }

  /// π₀(λ) = #{p > λ} / (m (1 − λ)) at the λ with the least mean squared error against the smallest π₀, over
  /// samples of 1000 p-values drawn again and again.
  ///
  /// Tomtom draws 100 such samples. Here is what their mean tends to as their number grows: a count of 1000 draws
  /// with chance q = #{p > λ} / m has mean 1000 q and variance 1000 q (1 − q). So nothing is left to chance.
  private func estimateNullShare() -> Double {
    let count = Double(sorted.count)
    let draws = min(count, 1000)
    let estimates = (0..<100).map { index -> (share: Double, variance: Double) in
      let lambda = Double(index + 1) / 100 * 0.5
      var above = sorted.count - rank(lambda)
      var place = rank(lambda)
      while place < sorted.count, sorted[place] == lambda { (place, above) = (place + 1, above - 1) }
      let chance = Double(above) / count
      return (chance / (1 - lambda), chance * (1 - chance) / (draws * (1 - lambda) * (1 - lambda)))
    }
    let smallest = estimates.map(\.share).min() ?? 1
    func error(_ estimate: (share: Double, variance: Double)) -> Double {
      (estimate.share - smallest) * (estimate.share - smallest) + estimate.variance
    }
    let best = estimates.min { error($0) < error($1) }
    return min(1, best?.share ?? 1)
  }
}
