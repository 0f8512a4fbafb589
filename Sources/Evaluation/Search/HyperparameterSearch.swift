import Foundation
import NeuralNetworks
import Runtime
import Sequences
import Statistics

/// Random search (Bergstra & Bengio 2012) with successive halving (Jamieson & Talwalkar 2016; one bracket of Hyperband,
/// Li et al. 2018, Journal of Machine Learning Research 18, 185).
///
/// All trials are trained for a few epochs; the best share of 1/η goes on to η times as many, until the last
/// ones have the whole number. A trial is judged by its mean over validation folds. Every rung trains afresh, so that
/// a schedule of the learning rate is whole at every budget.
public struct HyperparameterSearch: Sendable {
  public struct Plan: Equatable, Sendable {
    public var trials = 27
    /// η: one of this many goes on to the next rung; 1 trains all trials to the end.
    public var halving = 3
    public var metric = Metric.loss

    public init() {}

    /// Epochs of each rung: those of a whole training divided by powers of η, at least 1, as many rungs as trials and
    /// epochs allow.
    public func rungs(epochs: Int) -> [Int] {
      guard halving > 1 else { return [epochs] }
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
  ///   - progress: called from any thread with the sequences done, of at most `work(…)`.
  /// - Throws: `InputError` if options or sequences do not fit, or if no trial could be trained.
  public init(
    of networks: [CrossValidation.Contender], space: SearchSpace, on set: DataSet, folds: Folds,
    plan: Plan = Plan(), options: TrainingOptions, threads: Int = Parallel.threads,
    progress: @escaping @Sendable (Int) -> Void = { _ in }
  ) throws {
    try options.requireBlindness()
    for network in networks { try network.require(set.objective) }
    guard set.objective.metrics.contains(plan.metric) else {
      let known = set.objective.metrics.map(\.name).joined(separator: ", ")
      throw InputError("\(plan.metric.name) does not judge this objective; expected one of \(known)")
    }
    var trials = try Self.trials(
      plan.trials, of: networks, space: space, objective: set.objective, options: options)
    var rungs: [Rung] = []
    var alive = Array(trials.indices)
    let shared = SharedProgress(progress)
    let budgets = plan.rungs(epochs: options.epochs)
    for (number, epochs) in budgets.enumerated() {
      let results = Self.results(
        alive.map { trials[$0] }, epochs: epochs, on: set, folds, threads: threads, shared)
      rungs.append(Rung(epochs: epochs, trials: alive.count))
      for (index, result) in zip(alive, results) {
        trials[index].epochs = epochs
        switch result {
        case .success(let metrics): trials[index].metrics = metrics
        case .failure(let error):
          trials[index].metrics = [:]
          trials[index].problem = error.reason
        }
      }
      let sound = alive.filter { trials[$0].problem == nil }
      guard !sound.isEmpty else {
        throw InputError("no trial could be trained: \(trials[alive[0]].problem ?? "")")
      }
      guard number < budgets.count - 1 else { break }
      let ordered = Self.ordered(sound, trials, plan.metric)
      // As many as the halving leaves of all trials, failed or not.
      let kept = Set(ordered.prefix(max(1, alive.count / max(1, plan.halving))))
      alive = sound.filter { kept.contains($0) || trials[$0].isGiven }
    }
    for (rank, index) in Self.ordered(Array(trials.indices), trials, plan.metric).enumerated() {
      trials[index].rank = rank + 1
    }
    self.plan = plan
    self.folds = folds.count
    self.trials = trials
    self.rungs = rungs
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

  /// Trains each trial on each fold; its mean metrics, or why that failed.
  private static func results(
    _ trials: [Trial], epochs: Int, on set: DataSet, _ folds: Folds, threads: Int,
    _ progress: SharedProgress
  ) -> [Result<[Metric: Double], InputError>] {
    let tasks = trials.count * folds.count
    let runs = Parallel.map(tasks, threads: threads) {
      (task: Int) -> Result<[Metric: Double], InputError> in
      let (trial, fold) = (trials[task / folds.count], task % folds.count)
      var options = trial.options
      options.seed &+= UInt64(fold)
      options.epochs = epochs
      do {
        let run = try HeldOutRun(
          trial.architecture, on: set, train: folds.parts[fold].train, test: folds.parts[fold].test,
          options: options, threads: max(1, threads / tasks), progress: progress.task())
        return .success(run.metrics)
      } catch { return .failure(error as? InputError ?? InputError("\(error)")) }
    }
    return trials.indices.map { trial in
      Result { () throws(InputError) -> [Metric: Double] in
        var sums: [Metric: [Double]] = [:]
        for run in runs[trial * folds.count..<(trial + 1) * folds.count] {
          for (metric, value) in try run.get() { sums[metric, default: []].append(value) }
        }
        return sums.filter { $0.value.count == folds.count }
          .mapValues { $0.reduce(0, +) / Double(folds.count) }
      }
    }
  }

  /// Trials from the best to the worst: later rungs first, then by the metric, then by number.
  private static func ordered(_ indices: [Int], _ trials: [Trial], _ metric: Metric) -> [Int] {
    func key(_ index: Int) -> (Int, Double, Int) {
      let trial = trials[index]
      guard trial.problem == nil, let value = trial.metrics[metric] else { return (1, 0, index) }
      return (-trial.epochs, metric.isLowerBetter ? value : -value, index)
    }
    return indices.sorted { key($0) < key($1) }
  }
}
