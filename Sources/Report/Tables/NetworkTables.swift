import Evaluation
import NeuralNetworks
import Runtime
import Sequences
import Statistics
import Study

extension Study {
  /// How many sequences of which class there are.
  package var dataTable: TypedTable<DataRow> {
    let sets = [
      DataRow(name: "training", set: data.train),
      data.validation.map { DataRow(name: "validation", set: $0) },
      DataRow(name: "test", set: data.test), data.scattered.map { DataRow(name: "scattered", set: $0) },
    ]
    let length = data.length
    return TypedTable(
      "data", sets.compactMap { $0 },
      columns: [
        .set, .sequences, .positives, .negatives,
        Column("length", heading: "Bases") { _ in .integer(length) },
      ])
  }

  /// Each network: size, measures on the test sequences, ceiling.
  package var networkTable: TypedTable<NetworkResult> {
    TypedTable("networks", networks, columns: Column<NetworkResult>.inFile)
  }

  /// Loss and accuracy of every network after every epoch.
  package var learningTable: Table {
    typealias Row = (network: String, epoch: EpochRecord)
    let rows: [Row] = networks.flatMap { network in network.learning.epochs.map { (network.name, $0) } }
    return Table(
      "learning", rows,
      columns: [
        Column("network") { .text($0.network) }, Column("epoch") { .integer($0.epoch.epoch) },
        Column("loss") { .number($0.epoch.loss, decimals: 6) },
        Column("accuracy") { Table.Cell($0.epoch.accuracy, decimals: 6) },
        Column("validation_loss") { Table.Cell($0.epoch.validationLoss, decimals: 6) },
        Column("validation_accuracy") { Table.Cell($0.epoch.validationAccuracy, decimals: 6) },
      ])
  }

  /// Name, label and every network's logit of each test sequence.
  package var predictionTable: Table {
    Table(
      "predictions", Array(0..<data.test.count),
      columns: [
        Column("name") { .text(data.test.name($0)) },
        Column("label") { .integer(Int(data.test.labels[$0])) },
      ]
        + networks.map { network in
          Column(network.name) { .number(Double(network.logits[$0]), decimals: 4) }
        })
  }
}

/// One of a study's sets.
package struct DataRow {
  let name: String
  let set: DataSet
}

extension Column<DataRow> {
  static var set: Column { Column("set", heading: "Set") { .text($0.name) } }
  static var sequences: Column { Column("sequences", heading: "Sequences") { .integer($0.set.count) } }
  static var positives: Column {
    Column("positives", heading: "Positives") { .integer($0.set.positiveCount) }
  }
  static var negatives: Column {
    Column("negatives", heading: "Negatives") { .integer($0.set.count - $0.set.positiveCount) }
  }
}

extension Column<NetworkResult> {
  /// New columns come last.
  static var inFile: [Column] {
    [network, convolutions, parameters, operations]
      + estimate("accuracy", heading: "Accuracy") { $0.accuracy }
      + estimate("ceiling", heading: "Best possible") { $0.ceiling?.accuracy } + [windows]
      + estimate("scattered_accuracy", prefix: "scattered") { $0.scatteredAccuracy } + [loss]
      + estimate("auroc") { $0.metrics.auroc } + estimate("auprc") { $0.metrics.auprc }
      + [balanced, epochs]
  }

  static var network: Column { Column("network", heading: "Network") { .text($0.name) } }
  static var convolutions: Column {
    Column("convolutions", heading: "Convolutions") { .text($0.convolutions) }
  }
  static var parameters: Column {
    Column("parameters", heading: "Parameters") { .integer($0.network.architecture.parameterCount) }
  }
  static var operations: Column { Column("operations") { .integer($0.operations) } }
  static var accuracy: Column {
    Column("accuracy", heading: "Accuracy (95&nbsp;% interval)") { .number($0.accuracy.value, decimals: 4) }
      .shown { "\(Words.share($0.accuracy.value)) <small>(\(Words.interval($0.accuracy)))</small>" }
  }
  static var ceiling: Column {
    Column("ceiling", heading: "Best possible") { Table.Cell($0.ceiling?.accuracy.value, decimals: 4) }
  }
  static var windows: Column {
    Column("windows", heading: "Places it cannot tell apart") { Table.Cell($0.ceiling?.windows) }
  }
  static var scattered: Column {
    Column("scattered_accuracy", heading: "Site anywhere") {
      Table.Cell($0.scatteredAccuracy?.value, decimals: 4)
    }
  }
  static var loss: Column { Column("loss") { .number($0.metrics.loss.value, decimals: 4) } }
  static var auroc: Column {
    Column("auroc", heading: "AUROC (95&nbsp;% interval)") {
      Table.Cell($0.metrics.auroc?.value, decimals: 4)
    }
    .shown { network in
      network.metrics.auroc.map {
        "\(Words.share($0.value)) <small>(\(Words.interval($0)))</small>"
      }
    }
  }
  static var auprc: Column {
    Column("auprc", heading: "AUPRC") { Table.Cell($0.metrics.auprc?.value, decimals: 4) }
  }
  static var balanced: Column {
    Column("balanced_accuracy", heading: "Balanced accuracy") { .number($0.balancedAccuracy, decimals: 4) }
  }
  /// Of the weights that were kept.
  static var epochs: Column {
    Column("epochs", heading: "Epochs") { .integer($0.learning.bestEpoch ?? $0.learning.epochs.count) }
  }
  static var moved: Column {
    Column("auroc_lost", heading: "AUROC lost when moved (95&nbsp;% interval)") {
      Table.Cell($0.audit?.shift.moving.auroc?.difference.value, decimals: 4)
    }.shown { network in
      network.audit?.shift.moving.auroc.map {
        "\(Words.share($0.difference.value)) <small>(\(Words.interval($0.difference)))</small>"
      }
    }
  }
  static var movedP: Column {
    Column("p", heading: "<i>p</i>") { Table.Cell(scientific: $0.audit?.shift.moving.auroc?.pValue) }
  }
  static var verdict: Column {
    Column("verdict", heading: "Audit") {
      Table.Cell($0.audit.map { $0.passed ? "nothing wrong found" : $0.failure })
    }
  }

  /// A number and the ends of its interval.
  private static func estimate(
    _ name: String, prefix: String? = nil, heading: String? = nil,
    _ value: @escaping (NetworkResult) -> Estimate?
  ) -> [Column] {
    let prefix = prefix ?? name
    return [
      Column(name, heading: heading) { Table.Cell(value($0)?.value, decimals: 4) },
      Column("\(prefix)_low") { Table.Cell(value($0)?.low, decimals: 4) },
      Column("\(prefix)_high") { Table.Cell(value($0)?.high, decimals: 4) },
    ]
  }
}

extension NetworkAudit {
  /// The checks that were not passed.
  package var failure: String {
    "not passed: " + checks.filter { $0.verdict == .failed }.map(\.name).joined(separator: ", ")
  }
}

extension NetworkResult {
  /// `64 × 12, 32 × 6`: filters and width of each convolution.
  var convolutions: String {
    network.architecture.layers.compactMap { layer in
      if case .convolution1D(let layer) = layer.kind { "\(layer.filters) × \(layer.kernelSize)" } else { nil }
    }.joined(separator: ", ")
  }
}
