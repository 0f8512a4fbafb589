import Evaluation
import NeuralNetworks
import Runtime
import Sequences
import Statistics
import Study

extension Study {
  /// How many sequences of which class there are.
  var dataTable: Table {
    Table(
      "data", columns: ["set", "sequences", "positives", "negatives", "length"],
      rows: [("training", data.train), ("test", data.test), ("scattered", data.scattered)].map { name, set in
        [
          .text(name), .integer(set.count), .integer(set.positiveCount),
          .integer(set.count - set.positiveCount),
          .integer(data.length),
        ]
      })
  }

  /// Each network: size, measures on the test sequences, ceiling.
  var networkTable: Table {
    var table = Table(
      "networks",
      columns: [
        "network", "convolutions", "parameters", "operations", "accuracy", "accuracy_low", "accuracy_high",
        "ceiling",
        "ceiling_low", "ceiling_high", "windows", "scattered_accuracy", "scattered_low", "scattered_high",
        "loss",
        "auroc", "auroc_low", "auroc_high", "auprc", "auprc_low", "auprc_high",
      ])
    func number(_ value: Double?) -> Table.Cell { Table.Cell(value, decimals: 4) }
    for network in networks {
      let metrics = network.metrics
      let ceiling = network.ceiling
      table.append([
        .text(network.name), .text(network.convolutions),
        .integer(network.network.architecture.parameterCount),
        .integer(network.operations), number(metrics.accuracy.value), number(metrics.accuracy.low),
        number(metrics.accuracy.high), number(ceiling?.accuracy.value), number(ceiling?.accuracy.low),
        number(ceiling?.accuracy.high), Table.Cell(ceiling?.windows), number(network.scatteredAccuracy.value),
        number(network.scatteredAccuracy.low), number(network.scatteredAccuracy.high),
        number(metrics.loss.value),
        number(metrics.auroc?.value), number(metrics.auroc?.low), number(metrics.auroc?.high),
        number(metrics.auprc?.value), number(metrics.auprc?.low), number(metrics.auprc?.high),
      ])
    }
    return table
  }

  /// Loss and accuracy of every network after every epoch.
  var learningTable: Table {
    var table = Table(
      "learning",
      columns: ["network", "epoch", "loss", "accuracy", "validation_loss", "validation_accuracy"])
    for network in networks {
      for epoch in network.learning.epochs {
        table.append([
          .text(network.name), .integer(epoch.epoch), .number(epoch.loss, decimals: 6),
          Table.Cell(epoch.accuracy, decimals: 6), Table.Cell(epoch.validationLoss, decimals: 6),
          Table.Cell(epoch.validationAccuracy, decimals: 6),
        ])
      }
    }
    return table
  }

  /// Name, label and every network's logit of each test sequence.
  var predictionTable: Table {
    Table(
      "predictions", columns: ["name", "label"] + networks.map(\.name),
      rows: (0..<data.test.count).map { index in
        [.text(data.test.name(index)), .integer(Int(data.test.labels[index]))]
          + networks.map { .number(Double($0.logits[index]), decimals: 4) }
      })
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
