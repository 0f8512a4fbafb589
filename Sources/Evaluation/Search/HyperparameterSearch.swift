import Foundation
import NeuralNetworks
import Runtime
import Sequences
import Statistics

/// A search for better layers and training: trials at points of a space, each judged by its mean over validation folds.
///
/// Points are chosen at random with successive halving, or by the results of those before (`SearchStrategy`).
public struct HyperparameterSearch: Sendable {
  public struct Plan: Equatable, Sendable {
    public var trials = 27
    /// η: one of this many goes on to the next rung; 1 trains all trials to the end.
    public var halving = 3
    public var metric = Metric.loss
    /// How points are chosen. All but random points are trained to the end, without halving.
    public var strategy = SearchStrategy.random

    public init() {}

    /// Epochs of each rung: those of a whole training divided by powers of η, at least 1, as many rungs as trials and
    /// epochs allow.
    public func rungs(epochs: Int) -> [Int] {
      guard halving > 1, strategy == .random else { return [epochs] }
      var rungs = [epochs]
      var divisor = halving
      while divisor <= min(trials, epochs) {
        rungs.insert(max(1, Int((Double(epochs) / Double(divisor)).rounded())), at: 0)
        divisor *= halving
      }
      return rungs
    }
  }

  /// One training budget, and how many trials had it.
  public struct Rung: Equatable, Sendable {
    public let epochs: Int
    public let trials: Int
  }

  public let plan: Plan
  public let folds: Int
  public let trials: [Trial]
  public let rungs: [Rung]

  /// The winner.
  public var best: Trial { trials.first { $0.rank == 1 }! }

  /// - Parameters:
  ///   - networks: what is varied; each is also a trial as it is, which stays to the end.
  ///   - set: sequences with targets; none of those that the winner is measured on.
  ///   - folds: of `set`, for validation.
  ///   - options: of a whole training, as for `CrossValidation`.
  ///   - journal: where to keep what was measured, and whether to go on from it.
  ///   - progress: called from any thread with the sequences done, of at most `work(…)`.
  /// - Throws: `InputError` if options or sequences do not fit, no trial could be trained, or the journal is of another search.
  public init(
    of networks: [CrossValidation.Contender], space: SearchSpace, on set: DataSet, folds: Folds,
    plan: Plan = Plan(), options: TrainingOptions, journal: SearchJournal? = nil,
    threads: Int = Parallel.threads,
    progress: @escaping @Sendable (Int) -> Void = { _ in }
  ) throws {
    try options.requireBlindness()
    for network in networks { try network.require(set.objective) }
    guard set.objective.metrics.contains(plan.metric) else {
      let known = set.objective.metrics.map(\.name).joined(separator: ", ")
      throw InputError("\(plan.metric.name) does not judge this objective; expected one of \(known)")
    }
    let runner = TrialRunner(
      set: set, folds: folds, threads: threads, progress: SharedProgress(progress), journal: journal,
      settings: try Self.settings(networks, space, set, folds, plan, options))
    var maker = try TrialMaker(networks, trials: plan.trials, objective: set.objective, options: options)
    let found =
      plan.strategy == .random
      ? try Self.halved(&maker, space, plan, by: runner) : try Self.led(&maker, space, plan, by: runner)
    var trials = found.trials
    for (rank, index) in Self.ordered(Array(trials.indices), trials, plan.metric).enumerated() {
      trials[index].rank = rank + 1
    }
    self.plan = plan
    self.folds = folds.count
    self.trials = trials
    rungs = found.rungs
  }

  /// The most sequences that the search trains on, for a bar of progress.
  public static func work(
    networks: Int, plan: Plan, epochs: Int, folds: Int, sequences: Int
  ) -> Int {
    var alive = plan.trials
    return plan.rungs(epochs: epochs).reduce(0) { sum, epochs in
      defer { alive = max(1, alive / max(1, plan.halving)) + networks }
      return sum + min(plan.trials, alive) * epochs * (folds - 1) * sequences
    }
  }

  /// Trials from the best to the worst: later rungs first, then by the metric, then by number.
  static func ordered(_ indices: [Int], _ trials: [Trial], _ metric: Metric) -> [Int] {
    func key(_ index: Int) -> (Int, Double, Int) {
      let trial = trials[index]
      guard trial.problem == nil, let value = trial.metrics[metric] else { return (1, 0, index) }
      return (-trial.epochs, metric.isLowerBetter ? value : -value, index)
    }
    return indices.sorted { key($0) < key($1) }
  }
}
