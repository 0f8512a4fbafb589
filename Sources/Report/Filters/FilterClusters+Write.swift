import Figures
import Interpretation
import Motifs
import Runtime
import Sequences
import Statistics
import Study

extension FilterClusters {
  /// A row for each cluster.
  public var table: Table {
    var table = Table(
      "clusters",
      columns: [
        "cluster", "filters", "members", "consensus", "information_content", "best_match", "p", "auroc",
      ])
    for (index, cluster) in clusters.enumerated() {
      let merged = cluster.merged
      table.append([
        .text(merged.identifier), .integer(cluster.members.count),
        // Where the member starts in the merged motif, and on which strand.
        .text(
          cluster.members.map {
            "filter\(filters[$0.index]):\($0.start):\($0.isReverse ? "-" : "+")"
          }.joined(separator: ",")), .text(merged.frequencies.consensus()),
        .number(merged.frequencies.informationContent.reduce(0, +), decimals: 2),
        best[index].map { .text($0.target.identifier) } ?? .missing,
        best[index].map { .scientific($0.match.pValue) } ?? .missing,
        Table.Cell(enrichment[index]?.rank.auroc, decimals: 4),
      ])
    }
    return table
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
    try picture.write(to: "\(folder)/clusters", provenance: provenance)
  }

  private var picture: LogoGrid {
    LogoGrid(
      clusters.enumerated().map { index, cluster in
        let count = cluster.members.count
        let match = best[index].map {
          "\($0.target.displayName) \(Words.plainProbability($0.match.pValue))"
        }
        return LogoGrid.Item(
          "\(count) filter\(count == 1 ? "" : "s")", frequencies: cluster.merged.frequencies.rows,
          note: match ?? "")
      })
  }
}
