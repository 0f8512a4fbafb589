import ArgumentParser
import MotifKit
import Runtime

struct Cluster: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Cluster the motifs of a file by how alike they are.",
    discussion: """
      The distance of two motifs is 1 minus the normalized correlation of their best alignment on either strand. Writes \
      clusters.tsv (a row for each cluster), members.tsv (a row for each motif: its cluster, start and strand), clusters.meme (the merged \
      motifs), the tree as clusters.nwk, tree.png and .svg, logos as clusters.png and .svg, all of it with logos as a page, index.html, and run.json.

      EXAMPLES:
        motifkit cluster JASPAR2024.meme --out clusters
        motifkit cluster filters.meme --out clusters --max-distance 0.4 \\
            --linkage complete
      """)

  @Argument(help: "Motifs in any supported format.") var motifs: String
  @Option(help: ArgumentHelp("Folder to write to.", valueName: "folder")) var out: String
  @Option(help: ArgumentHelp("Motifs up to this distance share a cluster, 0 to 2.", valueName: "distance"))
  var maxDistance = MotifClustering.defaultMaximumDistance
  @Option(help: "How far apart clusters are: by their nearest, farthest or average members.")
  var linkage = HierarchicalClustering.Linkage.average
  @Option(help: "Fewest columns that an alignment covers.") var minOverlap = MotifAlignment
    .defaultMinimumOverlap
  @Flag(help: "Every motif counts the same in the merged one, whatever its sites.") var equalWeights = false
  @OptionGroup var output: FormatOption
  @OptionGroup var common: CommonOptions

  func validate() throws {
    if !(0...2).contains(maxDistance) {
      throw ValidationError("--max-distance \(maxDistance): expected 0 to 2")
    }
    if !(1...1000).contains(minOverlap) {
      throw ValidationError("--min-overlap \(minOverlap): expected 1 to 1000")
    }
  }

  func run() throws {
    let file = try MotifFile.named(motifs)
    try RunRecord.fill(
      out, common.reproduction, inputs: common.inputs(motifs), entries: MotifClusterReport.entries
    ) { stage, _ in
      let report = try MotifClusterReport(
        file.motifs, maximumDistance: maxDistance, linkage: linkage, minimumOverlap: minOverlap,
        weighting: equalWeights ? .equal : .sites)
      try report.write(
        to: stage, background: file.background ?? .uniform, provenance: common.provenance, seed: common.seed)
      if output.isJSON {
        try StandardOutput.write(json: report)
      } else {
        try StandardOutput.write(report.text)
      }
    }
  }
}

extension HierarchicalClustering.Linkage: ExpressibleByArgument {}
