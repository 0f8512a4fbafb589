import Runtime

/// Loss, accuracy, AUROC and AUPRC of a network's logits on labeled sequences.
public struct ClassificationMetrics: Codable, Equatable, Sendable {
  /// Mean binary cross-entropy in nats.
  public let loss: Estimate
  public let accuracy: Estimate
  /// `nil` where one class is missing.
  public let auroc: Estimate?
  /// `nil` where one class is missing.
  public let auprc: Estimate?
  public let positives: Int
  public let negatives: Int

  /// - Parameters:
  ///   - logits: one for each sequence.
  ///   - labels: 1 or 0 for each.
  ///   - seed: of the bootstrap that gives the interval of AUPRC.
  public init(
    logits: [Float], labels: [UInt8], confidence: Double = 0.95, seed: UInt64 = 0,
    threads: Int = Parallel.threads
  ) {
    loss = Metrics.crossEntropy(logits: logits, labels: labels, confidence: confidence)
    accuracy = Metrics.accuracy(scores: logits, labels: labels, confidence: confidence)
    auroc = Metrics.auroc(scores: logits, labels: labels, confidence: confidence)
    auprc = Metrics.auprc(
      scores: logits, labels: labels, confidence: confidence, seed: seed, threads: threads)
    positives = labels.count { $0 == 1 }
    negatives = labels.count - positives
  }
}
