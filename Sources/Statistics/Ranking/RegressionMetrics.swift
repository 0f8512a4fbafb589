import Foundation

extension Metrics {
  /// Mean of (prediction − target)², with the normal interval of a mean.
  public static func meanSquaredError(_ predictions: [Float], _ targets: [Float], confidence: Double = 0.95)
    -> Estimate
  {
    mean(zip(predictions, targets).map { pow(Double($0) - Double($1), 2) }, confidence: confidence)
  }

  /// The mean, with its normal interval inside `bounds`.
  package static func mean(
    _ values: [Double], bounds: ClosedRange<Double> = 0 ... .infinity, confidence: Double
  )
    -> Estimate
  {
    precondition(!values.isEmpty, "a mean of something")
    let n = Double(values.count)
    let mean = values.reduce(0, +) / n
    let variance = n > 1 ? values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (n - 1) : 0
    return Estimate(
      value: mean, standardError: (variance / n).squareRoot(), confidence: confidence, bounds: bounds)
  }

  /// Pearson's correlation r, with the interval tanh(artanh r ± z / √(n − 3)) (Fisher 1921).
  ///
  /// `nil` for fewer than four pairs, where a side does not vary, or where a number is none.
  public static func pearson(_ a: [Float], _ b: [Float], confidence: Double = 0.95) -> Estimate? {
    correlation(a.map(Double.init), b.map(Double.init)).map {
      interval($0, variance: 1, count: a.count, confidence: confidence)
    }
  }

  /// Spearman's correlation of ranks, ties sharing their mean rank, with Fisher's interval at the variance
  /// (1 + r²/2) / (n − 3) (Bonett & Wright 2000).
  ///
  /// `nil` as for `pearson`.
  public static func spearman(_ a: [Float], _ b: [Float], confidence: Double = 0.95) -> Estimate? {
    guard !(a + b).contains(where: \.isNaN) else { return nil }
    return correlation(ranks(a), ranks(b)).map {
      interval($0, variance: 1 + $0 * $0 / 2, count: a.count, confidence: confidence)
    }
  }

  /// √((KL(p ‖ m) + KL(q ‖ m)) / 2) in nats, m = (p + q) / 2, of two lists of numbers of 0 or more as shares p and q of their sums
  /// (Endres & Schindelin 2003): 0 for the same shares, √(log 2) for those that have nothing in common.
  ///
  /// `nil` where a sum is 0 or no number.
  public static func jensenShannon(_ a: [Float], _ b: [Float]) -> Double? {
    let (sumA, sumB) = (a.reduce(0) { $0 + Double($1) }, b.reduce(0) { $0 + Double($1) })
    guard sumA > 0, sumB > 0, sumA.isFinite, sumB.isFinite else { return nil }
    let divergence = zip(a, b).reduce(0) { sum, pair in
      let (p, q) = (Double(pair.0) / sumA, Double(pair.1) / sumB)
      let middle = (p + q) / 2
      return sum + (p > 0 ? p * log(p / middle) : 0) + (q > 0 ? q * log(q / middle) : 0)
    }
    return max(0, divergence / 2).squareRoot()
  }

  /// √(log 2)
  public static let greatestJensenShannon = log(2.0).squareRoot()

  private static func interval(_ r: Double, variance: Double, count: Int, confidence: Double) -> Estimate {
    let margin = Estimate.quantile(confidence: confidence) * (variance / Double(count - 3)).squareRoot()
    // At ±1 the transform is infinite and the interval a point.
    return Estimate(value: r, low: tanh(atanh(r) - margin), high: tanh(atanh(r) + margin))
  }

  private static func correlation(_ a: [Double], _ b: [Double]) -> Double? {
    precondition(a.count == b.count, "pairs of numbers")
    guard a.count > 3 else { return nil }
    let n = Double(a.count)
    let (meanA, meanB) = (a.reduce(0, +) / n, b.reduce(0, +) / n)
    var (aa, bb, ab) = (0.0, 0.0, 0.0)
    for (x, y) in zip(a, b) {
      aa += (x - meanA) * (x - meanA)
      bb += (y - meanB) * (y - meanB)
      ab += (x - meanA) * (y - meanB)
    }
    guard aa > 0, bb > 0, (aa * bb).isFinite else { return nil }
    return max(-1, min(1, ab / (aa * bb).squareRoot()))
  }

  private static func ranks(_ values: [Float]) -> [Double] {
    let order = values.indices.sorted { values[$0] < values[$1] }
    var ranks = [Double](repeating: 0, count: values.count)
    var first = 0
    while first < order.count {
      var end = first + 1
      while end < order.count, values[order[end]].isTied(with: values[order[first]]) { end += 1 }
      for place in first..<end { ranks[order[place]] = Double(first + end - 1) / 2 }
      first = end
    }
    return ranks
  }
}
