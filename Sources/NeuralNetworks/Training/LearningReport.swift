import Foundation
import Sequences

/// The learning report of the exercise: one row an epoch.
public struct LearningReport: Codable, Equatable, Sendable {
  public var epochs: [EpochRecord]

  public init(_ epochs: [EpochRecord] = []) { self.epochs = epochs }

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

extension Network {
  /// Trains for `options.epochs` epochs and returns the trained network with its learning report.
  ///
  /// Throws `InputError` when the network or the sequences do not fit, or the loss is no longer a number.
  /// - Parameters:
  ///   - epochDone: called after each epoch, with the network's weights as they stand then if it asks for them.
  ///   - progress: called after each minibatch with the sequences done in all epochs so far.
  public func trained(
    on sequences: SequenceSet, validation: SequenceSet? = nil, options: TrainingOptions = TrainingOptions(),
    threads: Int = Parallel.threads, progress: ((Int) -> Void)? = nil,
    epochDone: ((EpochRecord, Trainer) throws -> Void)? = nil
  ) throws -> (network: Network, report: LearningReport) {
    try requireLength(of: sequences)
    if let validation { try requireLength(of: validation) }
    guard sequences.isLabeled else { throw InputError("training needs a label for each sequence") }
    let trainer = try Trainer(self, options: options, threads: threads)
    var report = LearningReport()
    for epoch in 0..<options.epochs {
      let done = epoch * sequences.count
      let record = try trainer.trainEpoch(sequences, validation: validation) { progress?(done + $0) }
      report.epochs.append(record)
      try epochDone?(record, trainer)
    }
    return (trainer.network, report)
  }
}
