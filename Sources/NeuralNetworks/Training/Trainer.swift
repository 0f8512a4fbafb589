import Foundation
import Runtime
import Sequences

/// Trains a network epoch by epoch.
///
/// The result does not depend on the number of threads, to the byte: order, dropout, augmentation and first parameters are
/// functions of the seed, and the gradients of a minibatch's parts are added in order.
public final class Trainer {
  public let options: TrainingOptions
  public let threads: Int
  let engine: Engine
  let update: ParameterUpdate
  private let runner: BatchRunner
  var state = TrainingState()
  /// Parameters after the best epoch, where early stopping wants them.
  var best: [Float]?

  /// Throws `InputError` if an option is impossible.
  public init(
    _ network: Network, options: TrainingOptions, threads: Int = Parallel.threads, kernels: Kernels = .best
  ) throws {
    try options.validate()
    self.options = options
    self.threads = threads
    engine = Engine(network, kernels: kernels, threads: threads)
    update = ParameterUpdate(engine, options: options, threads: threads)
    runner = BatchRunner(engine, batchSize: options.batchSize, threads: threads)
  }

  /// The network as it stands.
  public var network: Network {
    Network(architecture: engine.architecture, parameters: engine.gather(engine.parameters))
  }

  /// What training has come to: the network as it stands, or with early stopping that of the best epoch.
  public var result: Network {
    best.map { Network(architecture: engine.architecture, parameters: $0) } ?? network
  }

  /// The epochs finished, and with early stopping the number of the best one.
  public var report: LearningReport { LearningReport(state.records, bestEpoch: state.bestEpoch) }

  /// Whether all epochs are done or early stopping has ended them.
  public var isFinished: Bool { state.isStopped || state.epoch >= options.epochs }

  /// One pass over a set, or what is left of it after resuming, in a new random order, then the validation set.
  ///
  /// - Parameter batchDone: called after each minibatch with the number of sequences done.
  /// - Throws: `InputError` when the loss is no longer a number, the sequences do not fit the network, or
  ///   an option needs classes and there are none.
  public func trainEpoch(
    on set: DataSet, validation: DataSet? = nil, batchDone: ((Int) throws -> Void)? = nil
  ) throws -> EpochRecord {
    guard set.count > 0 else { throw InputError("there is no sequence to train on") }
    try engine.architecture.requireLength(of: set.sequences)
    if let validation { try engine.architecture.requireLength(of: validation.sequences) }
    let epoch = state.epoch + 1
    let order = try options.balance.order(of: set, seed: options.seed, epoch: epoch)
    let count = order.count
    let batches = (count + options.batchSize - 1) / options.batchSize
    let weights = options.classWeight == .balanced ? try set.objective.balancedWeights(set.targets) : []
    if options.focusing > 0 { try set.objective.requireFocusable() }
    let clock = ContinuousClock()
    while state.batch < batches {
      let start = clock.now
      let first = state.batch * options.batchSize
      let indices = order[first..<min(count, first + options.batchSize)]
      let score = run(indices, of: set, weights: weights, epoch: epoch)
      func require(_ isNumber: Bool) throws {
        if isNumber { return }
        throw try divergence(
          "epoch \(epoch), batch \(state.batch + 1)", set.sequences.subset(indices), set.objective)
      }
      try require(score.loss.isFinite)
      let share = options.schedule.share(
        step: update.steps, total: options.epochs * batches, warmUp: options.warmUpBatches,
        plateau: state.plateau)
      update.step(
        runner.gradients, shards: BatchRunner.shards, learningRate: options.learningRate * share)
      try require(update.isFinite)
      engine.prepare(threads: threads)
      state.score += score
      state.batch += 1
      state.seconds += start.duration(to: clock.now) / .seconds(1)
      try batchDone?(indices.endIndex)
    }
    var record = EpochRecord(
      epoch: epoch, loss: state.score.loss / Double(count),
      accuracy: set.objective.hasAccuracy ? state.score.accuracy : nil,
      seconds: state.seconds)
    if let validation {
      let outputs = engine.outputs(validation.sequences, threads: threads)
      (record.validationLoss, record.validationAccuracy) = set.objective.mean(outputs, validation.targets)
      if let loss = record.validationLoss, !loss.isFinite {
        throw try divergence("the validation of epoch \(epoch)", validation.sequences, set.objective)
      }
    }
    if state.finish(record, options: options) { best = engine.gather(engine.parameters) }
    return record
  }

  /// One minibatch forward and back.
  private func run(_ indices: ArraySlice<Int>, of set: DataSet, weights: [Double], epoch: Int) -> Score {
    let (engine, options, objective) = (engine, options, set.objective)
    let length = engine.architecture.input.length
    let shape = engine.steps[engine.steps.count - 1].output
    let scale = 1 / Double(indices.count)
    let results = set.sequences.codes.withUnsafeBufferPointer { codes in
      var batch = BatchRunner.Batch(
        indices: indices, codes: codes.baseAddress!,
        hasUnknown: set.hasUnknown || options.augmentation.shift > 0,
        dropoutKey: { index, dropout in
          CounterRandom.key(
            seed: options.seed, purpose: .dropout, epoch: epoch, index: index * engine.dropouts + dropout)
        })
      if options.augmentation != .none {
        batch.augmentation = { source, target, index in
          options.augmentation.apply(
            source, target, length: length, seed: options.seed, epoch: epoch, index: index)
        }
      }
      return set.targets.values.withUnsafeBufferPointer { targets in
        nonisolated(unsafe) let targets = targets.baseAddress!
        return runner.run(batch, initial: Score()) { score, index, outputs, gradient in
          score += objective.evaluate(
            outputs, shape, targets: targets + index * shape.length * shape.channels, weights: weights,
            focusing: options.focusing, gradient: gradient, scale: scale)
        }
      }
    }
    return results.reduce(into: Score()) { $0 += $1 }
  }

  /// Names the first tensor or the first layer's output that is no number, and what may help.
  private func divergence(_ moment: String, _ sequences: SequenceSet, _ objective: Objective) throws
    -> InputError
  {
    let (network, names) = (network, engine.architecture.names)
    var place = ""
    if let tensor = network.architecture.tensors.first(where: { !network.values($0).allSatisfy(\.isFinite) })
    {
      place = "; \(tensor.name) holds values that are not numbers"
    } else {
      let layers = try network.trace(of: sequences) { trace, _ in
        names.indices.first { layer in !trace.output(layer: layer).allSatisfy(\.isFinite) } ?? names.count
      }
      if let layer = layers.min(), layer < names.count {
        place = "; the output of \(names[layer]) is too large"
      }
    }
    let hasUnits = objective.heads.contains { [.meanSquaredError, .poisson].contains($0.loss) }
    let advice =
      update.steps == 0
      ? "the weights that it began with\(hasUnits ? " or the targets" : "") are too large"
      : "lower the learning rate\(hasUnits ? ", or give the targets in larger units" : "")"
    return InputError("the loss is no longer a number in \(moment)\(place): \(advice)")
  }
}

extension Objective {
  /// Loss of one sequence from its outputs as they lie in memory; writes their gradient times `scale` in the same way.
  func evaluate(
    _ outputs: UnsafePointer<Float>, _ shape: PaddedShape, targets: UnsafePointer<Float>, weights: [Double],
    focusing: Double, gradient: UnsafeMutablePointer<Float>, scale: Double
  ) -> Score {
    let count = shape.length * shape.channels
    return withUnsafeTemporaryAllocation(of: Double.self, capacity: count) { derivative in
      withUnsafeTemporaryAllocation(of: Float.self, capacity: count) { plain in
        for i in 0..<count { plain[i] = outputs[i / shape.channels * shape.stride + i % shape.channels] }
        let score = evaluate(
          UnsafeBufferPointer(plain), targets, weights: weights, focusing: focusing,
          gradient: derivative.baseAddress!)
        for i in 0..<count {
          gradient[i / shape.channels * shape.stride + i % shape.channels] = Float(derivative[i] * scale)
        }
        return score
      }
    }
  }
}
