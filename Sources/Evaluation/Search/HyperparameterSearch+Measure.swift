import NeuralNetworks
import Runtime
import Statistics

extension HyperparameterSearch {
  /// The winner trained on all sequences of the search and measured on others, once.
  public struct Outcome: Sendable {
    public let model: Model
    public let learning: LearningReport
    public let metrics: ObjectiveMetrics
    /// The winner (first) against its network as given (second), trained and measured alike; `nil` if that is the winner.
    public let comparison: NetworkComparison?
  }

  /// Trains the winner, and its network as given, on one part and measures both on the other.
  ///
  /// Nothing is chosen by what comes out, so that the winner's numbers are those of sequences it had no part of. The numbers by
  /// which it was chosen are too good: it is the luckiest of many (Cawley & Talbot 2010).
  /// - Throws: `InputError` if training fails.
  public func measured(on split: DataSplit, threads: Int = Parallel.threads) throws -> Outcome {
    let test = split.test
    func trained(_ trial: Trial) throws -> TrainedNetwork {
      try Network(architecture: trial.architecture, seed: trial.options.seed)
        .trained(on: split.train, options: trial.options, threads: threads)
    }
    func logits(_ network: Network) throws -> [Float] {
      try network.finiteLogits(of: test.sequences, threads: threads)
    }
    let winner = try trained(best)
    let winnersLogits = try logits(winner.network)
    var comparison: NetworkComparison?
    if !best.isGiven, let given = trials.first(where: { $0.isGiven && $0.network == best.network }),
      given.problem == nil
    {
      comparison = NetworkComparison(
        first: winnersLogits, second: try logits(trained(given).network), on: test)
    }
    let metadata = Model.Metadata(
      name: "best", seed: best.options.seed, epochs: winner.report.epochs.count, training: best.options,
      provenance: Model.Provenance(trainedOn: split.train))
    return Outcome(
      model: Model(winner.network, objective: test.objective, metadata: metadata), learning: winner.report,
      metrics: ObjectiveMetrics(logits: winnersLogits, on: test, seed: best.options.seed, threads: threads),
      comparison: comparison)
  }
}
