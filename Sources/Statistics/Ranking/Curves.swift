/// A curve over all thresholds, from the highest down.
public struct ThresholdCurve: Equatable, Sendable {
  /// False positive rate (ROC) or recall (precision-recall).
  public let x: [Double]
  /// True positive rate (ROC) or precision (precision-recall).
  public let y: [Double]
  /// The examples with at least this score count as predicted positive; +∞ at the first point.
  public let thresholds: [Float]
}

extension Metrics {
  /// The ROC curve, from (0, 0) to (1, 1), one point for each distinct score; `nil` as for `auroc`.
  ///
  /// - Parameter simplified: leaves out points inside straight stretches, which no drawing needs.
  public static func rocCurve(scores: [Float], labels: [UInt8], simplified: Bool = false) -> ThresholdCurve? {
    guard let ranked = RankedScores(scores: scores, labels: labels) else { return nil }
    var truePositives = [0]
    var falsePositives = [0]
    var thresholds: [Float] = [.infinity]
    for group in ranked.groups {
      let (t, f) = (truePositives.count - 1, falsePositives.count - 1)
      // The last point lies on the line to the new one: same direction before and after it.
      if simplified, t > 0 {
        let before = (truePositives[t] - truePositives[t - 1], falsePositives[f] - falsePositives[f - 1])
        if before.0 * group.negatives == before.1 * group.positives {
          truePositives[t] += group.positives
          falsePositives[f] += group.negatives
          thresholds[t] = group.score
          continue
        }
      }
      truePositives.append(truePositives[t] + group.positives)
      falsePositives.append(falsePositives[f] + group.negatives)
      thresholds.append(group.score)
    }
    return ThresholdCurve(
      x: falsePositives.map { Double($0) / Double(ranked.negatives) },
      y: truePositives.map { Double($0) / Double(ranked.positives) }, thresholds: thresholds)
  }

  /// The precision-recall curve from recall 0 (precision 1 by convention) to recall 1; `nil` as for `auroc`.
  public static func precisionRecallCurve(scores: [Float], labels: [UInt8]) -> ThresholdCurve? {
    guard let ranked = RankedScores(scores: scores, labels: labels) else { return nil }
    var recall = [0.0]
    var precision = [1.0]
    var thresholds: [Float] = [.infinity]
    var (truePositives, predicted) = (0, 0)
    for group in ranked.groups {
      truePositives += group.positives
      predicted += group.positives + group.negatives
      recall.append(Double(truePositives) / Double(ranked.positives))
      precision.append(Double(truePositives) / Double(predicted))
      thresholds.append(group.score)
    }
    return ThresholdCurve(x: recall, y: precision, thresholds: thresholds)
  }
}
