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
  public let counts: Counts

  public struct Counts: Sendable {
    public let search, test: Int

    public init(search: Int, test: Int) { (self.search, self.test) = (search, test) }
  }

  public init(
    _ search: HyperparameterSearch, outcome: HyperparameterSearch.Outcome, space: SearchSpace,
    counts: Counts
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
    return Table(
      "trials", search.trials.sorted { $0.rank < $1.rank },
      columns: [
        Column("rank") { .integer($0.rank) }, Column("trial") { .integer($0.number) },
        Column("network") { .text($0.network) }, Column("given") { .text($0.isGiven ? "yes" : "") },
      ]
        + SearchSpace.Parameter.allCases.map { parameter in
          Column(parameter.column) { Table.Cell($0.value(parameter).map(Self.short)) }
        }
        + [
          Column("parameters") { .integer($0.architecture.parameterCount) },
          Column("epochs") { .integer($0.epochs) },
        ]
        + metrics.map { metric in
          Column("validation_\(metric.name)") { Table.Cell($0.metrics[metric], decimals: 6) }
        }
        + [Column("problem") { Table.Cell($0.problem) }])
  }

  /// The winner's metrics on the sequences held out.
  public var testTable: Table {
    let metrics = outcome.metrics
    return Table(
      "test", metrics.objective.metrics.filter { metrics.value($0) != nil },
      columns: [
        Column("metric") { .text($0.name) }, Column("value") { Table.Cell(metrics.value($0), decimals: 6) },
        Column("low") { Table.Cell(metrics.estimate($0)?.low, decimals: 6) },
        Column("high") { Table.Cell(metrics.estimate($0)?.high, decimals: 6) },
      ])
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
