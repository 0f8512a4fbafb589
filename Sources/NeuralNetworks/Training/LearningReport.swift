import Foundation

/// What training returns.
public struct TrainedNetwork: Sendable {
  public let network: Network
  public let report: LearningReport
}

/// The learning report of the exercise: one row an epoch.
public struct LearningReport: Codable, Equatable, Sendable {
  public var epochs: [EpochRecord]
  /// With early stopping: the epoch whose weights were kept.
  public var bestEpoch: Int?

  public init(_ epochs: [EpochRecord] = [], bestEpoch: Int? = nil) {
    self.epochs = epochs
    self.bestEpoch = bestEpoch
  }

  /// Tab-separated: epoch, loss, accuracy, validation_loss, validation_accuracy; seconds are left out, so that the same seed
  /// gives the same file.
  public var tsv: String {
    func number(_ value: Double?) -> String { value.map { String(format: "%.6f", $0) } ?? "" }
    let rows = epochs.map {
      [
        String($0.epoch), number($0.loss), number($0.accuracy), number($0.validationLoss),
        number($0.validationAccuracy),
      ].joined(separator: "\t")
    }
    return (["epoch\tloss\taccuracy\tvalidation_loss\tvalidation_accuracy"] + rows).joined(separator: "\n")
      + "\n"
  }
}
