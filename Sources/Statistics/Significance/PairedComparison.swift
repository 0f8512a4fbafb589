import Foundation

/// Two classifiers on the same labeled sequences: is one better?
public struct PairedComparison: Codable, Equatable, Sendable {
  /// A number of both, their difference with its confidence interval, and the two-sided p-value of no difference.
  public struct Difference: Codable, Equatable, Sendable {
    public let first: Double
    public let second: Double
    /// first − second.
    public let difference: Estimate
    public let pValue: Double
  }

  public let accuracy: Difference
  /// `nil` if one class is missing or a score is not a number.
  public let auroc: Difference?
  /// Sequences that only the first classifier answers right.
  public let onlyFirstRight: Int
  /// Sequences that only the second answers right.
  public let onlySecondRight: Int

  /// - Parameters:
  ///   - first: scores of the first classifier, positive above 0; logits.
  ///   - second: of the second classifier, for the same sequences.
  ///   - labels: 1 or 0 for each sequence.
  public init(first: [Float], second: [Float], labels: [UInt8], confidence: Double = 0.95) {
    precondition(
      first.count == labels.count && second.count == labels.count && !labels.isEmpty,
      "one label for each score"
    )
    func isRight(_ score: Float, _ label: UInt8) -> Bool { (score > 0) == (label == 1) }
    let right = (
      labels.indices.map { isRight(first[$0], labels[$0]) },
      labels.indices.map { isRight(second[$0], labels[$0]) }
    )
    onlyFirstRight = labels.indices.count { right.0[$0] && !right.1[$0] }
    onlySecondRight = labels.indices.count { right.1[$0] && !right.0[$0] }
    accuracy = Self.accuracy(firstRight: right.0, secondRight: right.1, confidence: confidence)
    auroc = Self.deLong(first, second, labels, confidence: confidence)
  }

  /// Shares answered right, by McNemar's exact test: for answers of any kind that are right or wrong.
  public static func accuracy(
    firstRight: [Bool], secondRight: [Bool], confidence: Double = 0.95
  ) -> Difference {
    precondition(firstRight.count == secondRight.count && !firstRight.isEmpty, "answers of both")
    let onlyFirst = zip(firstRight, secondRight).count { $0 && !$1 }
    let onlySecond = zip(firstRight, secondRight).count { $1 && !$0 }
    let n = firstRight.count
    return Difference(
      first: Double(firstRight.count { $0 }) / Double(n),
      second: Double(secondRight.count { $0 }) / Double(n),
      difference: accuracyDifference(onlyFirst, onlySecond, of: n, confidence: confidence),
      pValue: mcNemar(onlyFirst, onlySecond))
  }

  /// Means of numbers in pairs, such as the losses of two networks on the same sequences, by the paired t-test (Student 1908);
  /// `nil` for fewer than two pairs.
  public static func means(_ first: [Double], _ second: [Double], confidence: Double = 0.95) -> Difference? {
    precondition(first.count == second.count, "numbers in pairs")
    guard first.count > 1 else { return nil }
    let n = Double(first.count)
    let differences = zip(first, second).map { $0 - $1 }
    let mean = differences.reduce(0, +) / n
    let variance = differences.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (n - 1)
    let error = (variance / n).squareRoot()
    let margin = error * StudentT.quantile(confidence: confidence, degreesOfFreedom: n - 1)
    return Difference(
      first: first.reduce(0, +) / n, second: second.reduce(0, +) / n,
      difference: Estimate(value: mean, low: mean - margin, high: mean + margin),
      pValue: mean == 0 ? 1 : StudentT.twoSidedPValue(mean / error, degreesOfFreedom: n - 1))
  }

  /// McNemar's exact test: of the b + c sequences that one classifier alone answers right, each is as likely one's as the
  /// other's; p = min(1, 2 P(X ≤ min(b, c))) with X binomial (b + c, ½) (McNemar 1947; Dietterich 1998).
  package static func mcNemar(_ b: Int, _ c: Int) -> Double {
    let (few, n) = (min(b, c), b + c)
    guard 2 * few < n else { return 1 }
    // P(X ≤ k) = I(½; n − k, k + 1).
    return min(1, 2 * IncompleteBeta.regularized(0.5, complement: 0.5, Double(n - few), Double(few + 1)))
  }

  /// (b − c) / n with the interval of Agresti & Min 2005 (Statistics in Medicine 24, 729–740): Wald's after half a sequence
  /// is added to each of the four outcomes, so that it is sound for few sequences too.
  package static func accuracyDifference(_ b: Int, _ c: Int, of n: Int, confidence: Double) -> Estimate {
    let (b, c, n) = (Double(b), Double(c), Double(n))
    let center = (b - c) / (n + 2)
    let error = (b + c + 1 - (b - c) * (b - c) / (n + 2)).squareRoot() / (n + 2)
    let margin = Estimate.quantile(confidence: confidence) * error
    let value = (b - c) / n
    return Estimate(
      value: value, low: max(-1, min(value, center - margin)), high: min(1, max(value, center + margin)))
  }

  /// The test of DeLong, DeLong & Clarke-Pearson 1988 for two correlated areas: the difference is a mean over positives
  /// and over negatives of differences of placements, so its variance is the sum of both means' variances.
  package static func deLong(_ first: [Float], _ second: [Float], _ labels: [UInt8], confidence: Double)
    -> Difference?
  {
    guard let a = RankedScores(scores: first, labels: labels),
      let b = RankedScores(scores: second, labels: labels)
    else { return nil }
    let (placementsA, placementsB) = (a.placements, b.placements)
    var areas = (first: 0.0, second: 0.0)
    var variance = 0.0
    for label in [true, false] {
      let members = labels.indices.filter { (labels[$0] == 1) == label }
      let n = Double(members.count)
      func place(_ placements: [RankedScores.Placement], _ ranked: RankedScores, _ index: Int) -> Double {
        let placement = placements[ranked.groupOfExample[index]]
        return label ? placement.ofPositive : placement.ofNegative
      }
      let pairs = members.map { (place(placementsA, a, $0), place(placementsB, b, $0)) }
      if label {
        areas.first = pairs.reduce(0) { $0 + $1.0 } / n
        areas.second = pairs.reduce(0) { $0 + $1.1 } / n
      }
      guard n > 1 else { continue }
      let mean = pairs.reduce(0) { $0 + ($1.0 - $1.1) } / n
      let squares = pairs.reduce(0) { $0 + ($1.0 - $1.1 - mean) * ($1.0 - $1.1 - mean) }
      variance += squares / (n - 1) / n
    }
    let difference = areas.first - areas.second
    let error = variance.squareRoot()
    return Difference(
      first: areas.first, second: areas.second,
      difference: Estimate(
        value: difference, standardError: error, confidence: confidence, bounds: -1...1),
      pValue: difference == 0 ? 1 : erfc(abs(difference) / error / 2.0.squareRoot()))
  }
}
