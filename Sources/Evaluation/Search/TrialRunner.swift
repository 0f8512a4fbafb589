import NeuralNetworks
import Runtime
import Sequences
import Statistics

/// Trains trials on the folds of a search, several at once, and knows what its journal holds.
struct TrialRunner {
  let set: DataSet
  let folds: Folds
  let threads: Int
  let progress: SharedProgress
  let journal: SearchJournal?
  /// Tells the journal of this search from others.
  let settings: String

  /// Gives the trials at `indices` their mean metrics after `epochs`, or their problem.
  ///
  /// - Throws: `InputError` if the journal belongs to another search or cannot be written.
  func run(_ trials: inout [HyperparameterSearch.Trial], _ indices: [Int], epochs: Int) throws {
    try journal?.begin(settings: settings)
    let tasks = indices.count * folds.count
    let known = trials
    let runs = try Parallel.tryMap(tasks, threads: threads) { task in
      try outcome(
        of: known[indices[task / folds.count]], fold: task % folds.count, epochs: epochs,
        threads: max(1, threads / tasks))
    }
    for (place, index) in indices.enumerated() {
      let outcomes = runs[place * folds.count..<(place + 1) * folds.count]
      trials[index].epochs = epochs
      trials[index].problem = outcomes.lazy.compactMap(\.problem).first
      trials[index].metrics = trials[index].problem == nil ? mean(outcomes.compactMap(\.metrics)) : [:]
    }
  }

  /// Those of the trials that could be trained.
  ///
  /// Throws `InputError` if none could; there is nothing to go on with then.
  func sound(_ indices: [Int], _ trials: [HyperparameterSearch.Trial]) throws -> [Int] {
    let sound = indices.filter { trials[$0].problem == nil }
    guard !sound.isEmpty else {
      journal?.remove()
      throw InputError("no trial could be trained: \(trials[indices[0]].problem ?? "")")
    }
    return sound
  }

  /// Means of the metrics that all folds have.
  private func mean(_ metrics: [[String: Double]]) -> [Metric: Double] {
    let pairs = set.objective.metrics.compactMap { metric -> (Metric, Double)? in
      let values = metrics.compactMap { $0[metric.name] }
      guard values.count == folds.count else { return nil }
      return (metric, values.reduce(0, +) / Double(values.count))
    }
    return Dictionary(uniqueKeysWithValues: pairs)
  }

  private func outcome(
    of trial: HyperparameterSearch.Trial, fold: Int, epochs: Int, threads: Int
  ) throws -> SearchJournal.Outcome {
    let run = SearchJournal.Run(trial: trial.number, fold: fold, epochs: epochs)
    let part = folds.parts[fold]
    if let outcome = journal?.outcome(of: run) {
      progress.task()(epochs * part.train.count)
      return outcome
    }
    var options = trial.options
    options.seed &+= UInt64(fold)
    options.epochs = epochs
    var outcome = SearchJournal.Outcome()
    do {
      let found = try HeldOutRun(
        trial.architecture, on: set, train: part.train, test: part.test, options: options, threads: threads,
        progress: progress.task())
      outcome.metrics = Dictionary(uniqueKeysWithValues: found.metrics.map { ($0.key.name, $0.value) })
    } catch let error as InputError { outcome.problem = error.reason }
    try journal?.add(outcome, of: run)
    return outcome
  }
}
