/// What the threshold of a decision is chosen by, on sequences that were not trained on.
public enum DecisionRule: String, CaseIterable, Sendable {
  /// The largest mean of the shares of positives and of negatives that are called rightly.
  case balancedAccuracy = "balanced-accuracy"
  /// The largest true positive rate less false positive rate (Youden 1950): the same threshold as by balanced accuracy, of
  /// which it is twice the value less one.
  case youden
  /// The largest F1, the harmonic mean of precision and recall (van Rijsbergen 1979).
  case f1

  /// The best threshold: scores above it are called positive. It lies midway between two scores; of equally good ones it is
  /// the one nearest to 0.
  ///
  /// `nil` if one class is missing or a score is not a number. Time O(n log n).
  /// - Parameters:
  ///   - scores: such as logits.
  ///   - labels: 1 or 0 for each.
  public func threshold(scores: [Float], labels: [UInt8]) -> Float? {
    guard let ranked = RankedScores(scores: scores, labels: labels, exactly: true) else { return nil }
    let groups = ranked.groups
    var (found, wrong) = (0, 0)
    var best: (value: Double, threshold: Float)?
    for (index, group) in groups.enumerated() {
      found += group.positives
      wrong += group.negatives
      let next = index + 1 < groups.count ? groups[index + 1].score : group.score - 1
      let middle = group.score / 2 + next / 2
      let threshold = middle < group.score ? middle : next
      // Whole numbers until the last division, so that equal values are equal.
      let value =
        switch self {
        case .balancedAccuracy, .youden: Double(found * ranked.negatives - wrong * ranked.positives)
        case .f1: Double(2 * found) / Double(found + wrong + ranked.positives)
        }
      if let best, (value, -abs(threshold)) <= (best.value, -abs(best.threshold)) { continue }
      best = (value, threshold)
    }
    return best?.threshold
  }
}

extension Metrics {
  /// Mean of the shares of positives and of negatives that are called rightly, with the normal interval of two independent
  /// proportions. `nil` if one class is missing.
  ///
  /// - Parameter threshold: scores above it are called positive.
  public static func balancedAccuracy(
    scores: [Float], labels: [UInt8], threshold: Float = 0, confidence: Double = 0.95
  ) -> Estimate? {
    let counts = Confusion(scores, labels, threshold)
    let positives = Double(counts.truePositives + counts.falseNegatives)
    let negatives = Double(counts.trueNegatives + counts.falsePositives)
    guard positives > 0, negatives > 0 else { return nil }
    let (p, n) = (Double(counts.truePositives) / positives, Double(counts.trueNegatives) / negatives)
    return Estimate(
      value: (p + n) / 2, standardError: (p * (1 - p) / positives + n * (1 - n) / negatives).squareRoot() / 2,
      confidence: confidence, bounds: 0...1)
  }

  /// F1 = 2a / (2a + b) with a true positives and b wrong calls of both kinds, with the normal interval at the standard error
  /// 2 √(a·b·(a + b)) / (2a + b)² (delta method; Takahashi et al. 2022). `nil` if there is neither a positive nor a call.
  ///
  /// - Parameter threshold: scores above it are called positive.
  public static func f1(
    scores: [Float], labels: [UInt8], threshold: Float = 0, confidence: Double = 0.95
  ) -> Estimate? {
    let counts = Confusion(scores, labels, threshold)
    let (a, b) = (Double(counts.truePositives), Double(counts.falsePositives + counts.falseNegatives))
    guard a + b > 0 else { return nil }
    let whole = 2 * a + b
    return Estimate(
      value: 2 * a / whole, standardError: 2 * (a * b * (a + b)).squareRoot() / (whole * whole),
      confidence: confidence, bounds: 0...1)
  }
}

/// Calls and labels crossed.
private struct Confusion {
  var truePositives = 0
  var falsePositives = 0
  var trueNegatives = 0
  var falseNegatives = 0

  init(_ scores: [Float], _ labels: [UInt8], _ threshold: Float) {
    precondition(scores.count == labels.count, "one label for each score")
    for (score, label) in zip(scores, labels) {
      switch (score > threshold, label == 1) {
      case (true, true): truePositives += 1
      case (true, false): falsePositives += 1
      case (false, false): trueNegatives += 1
      case (false, true): falseNegatives += 1
      }
    }
  }
}
