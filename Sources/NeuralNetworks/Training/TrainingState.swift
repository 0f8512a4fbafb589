/// Where training stands: all that a later step depends on beside parameters and the optimizer's memories.
package struct TrainingState: Codable, Equatable {
  /// Epochs finished.
  package var epoch = 0
  /// Minibatches done of the running epoch, their summed score, and the seconds they took.
  package var batch = 0
  package var score = Score()
  package var seconds = 0.0
  package var records: [EpochRecord] = []
  /// What plateaus have left of the learning rate.
  package var plateau = 1.0
  package var plateauPatience = Patience()
  package var stopping = Patience()
  /// The epoch whose weights were best.
  package var bestEpoch: Int?
  package var isStopped = false

  package init() {}

  /// Ends the running epoch; whether its weights are the best so far.
  package mutating func finish(_ record: EpochRecord, options: TrainingOptions) -> Bool {
    epoch += 1
    (batch, score, seconds) = (0, Score(), 0)
    records.append(record)
    let loss = record.validationLoss ?? record.loss
    if case .reduceOnPlateau(let factor, let patience, let lowest) = options.schedule {
      _ = plateauPatience.take(loss, minimumChange: 1e-4)
      if plateauPatience.waited >= patience {
        plateau = max(plateau * factor, lowest)
        plateauPatience.restart()
      }
    }
    guard let rule = options.earlyStopping, stopping.take(loss, minimumChange: rule.minimumChange) else {
      isStopped = options.earlyStopping.map { stopping.waited >= $0.patience } ?? false
      return false
    }
    bestEpoch = epoch
    return true
  }
}
