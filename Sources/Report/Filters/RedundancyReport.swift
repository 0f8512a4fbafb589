import Figures
import Interpretation
import Runtime
import Statistics
import Study

/// Dead, always-on, duplicate and correlated filters of a convolution: tables and pictures.
public struct RedundancyReport: Sendable {
  public let redundancy: FilterRedundancy

  public init(_ redundancy: FilterRedundancy) { self.redundancy = redundancy }

  /// Every filter: what it does, its cluster, whose duplicate it is, and which other is most like it.
  public var table: Table {
    let weights = redundancy.weights
    let activity = redundancy.activity
    let statuses = redundancy.statuses
    let nearest = (0..<redundancy.filters).map { filter in
      (0..<redundancy.filters).filter { $0 != filter }
        .max { (weights[filter, $0], -$0) < (weights[filter, $1], -$1) }
    }
    func place(_ filter: Int) -> Int? { nearest[filter].map { filter * redundancy.filters + $0 } }
    return Table(
      "redundancy", Array(0..<redundancy.filters),
      columns: [
        Column("filter") { .text("filter\($0)") },
        Column("dead") { .text(statuses[$0].death) },
        Column("always_on") {
          .text(
            statuses[$0].alwaysOn ? "always on" : statuses[$0].activeEverywhere ? "active everywhere" : "")
        },
        Column("removable") { .text(statuses[$0].isRemovable ? "yes" : "") },
        Column("maximum") { .number(Double(activity.maximum[$0]), decimals: 3) },
        Column("mean") { .number(activity.mean[$0], decimals: 4) },
        Column("fraction_active") { .number(activity.fractionOfPositions($0), decimals: 4) },
        Column("fraction_of_sequences") { .number(activity.fractionOfSequences($0), decimals: 4) },
        Column("cluster") { .integer(redundancy.clusters[$0]) },
        Column("duplicate_of") { Table.Cell(redundancy.duplicate($0).map { "filter\($0)" }) },
        Column("most_alike") { Table.Cell(nearest[$0].map { "filter\($0)" }) },
        Column("correlation") { filter in
          Table.Cell(nearest[filter].map { weights[filter, $0] }, decimals: 4)
        },
        Column("offset") { Table.Cell(place($0).map { weights.offset[$0] }) },
        Column("strand") { Table.Cell(place($0).map { weights.isReverse[$0] ? "-" : "+" }) },
      ])
  }

  /// Every pair of filters.
  public var correlationTable: Table {
    let count = redundancy.filters
    let pairs = (0..<count).flatMap { a in (a + 1..<max(a + 1, count)).map { (a: a, b: $0) } }
    func place(_ pair: (a: Int, b: Int)) -> Int { pair.a * count + pair.b }
    return Table(
      "correlation", pairs,
      columns: [
        Column("filter_a") { .text("filter\($0.a)") }, Column("filter_b") { .text("filter\($0.b)") },
        Column("weights") { .number(redundancy.weights[$0.a, $0.b], decimals: 4) },
        Column("offset") { .integer(redundancy.weights.offset[place($0)]) },
        Column("strand") { .text(redundancy.weights.isReverse[place($0)] ? "-" : "+") },
        Column("activations") { .number(redundancy.activations[place($0)], decimals: 4) },
        Column("maxima") { .number(redundancy.maxima[place($0)], decimals: 4) },
      ])
  }

  /// What `write` leaves in a folder.
  public static let entries = [
    "redundancy.tsv", "correlation.tsv", "weights.png", "weights.svg", "activations.png", "activations.svg",
  ]

  /// Writes `redundancy.tsv`, `correlation.tsv`, and the correlation maps with their trees, `weights.png` and
  /// `activations.png`, into a folder that is there.
  ///
  /// - Throws: `InputError` or `FigureError` naming the file that cannot be written.
  public func write(to folder: String, provenance: Provenance) throws {
    for table in [table, correlationTable] {
      try AtomicFile.write(table.tsv, to: "\(folder)/\(table.name).tsv")
    }
    let figures = FigureFiles(folder, provenance)
    try figures.write(
      CorrelationMap(weights: redundancy, title: "Filters by their weights"), "weights",
      alt: "Correlation of the filters by their weights, with the tree of filters")
    try figures.write(
      CorrelationMap(activations: redundancy, title: "Filters by their largest activations"), "activations",
      alt: "Correlation of the filters by their activations, with the tree of filters")
  }
}
