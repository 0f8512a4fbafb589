/// One of the numbers by which a classifier of two classes is judged.
public enum ClassificationMetric: String, Codable, CaseIterable, Sendable {
  /// Mean binary cross-entropy in nats.
  case loss
  case accuracy, auroc, auprc

  /// Whether a smaller number is better.
  public var isLowerBetter: Bool { self == .loss }

  /// Between which ends it lies.
  package var bounds: ClosedRange<Double> { 0...(self == .loss ? .infinity : 1) }

  /// Whether a is better than b.
  public func isBetter(_ a: Double, than b: Double) -> Bool { isLowerBetter ? a < b : a > b }

  /// The number for some logits; `nil` for an area if one class is missing or a logit is not a number.
  public func value(logits: [Float], labels: [UInt8]) -> Double? {
    switch self {
    case .loss: Metrics.crossEntropy(logits: logits, labels: labels).value
    case .accuracy: Metrics.accuracy(scores: logits, labels: labels).value
    case .auroc: Metrics.auroc(scores: logits, labels: labels)?.value
    case .auprc: Metrics.averagePrecision(scores: logits, labels: labels)
    }
  }
}
