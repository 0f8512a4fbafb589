import Evaluation
import Runtime
import Sequences
import Statistics

/// What a cross-validation found, in a few numbers: what the program prints.
public struct CrossValidationDigest: Encodable, Sendable {
  public let folds: Int
  public let sequences: Int
  public let positives: Int
  /// As in `summary.tsv`.
  public let networks: Table
  /// As in `comparison.tsv`.
  public let comparisons: Table
  let summary: [(network: String, mean: FoldMean, metric: ClassificationMetric)]
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
          .text(row.network), .text(row.metric.rawValue), four(row.mean.mean),
          four(row.mean.standardDeviation),
          range(row.mean.interval), range(row.mean.correctedInterval),
        ]
      })
    var text =
      "\(folds) folds of \(sequences) sequences, \(positives) of them positive\n\n\(means.text)"
    if !pairs.isEmpty {
      let differences = Table(
        "", columns: ["pair", "metric", "difference", "95 % interval", "p", "pooled p", "pooled test"],
        rows: pairs.map { pair in
          [
            .text("\(pair.first) − \(pair.second)"), .text(pair.metric.rawValue),
            four(pair.difference.mean), range(pair.difference.correctedInterval),
            .pValue(pair.adjustedPValue), pair.pooled.map { .pValue($0.pValue) } ?? .missing,
            .text(pair.metric == .accuracy ? "McNemar" : pair.metric == .auroc ? "DeLong" : ""),
          ]
        })
      text += "\n\(differences.text)\n"
      text +=
        "p: corrected resampled t-test over the folds"
        + (pairs.count > ClassificationMetric.allCases.count ? ", Holm's for all pairs" : "")
        + "; pooled p: on the predictions of all folds together\n"
    }
    return text
  }
}

extension CrossValidationReport {
  public var digest: CrossValidationDigest {
    CrossValidationDigest(
      folds: validation.folds.count, sequences: sequences.count, positives: sequences.positiveCount,
      networks: summaryTable, comparisons: comparisonTable,
      summary: validation.networks.flatMap { network in
        ClassificationMetric.allCases.map { (network.name, network.mean($0), $0) }
      }, pairs: validation.comparisons)
  }
}
