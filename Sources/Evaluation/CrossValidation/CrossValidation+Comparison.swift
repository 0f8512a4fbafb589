import NeuralNetworks
import Statistics

extension CrossValidation {
  /// Two networks by one metric.
  public struct Comparison: Sendable {
    public let first: String
    public let second: String
    public let metric: ClassificationMetric
    /// first − second over the folds.
    public let difference: FoldMean
    /// The corrected p-value, adjusted for all pairs of networks (Holm 1979).
    public let adjustedPValue: Double
    /// McNemar's exact test for accuracy and DeLong's for AUROC on the predictions of all folds together; `nil` for others.
    public let pooled: PairedComparison.Difference?
  }

  /// Every pair of networks by every metric, pairs in the order of the networks.
  public var comparisons: [Comparison] {
    let pairs = networks.indices.flatMap { first in
      networks.indices.dropFirst(first + 1).map { (networks[first], networks[$0]) }
    }
    let metrics = ClassificationMetric.allCases
    let differences = metrics.map { metric in
      pairs.map { first, second in
        FoldMean(zip(first.runs, second.runs).map { $0.metrics[metric]! - $1.metrics[metric]! })
      }
    }
    let adjusted = differences.map { MultipleTesting.holm($0.map(\.correctedPValue)) }
    return pairs.enumerated().flatMap { number, pair in
      let pooled = PairedComparison(first: pair.0.logits, second: pair.1.logits, labels: labels)
      return metrics.enumerated().map { place, metric in
        Comparison(
          first: pair.0.name, second: pair.1.name, metric: metric, difference: differences[place][number],
          adjustedPValue: adjusted[place][number],
          pooled: metric == .accuracy ? pooled.accuracy : metric == .auroc ? pooled.auroc : nil)
      }
    }
  }

  /// A number of each epoch, averaged over the folds.
  ///
  /// - Parameter metric: what kind of number it is.
  /// - Returns: one mean an epoch; empty where folds have no such number.
  public func curve(
    of network: Result, _ metric: ClassificationMetric, _ number: (EpochRecord) -> Double?
  ) -> [FoldMean] {
    let epochs = network.runs.map(\.learning.epochs.count).min() ?? 0
    return (0..<epochs).compactMap { epoch in
      let values = network.runs.compactMap { number($0.learning.epochs[epoch]) }
      return values.count == network.runs.count ? FoldMean(values, bounds: metric.bounds) : nil
    }
  }
}
