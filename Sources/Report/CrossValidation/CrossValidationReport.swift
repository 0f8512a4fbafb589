import Evaluation
import Figures
import NeuralNetworks
import Runtime
import Sequences
import Statistics

/// Tables and pictures of a cross-validation.
public struct CrossValidationReport: Sendable {
  public let validation: CrossValidation
  let sequences: SequenceSet

  /// - Parameter sequences: those that were validated on, for their names.
  public init(_ validation: CrossValidation, sequences: SequenceSet) {
    (self.validation, self.sequences) = (validation, sequences)
  }

  /// What `write` leaves in a folder.
  public static let entries = [
    "folds.tsv", "metrics.tsv", "summary.tsv", "comparison.tsv", "predictions.tsv", "learning-curves.png",
    "learning-curves.svg", "metrics.png", "metrics.svg",
  ]

  /// Writes `folds.tsv`, `metrics.tsv`, `summary.tsv`, `comparison.tsv`, `predictions.tsv`, and `learning-curves` and `metrics`
  /// as PNG and SVG, into a folder that is there.
  ///
  /// - Throws: `InputError` or `FigureError` naming the file that cannot be written.
  public func write(to folder: String, provenance: Provenance) throws {
    for table in [foldTable, metricTable, summaryTable, comparisonTable, predictionTable] {
      try AtomicFile.write(table.tsv, to: "\(folder)/\(table.name).tsv")
    }
    try writePictures(FigureFiles(folder, provenance))
  }

  /// Loss and accuracy of every network on every fold after every epoch; folds are numbered from 1.
  public var foldTable: Table {
    var table = Table(
      "folds",
      columns: ["network", "fold", "epoch", "loss", "accuracy", "validation_loss", "validation_accuracy"])
    func number(_ value: Double?) -> Table.Cell { Table.Cell(value, decimals: 6) }
    forEachRun { network, fold, run in
      for epoch in run.learning.epochs {
        table.append([
          .text(network.name), .integer(fold), .integer(epoch.epoch), number(epoch.loss),
          number(epoch.accuracy), number(epoch.validationLoss), number(epoch.validationAccuracy),
        ])
      }
    }
    return table
  }

  /// Sizes of every fold, and every network's metrics on it.
  public var metricTable: Table {
    var table = Table(
      "metrics",
      columns: ["network", "fold", "training_sequences", "test_sequences"]
        + ClassificationMetric.allCases.map(\.rawValue))
    forEachRun { network, fold, run in
      table.append(
        [.text(network.name), .integer(fold), .integer(run.trainingCount), .integer(run.test.count)]
          + ClassificationMetric.allCases.map { Table.Cell(run.metrics[$0], decimals: 6) })
    }
    return table
  }

  /// Mean over the folds of each network and metric, with Student's interval and the corrected one.
  public var summaryTable: Table {
    var table = Table(
      "summary",
      columns: ["network", "metric", "mean", "sd", "low", "high", "corrected_low", "corrected_high"])
    for network in validation.networks {
      for metric in ClassificationMetric.allCases {
        let mean = network.mean(metric)
        table.append(
          [.text(network.name), .text(metric.rawValue)]
            + Self.numbers(
              mean.mean, mean.standardDeviation, mean.interval.low, mean.interval.high,
              mean.correctedInterval.low, mean.correctedInterval.high))
      }
    }
    return table
  }

  /// Every pair of networks by every metric.
  public var comparisonTable: Table {
    var table = Table(
      "comparison",
      columns: [
        "network", "other", "metric", "difference", "sd", "low", "high", "p", "holm_p", "pooled_difference",
        "pooled_low", "pooled_high", "pooled_p", "pooled_test",
      ])
    for row in validation.comparisons {
      let difference = row.difference
      let pooled = row.pooled
      table.append(
        [.text(row.first), .text(row.second), .text(row.metric.rawValue)]
          + Self.numbers(
            difference.mean, difference.standardDeviation, difference.correctedInterval.low,
            difference.correctedInterval.high)
          + [.scientific(difference.correctedPValue), .scientific(row.adjustedPValue)]
          + Self.numbers(pooled?.difference.value, pooled?.difference.low, pooled?.difference.high)
          + [
            pooled.map { .scientific($0.pValue) } ?? .missing,
            pooled == nil ? .missing : .text(row.metric == .accuracy ? "McNemar" : "DeLong"),
          ])
    }
    return table
  }

  /// Each sequence's label, the fold that held it out, and every network's logit from that fold.
  public var predictionTable: Table {
    Table(
      "predictions", columns: ["name", "label", "fold"] + validation.networks.map(\.name),
      rows: (0..<sequences.count).map { index in
        [
          .text(sequences.name(index)), .integer(Int(validation.labels[index])),
          .integer(validation.folds.foldOfSequence[index] + 1),
        ] + validation.networks.map { .number(Double($0.logits[index]), decimals: 4) }
      })
  }

  private static func numbers(_ values: Double?...) -> [Table.Cell] {
    values.map { Table.Cell($0, decimals: 6) }
  }

  private func forEachRun(_ body: (CrossValidation.Result, _ fold: Int, HeldOutRun) -> Void) {
    for network in validation.networks {
      for (fold, run) in network.runs.enumerated() { body(network, fold + 1, run) }
    }
  }
}
