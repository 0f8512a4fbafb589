import Motifs
import Runtime

extension MotifFile {
  /// A row for each motif: what it is called, how wide and how informative it is, and what it looks like.
  public var table: Table {
    Table(
      "motifs",
      columns: [
        "motif", "name", "width", "information_content", "sites", "consensus", "gc", "counts",
      ],
      rows: motifs.map { motif in
        let frequencies = motif.frequencies
        let strong = frequencies.rows.reduce(0) { $0 + $1[1] + $1[2] } / Double(max(motif.width, 1))
        return [
          .text(motif.identifier), motif.name.map { .text($0) } ?? .missing, .integer(motif.width),
          .number(frequencies.informationContent.reduce(0, +), decimals: 2),
          Table.Cell(motif.sites, decimals: 0),
          .text(frequencies.consensus()), .number(strong, decimals: 3),
          .text(motif.counts == nil ? "no" : "yes"),
        ]
      })
  }
}
