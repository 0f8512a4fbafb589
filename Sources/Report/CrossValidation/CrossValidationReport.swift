import Evaluation
import Figures
import NeuralNetworks
import Runtime
import Statistics

/// Tables and pictures of a cross-validation.
public struct CrossValidationReport: Sendable {
  public let validation: CrossValidation

  public init(_ validation: CrossValidation) { self.validation = validation }

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
        + validation.metrics.map(\.name))
    forEachRun { network, fold, run in
      table.append(
        [.text(network.name), .integer(fold), .integer(run.trainingCount), .integer(run.test.count)]
          + validation.metrics.map { Table.Cell(run.metrics[$0], decimals: 6) })
    }
    return table
  }

  /// Mean over the folds of each network and metric, with Student's interval and the corrected one.
  public var summaryTable: Table {
    var table = Table(
      "summary",
      columns: ["network", "metric", "mean", "sd", "low", "high", "corrected_low", "corrected_high"])
    for network in validation.networks {
      for metric in validation.metrics {
        guard let mean = network.mean(metric) else { continue }
        table.append(
          [.text(network.name), .text(metric.name)]
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
      let pooled = row.pooled?.result
      table.append(
        [.text(row.first), .text(row.second), .text(row.metric.name)]
          + Self.numbers(
            difference.mean, difference.standardDeviation, difference.correctedInterval.low,
            difference.correctedInterval.high)
          + [.scientific(difference.correctedPValue), .scientific(row.adjustedPValue)]
          + Self.numbers(pooled?.difference.value, pooled?.difference.low, pooled?.difference.high)
          + [
            pooled.map { .scientific($0.pValue) } ?? .missing,
            row.pooled.map { .text($0.test) } ?? .missing,
          ])
    }
    return table
  }

  /// Each sequence's targets, the fold that held it out, and every network's outputs from that fold: logits of yes and no,
  /// predictions in the units of the targets otherwise.
  public var predictionTable: Table {
    let (data, objective) = (validation.data, validation.data.objective)
    let outputs = objective.outputs
    let targetNames = objective.hasClassColumn ? objective.columns : outputs
    let values = validation.networks.map {
      objective.isBinary ? $0.logits : objective.predictions($0.logits)
    }
    func targets(_ index: Int) -> [Table.Cell] {
      if objective.hasClassColumn { return [.text(outputs[data.strata[index]])] }
      if !data.labels.isEmpty { return [.integer(Int(data.labels[index]))] }
      return data.targets[index].map { $0.isNaN ? .missing : .number(Double($0), decimals: 4) }
    }
    return Table(
      "predictions",
      columns: ["name"] + targetNames + ["fold"]
        + validation.networks.flatMap { network in
          outputs.count == 1 ? [network.name] : outputs.map { "\(network.name):\($0)" }
        },
      rows: (0..<data.count).map { index in
        [.text(data.name(index))] + targets(index) + [.integer(validation.folds.foldOfSequence[index] + 1)]
          + values.flatMap { values in
            outputs.indices.map { .number(Double(values[index * outputs.count + $0]), decimals: 4) }
          }
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
