import Figures
import Interpretation
import Motifs
import Runtime
import Sequences
import Statistics
import Study

extension FilterClusters {
  /// A row for each cluster.
  public var table: Table { Table("clusters", Array(clusters.indices), columns: columns) }

  private var columns: [Column<Int>] {
    [
      Column("cluster") { .text(clusters[$0].merged.identifier) },
      Column("filters") { .integer(clusters[$0].members.count) },
      // Where the member starts in the merged motif, and on which strand.
      Column("members") { cluster in
        .text(
          clusters[cluster].members.map {
            "filter\(filters[$0.index]):\($0.start):\($0.isReverse ? "-" : "+")"
          }.joined(separator: ","))
      },
      Column("consensus") { .text(clusters[$0].merged.frequencies.consensus()) },
      Column("information_content") {
        .number(clusters[$0].merged.frequencies.informationContent.reduce(0, +), decimals: 2)
      },
      Column("best_match") { Table.Cell(names[$0]?.best.target.identifier) },
      Column("p") { Table.Cell(scientific: names[$0]?.best.match.pValue) },
      Column("auroc") { Table.Cell(enrichment[$0]?.rank.auroc, decimals: 4) },
      Column("best_match_name") { Table.Cell(names[$0]?.best.target.name) },
    ]
  }

  /// Writes `clusters.tsv`, `clusters.meme`, the tree `clusters.nwk`, and logos of the merged motifs, `clusters.png` and
  /// `.svg`, into a folder that is there.
  ///
  /// - Throws: `InputError` or `FigureError` naming the file that cannot be written.
  public func write(to folder: String, background: Background, provenance: Provenance) throws {
    try AtomicFile.write(table.tsv, to: "\(folder)/clusters.tsv")
    let file = MotifFile(motifs: clusters.map(\.merged), background: background)
    try AtomicFile.write(file.text, to: "\(folder)/clusters.meme")
    try AtomicFile.write(clustering.newick + "\n", to: "\(folder)/clusters.nwk")
    try FigureFiles(folder, provenance).write(
      picture, "clusters", alt: "Filters whose motifs are alike, merged")
  }

  private var picture: LogoGrid {
    LogoGrid(
      clusters.enumerated().map { index, cluster in
        let count = cluster.members.count
        let match = names[index].map {
          "\($0.best.target.displayName), p = \(Words.plainProbability($0.best.match.pValue))"
        }
        return LogoGrid.Item(
          "\(count) filter\(count == 1 ? "" : "s")", frequencies: cluster.merged.frequencies.rows,
          note: match ?? "")
      })
  }
}
