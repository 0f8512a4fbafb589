import NeuralNetworks
import Runtime
import Sequences
import Statistics

extension HyperparameterSearch {
  /// The winner trained on all sequences of the search and measured on others, once.
  public struct Outcome: Sendable {
    public let network: Network
    public let learning: LearningReport
    public let metrics: ClassificationMetrics
    /// The winner (first) against its network as given (second), trained and measured alike; `nil` if that is the winner.
    public let comparison: PairedComparison?
  }

  /// Trains the winner, and its network as given, on `train` and measures both on `test`.
  ///
  /// Nothing is chosen by what comes out, so that the winner's numbers are those of sequences it had no part of. The numbers by
  /// which it was chosen are too good: it is the luckiest of many (Cawley & Talbot 2010).
  /// - Throws: `InputError` if training fails.
  public func measured(
    train: SequenceSet, test: SequenceSet, threads: Int = Parallel.threads
  ) throws -> Outcome {
    func trained(_ trial: Trial) throws -> (Network, LearningReport, [Float]) {
      let (network, report) = try Network(architecture: trial.architecture, seed: trial.options.seed)
        .trained(on: train, options: trial.options, threads: threads)
      return (network, report, network.logits(test, threads: threads))
    }
    let (network, report, logits) = try trained(best)
    var comparison: PairedComparison?
    if !best.isGiven, let given = trials.first(where: { $0.isGiven && $0.network == best.network }),
      given.problem == nil
    {
      comparison = PairedComparison(first: logits, second: try trained(given).2, labels: test.labels)
    }
    return Outcome(
      network: network, learning: report,
      metrics: ClassificationMetrics(
        logits: logits, labels: test.labels, seed: best.options.seed, threads: threads),
      comparison: comparison)
  }
}
