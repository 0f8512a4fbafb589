import Evaluation
import Figures
import Foundation
import NeuralNetworks
import Runtime
import Sequences
import Statistics

/// Tables, pictures, the best network and the best model of a search.
public struct SearchReport: Sendable {
  public let search: HyperparameterSearch
  public let outcome: HyperparameterSearch.Outcome
  public let space: SearchSpace
  /// How many sequences were there to choose by, and how many to measure on.
  public let counts: (search: Int, test: Int)

  public init(
    _ search: HyperparameterSearch, outcome: HyperparameterSearch.Outcome, space: SearchSpace,
    counts: (search: Int, test: Int)
  ) {
    (self.search, self.outcome, self.space, self.counts) = (search, outcome, space, counts)
  }

  /// What `write` leaves in a folder.
  public static let entries = [
    "trials.tsv", "test.tsv", "best.json", "best.safetensors", "trials.png", "trials.svg",
  ]

  /// Writes `trials.tsv`, `test.tsv`, `best.json`, `best.safetensors`, and `trials` as PNG and SVG, into a folder that is
  /// there.
  ///
  /// - Throws: `InputError` or `FigureError` naming the file that cannot be written.
  public func write(to folder: String, provenance: Provenance) throws {
    for table in [trialTable, testTable] {
      try AtomicFile.write(table.tsv, to: "\(folder)/\(table.name).tsv")
    }
    try AtomicFile.write(bestNetwork, to: "\(folder)/best.json")
    try outcome.model.write(to: "\(folder)/best.safetensors")
    try writePicture(FigureFiles(folder, provenance))
  }

  /// Every trial: what it was, how far it came, what it reached, from the best to the worst.
  public var trialTable: Table {
    let metrics = outcome.metrics.objective.metrics
    var table = Table(
      "trials",
      columns: ["rank", "trial", "network", "given"] + SearchSpace.Parameter.allCases.map(\.column)
        + ["parameters", "epochs"] + metrics.map { "validation_\($0.name)" } + ["problem"])
    for trial in search.trials.sorted(by: { $0.rank < $1.rank }) {
      var row: [Table.Cell] = [
        .integer(trial.rank), .integer(trial.number), .text(trial.network),
        .text(trial.isGiven ? "yes" : ""),
      ]
      row += SearchSpace.Parameter.allCases.map { parameter in
        trial.value(parameter).map { .text(Self.short($0)) } ?? .missing
      }
      row += [.integer(trial.architecture.parameterCount), .integer(trial.epochs)]
      row += metrics.map { Table.Cell(trial.metrics[$0], decimals: 6) }
      table.append(row + [trial.problem.map { .text($0) } ?? .missing])
    }
    return table
  }

  /// The winner's metrics on the sequences held out.
  public var testTable: Table {
    let metrics = outcome.metrics
    return Table(
      "test", columns: ["metric", "value", "low", "high"],
      rows: metrics.objective.metrics.compactMap { metric in
        metrics.value(metric).map { value in
          let estimate = metrics.estimate(metric)
          return [
            .text(metric.name), .number(value, decimals: 6), Table.Cell(estimate?.low, decimals: 6),
            Table.Cell(estimate?.high, decimals: 6),
          ]
        }
      })
  }

  /// The winner's layers as `motifkit train --network` takes them, for sequences of any length.
  var bestNetwork: String {
    struct Description: Encodable { var layers: [Layer] }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
    do {
      let json = try encoder.encode(Description(layers: search.best.architecture.layers))
      return String(decoding: json, as: UTF8.self) + "\n"
    } catch { preconditionFailure("layers are plain numbers and names: \(error)") }
  }

  /// `0.00123`, `64`
  static func short(_ value: Double) -> String { String(format: "%.6g", value) }
}

extension SearchSpace.Parameter {
  /// Its column in tables.
  var column: String {
    switch self {
    case .filters, .dropout: rawValue
    case .kernelSize: "kernel_size"
    case .learningRate: "learning_rate"
    case .batchSize: "batch_size"
    case .weightDecay: "weight_decay"
    }
  }

  /// For people.
  var words: String { column.replacingOccurrences(of: "_", with: " ") }
}
