import Motifs
import Runtime

extension MotifFile {
  /// A row for each motif: what it is called, how wide and how informative it is, and what it looks like.
  public var table: Table {
    Table(
      "motifs", motifs,
      columns: [
        Column("motif") { .text($0.identifier) }, Column("name") { Table.Cell($0.name) },
        Column("width") { .integer($0.width) },
        Column("information_content") {
          .number($0.frequencies.informationContent.reduce(0, +), decimals: 2)
        },
        Column("sites") { Table.Cell($0.sites, decimals: 0) },
        Column("consensus") { .text($0.frequencies.consensus()) },
        Column("gc") { .number($0.strongShare, decimals: 3) },
        Column("counts") { .text($0.counts == nil ? "no" : "yes") },
      ])
  }
}

extension Motif {
  /// Mean frequency of C and G.
  fileprivate var strongShare: Double {
    frequencies.rows.reduce(0) { $0 + $1[1] + $1[2] } / Double(max(width, 1))
  }
}
