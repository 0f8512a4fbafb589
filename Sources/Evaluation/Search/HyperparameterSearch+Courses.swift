import Foundation
import NeuralNetworks
import Runtime
import Sequences
import Statistics

extension HyperparameterSearch {
  /// Successive halving (Jamieson & Talwalkar 2016; one bracket of Hyperband, Li et al. 2018, Journal of Machine Learning
  /// Research 18, 185) of random points.
  ///
  /// All trials are trained for a few epochs; the best share of 1/η goes on to η times as many, until the last
  /// ones have the whole number. Every rung trains afresh, so that a schedule of the learning rate is whole at every budget.
  static func halved(_ maker: inout TrialMaker, _ space: SearchSpace, _ plan: Plan, by runner: TrialRunner)
    throws -> (trials: [Trial], rungs: [Rung])
  {
    let (seed, networks) = (maker.options.seed, maker.networks.count)
    while maker.trials.count < plan.trials {
      let number = maker.trials.count
      let point = try maker.add { attempt in
        var random = CounterRandom(seed: seed, purpose: .search, epoch: attempt, index: number)
        return (random.below(networks), space.sample(using: &random))
      }
      if point == nil { break }
    }
    var (trials, rungs) = (maker.trials, [Rung]())
    var alive = Array(trials.indices)
    let budgets = plan.rungs(epochs: maker.options.epochs)
    for (number, epochs) in budgets.enumerated() {
      rungs.append(Rung(epochs: epochs, trials: alive.count))
      try runner.run(&trials, alive, epochs: epochs)
      let sound = try runner.sound(alive, trials)
      guard number < budgets.count - 1 else { break }
      let ordered = ordered(sound, trials, plan.metric)
      // As many as the halving leaves of all trials, failed or not.
      let kept = Set(ordered.prefix(max(1, alive.count / max(1, plan.halving))))
      alive = sound.filter { kept.contains($0) || trials[$0].isGiven }
    }
    return (trials, rungs)
  }

  /// Points that are asked for before the first of them is tried; a constant, so that threads change nothing.
  private static let width = 4

  /// Points chosen by the results of those before, a few at a time; the networks as given are tried first.
  static func led(_ maker: inout TrialMaker, _ space: SearchSpace, _ plan: Plan, by runner: TrialRunner)
    throws -> (trials: [Trial], rungs: [Rung])
  {
    let parameters = SearchSpace.Parameter.allCases.filter { space.values[$0] != nil }
    let choices = SearchAxis(.choice(maker.networks.indices.map(Double.init)))
    let search = PointSearch(
      plan.strategy, axes: [choices] + parameters.compactMap(space.axis), seed: maker.options.seed)
    let epochs = maker.options.epochs
    var trials = maker.trials
    try runner.run(&trials, Array(trials.indices), epochs: epochs)
    var points: [[Double]] = []
    var isExhausted = false
    while !isExhausted, trials.count < plan.trials {
      let given = maker.networks.count
      let results = points.enumerated().map { index, point in
        let value = trials[given + index].problem == nil ? trials[given + index].metrics[plan.metric] : nil
        return SearchResult(point: point, loss: value.map { plan.metric.isLowerBetter ? $0 : -$0 })
      }
      let first = trials.count
      while !isExhausted, maker.trials.count < min(first + width, plan.trials) {
        let number = maker.trials.count - given
        let point = try maker.add { attempt in
          let values = search.point(number: number, attempt: attempt, after: results)
          return (Int(values[0]), Dictionary(uniqueKeysWithValues: zip(parameters, values.dropFirst())))
        }
        guard let point else {
          isExhausted = true
          break
        }
        points.append([Double(point.network)] + parameters.map { point.values[$0]! })
      }
      trials += maker.trials[first...]
      try runner.run(&trials, Array(first..<trials.count), epochs: epochs)
    }
    _ = try runner.sound(Array(trials.indices), trials)
    return (trials, [Rung(epochs: epochs, trials: trials.count)])
  }

  /// A fingerprint of all that a search is a function of.
  static func settings(
    _ networks: [CrossValidation.Contender], _ space: SearchSpace, _ set: DataSet, _ folds: Folds,
    _ plan: Plan, _ options: TrainingOptions
  ) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    var words = [Release.version, Model.Provenance(trainedOn: set).data ?? ""]
    words += networks.flatMap { [$0.name, $0.architecture.json()] }
    words += SearchSpace.Parameter.allCases.map { "\($0): \(String(describing: space.values[$0]))" }
    words += [plan.strategy.rawValue, plan.metric.name, "\(plan.trials) \(plan.halving)"]
    words.append(String(decoding: try encoder.encode(options), as: UTF8.self))
    words.append(folds.foldOfSequence.map(String.init).joined(separator: " "))
    var hash = SHA256()
    hash.update(Array(words.joined(separator: "\n").utf8))
    return hash.digest()
  }
}
