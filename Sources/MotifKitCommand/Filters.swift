import ArgumentParser
import Foundation
import MotifKit
import Runtime

struct Filters: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Turn the filters of a convolution into motifs, and name them.",
    discussion: """
      Writes filters.meme, filters.tsv, heatmap.png (weights), logos/*.png and run.json. Without --database the filters are \
      compared with FOXO1 alone, against a null of synthetic motifs; with it, against the database. A filter has a name \
      where a match means something: E at most 0.05 / filters, and five bits or more in the columns that lie on each \
      other, which both motifs share, four of them beyond its share of G and C. If the sequences have labels, of known motifs with the same sites the one that tells positives from \
      negatives best gives the name, and filters.tsv says how well each motif's best hit tells positives from negatives (AUROC and one-sided \
      Mann-Whitney test) and whether it lies in the middle of the positives.

      RULES:
        half-max  windows above half of the filter's largest activation
        basset    as Basset's program has it
        top-100   the windows with the 100 largest activations (any number)
        exact-p   from the weights alone: the k-mers of a p-value of 0.001
        softmax   from the weights alone: the motif whose log-likelihood ratio is
                    the activation
        all       all of them, a file filters.RULE.meme each; side by side in
                    rules.tsv, rules.png and .svg

      With --layer the filters of a later convolution: what they see is a window as wide as their receptive field, and \
      the two rules that read weights do not apply.

      With --clusters also clusters.tsv, clusters.meme, clusters.nwk (the tree), clusters.png and .svg: filters whose motifs \
      are alike at any offset on either strand, laid on each other and merged into one motif each.

      With --history also history.tsv, history.png and .svg: how the filters became motifs from epoch to epoch. It needs \
      the weights that motifkit train --save-weights each-epoch left in the folder MODEL.epochs.

      EXAMPLES:
        motifkit filters v2.safetensors FOXO1_test.csv --out filters
        motifkit filters v2.safetensors peaks.fa --out filters --rule basset \\
            --database HOCOMOCO.meme
        motifkit filters v3.safetensors FOXO1_test.csv --out filters \\
            --layer conv1d_1 --history
      """)

  @Argument(help: "A model of motifkit or of another program.") var model: String
  @Argument(help: "Sequences: FASTA, CSV or TSV, plain or gzipped, or - for standard input.") var file: String
  @Option(help: ArgumentHelp("Folder to write to.", valueName: "folder")) var out: String
  @Option(help: ArgumentHelp("How windows become motifs.", valueName: "rule")) var rule = "half-max"
  @Option(help: ArgumentHelp("Motifs that may give the names, in any format.", valueName: "file"))
  var database: String?
  @Option(help: "How columns are compared.") var distance = Comparison.Distance.euclidean
  @Option(
    help: ArgumentHelp(
      "Take positions with fewer bits than this off the ends of the motifs.",
      valueName: "bits"))
  var trim: Double?
  @OptionGroup var layer: LayerOption
  @Flag(help: "Merge filters whose motifs are alike (those of at least 5 bits and 10 sites).") var clusters =
    false
  @Flag(help: "Read the filters after each epoch, from the folder MODEL.epochs.") var history = false
  @OptionGroup var output: FormatOption
  @OptionGroup(title: "Genome") var genome: GenomeArguments
  @OptionGroup var middle: LengthArguments
  @OptionGroup(title: "Network of another program") var foreign: ForeignArguments
  @OptionGroup var common: CommonOptions

  private struct Digest: Encodable {
    var filters: Table
    var null: String
  }

  func validate() throws {
    if let trim, !(0...2).contains(trim) { throw ValidationError("--trim \(trim): expected 0 to 2 bits") }
  }

  func run() throws {
    let model = try foreign.model(model, for: file)
    let network = model.network
    GenomicInput.source?.fit(length: network.architecture.input.length)
    let layer = try layer.index(in: network) ?? network.architecture.convolutions.first ?? 0
    var rules = try rule == "all" ? FilterMotifRule.all : [FilterMotifRule(name: rule)]
    if rules.count > 1 { rules.removeAll { $0.needsNoData && !network.readsWeights(layer) } }
    let weights = history ? WeightHistory(folder: self.model + ".epochs") : nil
    _ = try weights?.epochs()
    try RunRecord.fill(
      out, common.reproduction, inputs: common.inputs(self.model, file, database),
      entries: FilterReport.entries(rules: rules, clusters: clusters, history: history)
    ) { stage, _ in
      let set = try LabeledSequences(
        contentsOf: file, labels: .whereYesOrNo, length: network.architecture.input.length)
      try model.requireAnswers(to: set.sequences, file: self.model)
      let targets = try database.map { try Motif.read(path: $0) } ?? [.foxo1]
      let enrichment = try database == nil ? nil : DatabaseEnrichment(targets, in: set, seed: common.seed)
      let naming = NamingOptions(distance: distance, families: enrichment.map { $0.family })
      let analysis = try FilterAnalysis(
        network, layer: layer, on: set, rules: rules, targets: targets, trim: trim, seed: common.seed,
        naming: naming)
      let report = FilterReport(analysis)
      let progress = ProgressBar("Drawing", total: analysis.filters, unit: "logos", common)
      try report.write(to: stage, provenance: common.provenance) { progress.update($0) }
      progress.finish()
      if clusters {
        try FilterClusters(analysis, on: set, seed: common.seed, naming: naming)
          .write(to: stage, background: analysis.background, provenance: common.provenance)
      }
      if let weights {
        // A longer run before this one may have left later epochs.
        try FilterHistory(
          weights, until: model.metadata.epochs, of: network, layer: layer, on: set, rule: rules[0],
          targets: targets, trim: trim, seed: common.seed, naming: naming
        ).write(to: stage, provenance: common.provenance)
      }
      if output.isJSON {
        try StandardOutput.write(json: Digest(filters: report.table, null: analysis.null))
      } else {
        try StandardOutput.write(report.text)
      }
    }
  }
}
