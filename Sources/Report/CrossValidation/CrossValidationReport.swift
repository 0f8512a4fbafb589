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
    typealias Row = (run: FoldRun, epoch: EpochRecord)
    let rows: [Row] = runs.flatMap { run in run.run.learning.epochs.map { (run, $0) } }
    func numbers(_ name: String, _ number: @escaping (EpochRecord) -> Double?) -> Column<Row> {
      Column(name) { Table.Cell(number($0.epoch), decimals: 6) }
    }
    return Table(
      "folds", rows,
      columns: [
        Column("network") { .text($0.run.network) }, Column("fold") { .integer($0.run.fold) },
        Column("epoch") { .integer($0.epoch.epoch) }, numbers("loss", \.loss),
        numbers("accuracy", \.accuracy), numbers("validation_loss", \.validationLoss),
        numbers("validation_accuracy", \.validationAccuracy),
      ])
  }

  /// Sizes of every fold, and every network's metrics on it.
  public var metricTable: Table {
    Table(
      "metrics", runs,
      columns: [
        Column("network") { .text($0.network) }, Column("fold") { .integer($0.fold) },
        Column("training_sequences") { .integer($0.run.trainingCount) },
        Column("test_sequences") { .integer($0.run.test.count) },
      ]
        + validation.metrics.map { metric in
          Column(metric.name) { Table.Cell($0.run.metrics[metric], decimals: 6) }
        })
  }

  /// Mean over the folds of each network and metric, with Student's interval and the corrected one.
  public var summaryTable: Table {
    typealias Row = (network: String, metric: Metric, mean: FoldMean)
    let rows: [Row] = validation.networks.flatMap { network in
      validation.metrics.compactMap { metric in network.mean(metric).map { (network.name, metric, $0) } }
    }
    return Table(
      "summary", rows,
      columns: [
        Column("network") { .text($0.network) }, Column("metric") { .text($0.metric.name) },
        Column("mean") { .number($0.mean.mean, decimals: 6) },
        Column("sd") { .number($0.mean.standardDeviation, decimals: 6) },
        Column("low") { .number($0.mean.interval.low, decimals: 6) },
        Column("high") { .number($0.mean.interval.high, decimals: 6) },
        Column("corrected_low") { .number($0.mean.correctedInterval.low, decimals: 6) },
        Column("corrected_high") { .number($0.mean.correctedInterval.high, decimals: 6) },
      ])
  }

  /// Every pair of networks by every metric.
  public var comparisonTable: Table {
    func number(_ name: String, _ value: @escaping (CrossValidation.Comparison) -> Double?)
      -> Column<CrossValidation.Comparison>
    { Column(name) { Table.Cell(value($0), decimals: 6) } }
    return Table(
      "comparison", validation.comparisons,
      columns: [
        Column("network") { .text($0.first) }, Column("other") { .text($0.second) },
        Column("metric") { .text($0.metric.name) }, number("difference") { $0.difference.mean },
        number("sd") { $0.difference.standardDeviation },
        number("low") { $0.difference.correctedInterval.low },
        number("high") { $0.difference.correctedInterval.high },
        Column("p") { .scientific($0.difference.correctedPValue) },
        Column("holm_p") { .scientific($0.adjustedPValue) },
        number("pooled_difference") { $0.pooled?.result.difference.value },
        number("pooled_low") { $0.pooled?.result.difference.low },
        number("pooled_high") { $0.pooled?.result.difference.high },
        Column("pooled_p") { Table.Cell(scientific: $0.pooled?.result.pValue) },
        Column("pooled_test") { Table.Cell($0.pooled?.test) },
      ])
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
    func target(_ column: Int, of index: Int) -> Table.Cell {
      if objective.hasClassColumn { return .text(outputs[data.strata[index]]) }
      if !data.labels.isEmpty { return .integer(Int(data.labels[index])) }
      let value = data.targets[index].dropFirst(column).first!
      return value.isNaN ? .missing : .number(Double(value), decimals: 4)
    }
    let predictions: [[Column<Int>]] = zip(validation.networks, values).map { network, values in
      outputs.indices.map { output in
        Column(outputs.count == 1 ? network.name : "\(network.name):\(outputs[output])") {
          .number(Double(values[$0 * outputs.count + output]), decimals: 4)
        }
      }
    }
    return Table(
      "predictions", Array(0..<data.count),
      columns: [Column("name") { .text(data.name($0)) }]
        + targetNames.enumerated().map { number, name in Column(name) { target(number, of: $0) } }
        + [Column("fold") { .integer(validation.folds.foldOfSequence[$0] + 1) }]
        + predictions.joined())
  }

  /// Every network's run on every fold.
  private var runs: [FoldRun] {
    validation.networks.flatMap { network in
      network.runs.enumerated().map { FoldRun(network: network.name, fold: $0 + 1, run: $1) }
    }
  }
}

/// A network on one fold, counted from 1.
private struct FoldRun {
  let network: String
  let fold: Int
  let run: HeldOutRun
}
