import Runtime
import Sequences

extension Network {
  /// Trains on labelled sequences: labels 0 and 1 for one output, else class numbers.
  ///
  /// Throws as `trained(on:validation:options:…)` with targets does.
  public func trained(
    on sequences: SequenceSet, validation: SequenceSet? = nil, options: TrainingOptions = TrainingOptions(),
    checkpoint: TrainingCheckpoint? = nil, threads: Int = Parallel.threads,
    progress: ((Int) throws -> Void)? = nil,
    epochDone: ((EpochRecord, Trainer) throws -> Void)? = nil
  ) throws -> (network: Network, report: LearningReport) {
    // Lengths first: labels may be right and sequences not.
    try requireLength(of: sequences)
    if let validation { try requireLength(of: validation) }
    let outputs = architecture.outputCount
    return try trained(
      on: TrainingSet(sequences, outputs: outputs),
      validation: validation.map { try TrainingSet($0, outputs: outputs) }, options: options,
      checkpoint: checkpoint, threads: threads, progress: progress, epochDone: epochDone)
  }

  /// Trains for `options.epochs` epochs, or until early stopping ends it, and returns the trained network with its learning
  /// report.
  ///
  /// Throws `InputError` when the network, the sequences or the options do not fit, when the loss is no longer a number, or
  /// when a checkpoint belongs to another run.
  /// - Parameters:
  ///   - checkpoint: where to keep the state, and whether to go on from it.
  ///   - progress: called after each minibatch with the sequences done in all epochs so far; what it throws ends the run.
  ///   - epochDone: called after each epoch, with the trainer that has the weights as they stand then.
  public func trained(
    on set: TrainingSet, validation: TrainingSet? = nil, options: TrainingOptions = TrainingOptions(),
    checkpoint: TrainingCheckpoint? = nil, threads: Int = Parallel.threads,
    progress: ((Int) throws -> Void)? = nil,
    epochDone: ((EpochRecord, Trainer) throws -> Void)? = nil
  ) throws -> (network: Network, report: LearningReport) {
    guard set.sequences.count > 0 else { throw InputError("there is no sequence to train on") }
    try set.require(options.loss, of: self)
    try validation?.require(options.loss, of: self)
    let trainer = try Trainer(self, options: options, threads: threads)
    let file = try checkpoint.map { try CheckpointFile($0, trainer, set, validation) }
    while !trainer.isFinished {
      let done = trainer.state.epoch * set.sequences.count
      let record = try trainer.trainEpoch(set, validation: validation) {
        try file?.batchDone()
        try progress?(done + $0)
      }
      try epochDone?(record, trainer)
      try file?.epochDone()
    }
    return (trainer.result, trainer.report)
  }
}
