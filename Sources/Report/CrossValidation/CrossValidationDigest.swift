import Evaluation
import NeuralNetworks
import Runtime
import Sequences
import Statistics

/// What a cross-validation found, in a few numbers: what the program prints.
public struct CrossValidationDigest: Encodable, Sendable {
  public let folds: Int
  public let sequences: Int
  /// Sequences with the label 1; `nil` unless the question is yes or no.
  public let positives: Int?
  /// As in `summary.tsv`.
  public let networks: Table
  /// As in `comparison.tsv`.
  public let comparisons: Table
  let summary: [(network: String, mean: FoldMean, metric: Metric)]
  let pairs: [CrossValidation.Comparison]

  enum CodingKeys: CodingKey { case folds, sequences, positives, networks, comparisons }

  /// For people: a line for each network and metric, and for each pair of networks.
  public var text: String {
    func four(_ value: Double) -> Table.Cell { .number(value, decimals: 4) }
    func range(_ estimate: Estimate) -> Table.Cell {
      .text("\(four(estimate.low).text) to \(four(estimate.high).text)")
    }
    let means = Table(
      "", columns: ["network", "metric", "mean", "sd", "95 % interval", "corrected for overlap"],
      rows: summary.map { row in
        [
          .text(row.network), .text(row.metric.name), four(row.mean.mean),
          four(row.mean.standardDeviation),
          range(row.mean.interval), range(row.mean.correctedInterval),
        ]
      })
    var text =
      "\(folds) folds of \(sequences) sequences\(positives.map { ", \($0) of them positive" } ?? "")\n\n\(means.text)"
    if !pairs.isEmpty {
      let differences = Table(
        "", columns: ["pair", "metric", "difference", "95 % interval", "p", "pooled p", "pooled test"],
        rows: pairs.map { pair in
          [
            .text("\(pair.first) − \(pair.second)"), .text(pair.metric.name),
            four(pair.difference.mean), range(pair.difference.correctedInterval),
            .pValue(pair.adjustedPValue), pair.pooled.map { .pValue($0.result.pValue) } ?? .missing,
            .text(pair.pooled?.test ?? ""),
          ]
        })
      text += "\n\(differences.text)\n"
      text +=
        "p: corrected resampled t-test over the folds"
        + (Set(pairs.map { "\($0.first) \($0.second)" }).count > 1 ? ", Holm's for all pairs" : "")
        + (pairs.contains { $0.pooled != nil }
          ? "; pooled p: on the predictions of all folds together\n" : "\n")
    }
    return text
  }
}

extension CrossValidationReport {
  public var digest: CrossValidationDigest {
    CrossValidationDigest(
      folds: validation.folds.count, sequences: validation.data.count,
      positives: validation.data.labels.isEmpty ? nil : validation.data.positiveCount,
      networks: summaryTable, comparisons: comparisonTable,
      summary: validation.networks.flatMap { network in
        validation.metrics.compactMap { metric in network.mean(metric).map { (network.name, $0, metric) } }
      }, pairs: validation.comparisons)
  }
}
