import Figures
import Interpretation
import Motifs
import Runtime
import Sequences
import Statistics

/// Dead, always-on, duplicate and correlated filters of a convolution: tables and pictures.
public struct RedundancyReport: Sendable {
  public let redundancy: FilterRedundancy

  public init(_ redundancy: FilterRedundancy) { self.redundancy = redundancy }

  /// Every filter: what it does, its cluster, whose duplicate it is, and which other is most like it.
  public var table: Table {
    var table = Table(
      "filters",
      columns: [
        "filter", "dead", "always_on", "removable", "maximum", "mean", "fraction_active",
        "fraction_of_sequences", "cluster", "duplicate_of", "most_alike", "correlation", "offset", "strand",
      ])
    let weights = redundancy.weights
    for (filter, status) in redundancy.statuses.enumerated() {
      let others = (0..<redundancy.filters).filter { $0 != filter }
      let nearest = others.max { (weights[filter, $0], -$0) < (weights[filter, $1], -$1) }
      let place = nearest.map { filter * redundancy.filters + $0 }
      let activity = redundancy.activity
      table.append([
        .text("filter\(filter)"), .text(status.death),
        .text(status.alwaysOn ? "always on" : status.activeEverywhere ? "active everywhere" : ""),
        .text(status.isRemovable ? "yes" : ""), .number(Double(activity.maximum[filter]), decimals: 3),
        .number(activity.mean[filter], decimals: 4),
        .number(activity.fractionOfPositions(filter), decimals: 4),
        .number(activity.fractionOfSequences(filter), decimals: 4), .integer(redundancy.clusters[filter]),
        redundancy.duplicate(filter).map { .text("filter\($0)") } ?? .missing,
        nearest.map { .text("filter\($0)") } ?? .missing,
        Table.Cell(nearest.map { weights[filter, $0] }, decimals: 4),
        Table.Cell(place.map { weights.offset[$0] }),
        place.map { .text(weights.isReverse[$0] ? "-" : "+") } ?? .missing,
      ])
    }
    return table
  }

  /// Every pair of filters.
  public var correlationTable: Table { Table(correlationOf: redundancy) }

  /// Writes `filters.tsv`, `correlation.tsv`, and the correlation maps with their trees, `weights.png` and
  /// `activations.png`, into a folder that is there.
  ///
  /// - Throws: `InputError` or `FigureError` naming the file that cannot be written.
  public func write(to folder: String, provenance: Provenance) throws {
    try AtomicFile.write(table.tsv, to: "\(folder)/filters.tsv")
    try AtomicFile.write(correlationTable.tsv, to: "\(folder)/correlation.tsv")
    let count = redundancy.filters
    func rows(_ values: [Double]) -> [[Double]] {
      (0..<count).map { Array(values[$0 * count..<($0 + 1) * count]) }
    }
    let names = (0..<count).map { "filter\($0)" }
    let maxima = rows(redundancy.maxima)
    let tree = HierarchicalClustering(
      distances: maxima.map { row in row.map { 1 - $0 } }, linkage: .complete)
    let maps = [
      (
        "weights",
        CorrelationMap(
          rows(redundancy.weights.correlation), names: names, linkage: redundancy.clustering.steps,
          cut: 1 - redundancy.threshold, title: "Filters by their weights")
      ),
      (
        "activations",
        CorrelationMap(
          maxima, names: names, linkage: tree.steps, cut: 1 - redundancy.threshold,
          title: "Filters by their largest activations")
      ),
    ]
    for (name, map) in maps {
      for type in ["png", "svg"] {
        try map.figure().write(to: "\(folder)/\(name).\(type)", dpi: 160, provenance: provenance)
      }
    }
  }
}
