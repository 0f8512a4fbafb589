import NeuralNetworks
import Sequences
import Synchronization

/// A network trained on some of the sequences and measured on others.
public struct HeldOutRun: Sendable {
  public let learning: LearningReport
  /// Sequences trained on.
  public let trainingCount: Int
  /// Indices of the sequences held out.
  public let test: [Int]
  /// Of the sequences held out, in the order of `test`: (sequences, outputs).
  public let logits: [Float]
  /// The metrics of the objective on the sequences held out; those that cannot be measured are missing.
  public let metrics: [Metric: Double]

  /// Throws as `Network.trained(on:validation:options:…)` does.
  ///
  /// - Parameters:
  ///   - set: sequences with targets.
  ///   - options: with the seed of parameters, order and dropout.
  init(
    _ architecture: Architecture, on set: DataSet, train: [Int], test: [Int], options: TrainingOptions,
    threads: Int, progress: @escaping (Int) -> Void
  ) throws {
    let heldOut = set.subset(test)
    let trained = try Network(architecture: architecture, seed: options.seed).trained(
      on: set.subset(train), validation: heldOut, options: options, threads: threads, progress: progress)
    learning = trained.report
    trainingCount = train.count
    self.test = test
    logits = try trained.network.finiteLogits(of: heldOut.sequences, threads: threads)
    metrics = ObjectiveMetrics.values(logits: logits, on: heldOut)
  }
}

/// Adds up what tasks on several threads have done.
final class SharedProgress: Sendable {
  private let done = Atomic<Int>(0)
  private let report: @Sendable (Int) -> Void

  init(_ report: @escaping @Sendable (Int) -> Void) { self.report = report }

  /// For one task: takes how much it has done so far.
  func task() -> (Int) -> Void {
    var before = 0
    return { [self] now in
      report(done.add(now - before, ordering: .relaxed).newValue)
      before = now
    }
  }
}
