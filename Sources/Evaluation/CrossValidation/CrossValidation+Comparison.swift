import NeuralNetworks
import Statistics

extension CrossValidation {
  /// Two networks by one metric.
  public struct Comparison: Sendable {
    public let first: String
    public let second: String
    public let metric: Metric
    /// first − second over the folds; its p-value is that of the corrected paired t-test.
    public let difference: FoldMean
    /// The corrected p-value, adjusted for all pairs of networks (Holm 1979).
    public let adjustedPValue: Double
    /// On the predictions of all folds together; `nil` where the metric has no such test.
    public let pooled: Pooled?
  }

  /// A test on the predictions of all folds together.
  public struct Pooled: Sendable {
    /// McNemar's exact test for accuracy, DeLong's for AUROC.
    public let test: String
    public let result: PairedComparison.Difference
  }

  /// Every pair of networks by every metric that could be measured in all folds, pairs in the order of the networks.
  public var comparisons: [Comparison] {
    let pairs = networks.indices.flatMap { first in
      networks.indices.dropFirst(first + 1).map { (networks[first], networks[$0]) }
    }
    let metrics = metrics.filter { metric in networks.allSatisfy { $0.mean(metric) != nil } }
    let differences = metrics.map { metric in
      pairs.map { first, second in
        FoldMean(zip(first.runs, second.runs).map { $0.metrics[metric]! - $1.metrics[metric]! })
      }
    }
    let adjusted = differences.map { MultipleTesting.holm($0.map(\.correctedPValue)) }
    return pairs.enumerated().flatMap { number, pair in
      let pooled = pooled(pair.0, pair.1)
      return metrics.enumerated().map { place, metric in
        Comparison(
          first: pair.0.name, second: pair.1.name, metric: metric, difference: differences[place][number],
          adjustedPValue: adjusted[place][number], pooled: pooled[metric.kind])
      }
    }
  }

  /// Tests of sequences rather than folds, where answers are right or wrong.
  private func pooled(_ first: Result, _ second: Result) -> [Metric.Kind: Pooled] {
    if !data.labels.isEmpty {
      let test = PairedComparison(first: first.logits, second: second.logits, labels: data.labels)
      let accuracy = Pooled(test: "McNemar", result: test.accuracy)
      return [.accuracy: accuracy].merging(
        test.auroc.map { [.auroc: Pooled(test: "DeLong", result: $0)] } ?? [:]
      ) { $1 }
    }
    guard data.objective.loss == .categoricalCrossEntropy else { return [:] }
    func right(_ result: Result) -> [Bool] {
      data.objective.scores(result.logits, data.targets).map { $0.right == 1 }
    }
    let result = PairedComparison.accuracy(firstRight: right(first), secondRight: right(second))
    return [.accuracy: Pooled(test: "McNemar", result: result)]
  }

  /// A number of each epoch, averaged over the folds.
  ///
  /// - Parameter metric: what kind of number it is.
  /// - Returns: one mean for each epoch; empty where folds have no such number.
  public func curve(of network: Result, _ metric: Metric, _ number: (EpochRecord) -> Double?) -> [FoldMean] {
    let epochs = network.runs.map(\.learning.epochs.count).min() ?? 0
    return (0..<epochs).compactMap { epoch in
      let values = network.runs.compactMap { number($0.learning.epochs[epoch]) }
      return values.count == network.runs.count
        ? FoldMean(values, bounds: data.objective.bounds(of: metric)) : nil
    }
  }
}
