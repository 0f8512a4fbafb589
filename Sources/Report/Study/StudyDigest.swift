import Evaluation
import Foundation
import Interpretation
import Motifs
import NeuralNetworks
import Runtime
import Statistics
import Study

/// What a study found, in a few numbers: what the program prints.
public struct StudyDigest: Codable, Equatable, Sendable {
  public struct Entry: Codable, Equatable, Sendable {
    public var name: String
    public var parameters: Int
    public var accuracy: Estimate
    public var auroc: Estimate?
    /// The best accuracy that is possible for it, for planted data.
    public var ceiling: Double?
    /// Accuracy when the site may stand anywhere.
    public var scatteredAccuracy: Estimate
  }

  /// The filter that matches best.
  public struct Match: Codable, Equatable, Sendable {
    public var filter: String
    public var consensus: String
    public var motif: String
    public var pValue: Double
    public var eValue: Double
  }

  /// Half of the filters.
  public struct Pruned: Codable, Equatable, Sendable {
    public var filters: Int
    public var accuracyBefore: Double
    public var accuracy: Double
  }

  public var page: String
  public var networks: [Entry]
  /// The network whose filters were read.
  public var interpreted: String
  public var match: Match?
  public var pruned: Pruned

  /// For people: a line for each network, what its filters are, and where the page is.
  public var text: String {
    let titles = ["network", "parameters", "accuracy", "95 % interval", "ceiling", "AUROC"]
    func share(_ value: Double?) -> String { value.map { String(format: "%.4f", $0) } ?? "" }
    let rows = networks.map { network in
      [
        network.name, String(network.parameters), share(network.accuracy.value),
        "\(share(network.accuracy.low)) to \(share(network.accuracy.high))", share(network.ceiling),
        share(network.auroc?.value),
      ]
    }
    // A column that is empty throughout is left out: there is no ceiling for data from files.
    let columns = titles.indices.filter { column in rows.contains { !$0[column].isEmpty } }
    let widths = columns.map { column in ([titles] + rows).map { $0[column].count }.max()! }
    var lines = ([titles] + rows).map { row in
      zip(columns, widths).map { column, width in
        let gap = String(repeating: " ", count: width - row[column].count)
        return column == 0 ? row[column] + gap : gap + row[column]
      }.joined(separator: "  ")
    }
    if let match {
      lines.append(
        "\(interpreted): \(match.filter) (\(match.consensus)) is most like \(match.motif), p = "
          + Words.plainProbability(match.pValue))
    }
    lines.append(
      "\(interpreted) with \(pruned.filters) filters: accuracy \(share(pruned.accuracy)), before"
        + " \(share(pruned.accuracyBefore))")
    return (lines + [page]).joined(separator: "\n") + "\n"
  }
}

extension Study {
  public func digest(page: String) -> StudyDigest {
    let filter = filters.bestRanking.first
    let best = filter.flatMap { filters.best($0) }
    return StudyDigest(
      page: page,
      networks: networks.map { network in
        StudyDigest.Entry(
          name: network.name, parameters: network.network.architecture.parameterCount,
          accuracy: network.accuracy, auroc: network.metrics.auroc,
          ceiling: network.ceiling?.accuracy.value, scatteredAccuracy: network.scatteredAccuracy)
      },
      interpreted: filters.network.name,
      match: filter.flatMap { filter in
        best.map {
          StudyDigest.Match(
            filter: filters.motifs[filter].name, consensus: filters.motifs[filter].frequencies.consensus(),
            motif: $0.target.identifier, pValue: $0.match.pValue, eValue: $0.match.eValue)
        }
      },
      pruned: StudyDigest.Pruned(
        filters: pruning.half.filters, accuracyBefore: pruning.original.accuracy.value,
        accuracy: pruning.half.accuracy.value))
  }
}
