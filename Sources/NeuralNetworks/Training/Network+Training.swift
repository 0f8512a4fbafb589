import Runtime
import Sequences

extension Network {
  /// Trains for `options.epochs` epochs, or until early stopping ends it, and returns the trained network with its learning
  /// report.
  ///
  /// Throws `InputError` when the network, the sequences or the options do not fit, when the loss is no longer a number, or
  /// when a checkpoint belongs to another run.
  /// - Parameters:
  ///   - checkpoint: where to keep the state, and whether to go on from it.
  ///   - progress: called after each minibatch with the sequences done in all epochs so far, each epoch counted as one pass over
  ///     the set; what it throws ends the run.
  ///   - epochDone: called after each epoch, with the trainer that has the weights as they stand then.
  public func trained(
    on set: DataSet, validation: DataSet? = nil, options: TrainingOptions = TrainingOptions(),
    checkpoint: TrainingCheckpoint? = nil, threads: Int = Parallel.threads,
    progress: ((Int) throws -> Void)? = nil,
    epochDone: ((EpochRecord, Trainer) throws -> Void)? = nil
  ) throws -> TrainedNetwork {
    guard set.count > 0 else { throw InputError("there is no sequence to train on") }
    try set.require(fits: self)
    try validation?.require(fits: self)
    let trainer = try Trainer(self, options: options, threads: threads)
    let file = try checkpoint.map { try CheckpointFile($0, trainer, set, validation) }
    let taken = try options.balance.sequences(of: set)
    while !trainer.isFinished {
      let done = trainer.state.epoch * set.count
      let record = try trainer.trainEpoch(on: set, validation: validation) {
        try file?.batchDone()
        try progress?(done + $0 * set.count / taken)
      }
      try epochDone?(record, trainer)
      try file?.epochDone()
    }
    return TrainedNetwork(network: trainer.result, report: trainer.report)
  }
}
