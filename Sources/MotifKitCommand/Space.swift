import ArgumentParser
import MotifKit
import Runtime

struct Space: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Vary the distance and strands of two sites.",
    discussion: """
      Both sites are put into the middle of sequences at each distance, on all strands. Writes space.tsv: what both do together, \
      what each does alone at the same place, and the interaction, which is the first less the sum of the others, with 95 % \
      intervals; space.png and .svg, and run.json.

      EXAMPLES:
        motifkit space v5.safetensors --motif foxo1 --motif foxo1 --distances 0-40 \\
            --out pair
        motifkit space model.safetensors peaks.fa --shuffled --site TGTTTAC \\
            --site CACGTG --distances 0-60:5 --both-orders --out pair
      """)

  @Argument(help: "A model of motifkit or of another program.") var model: String
  @OptionGroup var background: BackgroundArguments
  @OptionGroup var sites: SiteArguments
  @Option(
    help: ArgumentHelp("Bases between the sites: numbers such as 0-40, 0-60:5 or 3,8.", valueName: "numbers"))
  var distances = NumberList(argument: "0-20")!
  @Flag(help: "Both sites only on the strand given.") var singleStrand = false
  @Flag(help: "Also the second site before the first.") var bothOrders = false
  @OptionGroup var measure: MeasureArguments
  @Option(help: ArgumentHelp("Folder to write to.", valueName: "folder")) var out: String
  @OptionGroup var output: FormatOption
  @OptionGroup(title: "Genome") var genome: GenomeArguments
  @OptionGroup var middle: LengthArguments
  @OptionGroup(title: "Network of another program") var foreign: ForeignArguments
  @OptionGroup var common: CommonOptions

  func run() throws {
    let pair = try sites.sites(seed: common.seed)
    guard pair.count == 2 else {
      throw ValidationError("give two sites with --motif or --site, not \(pair.count)")
    }
    // Two sites of one motif are drawn apart from each other.
    let second = try sites.sites(seed: common.seed &+ 1)[1]
    try Experiment.run(
      "space", out, inputs: [model, background.file] + sites.motif, common, output
    ) {
      let model = try foreign.model(model, for: background.file)
      let measure = try measure.measure(model, file: self.model, seed: common.seed)
      let total = distances.values.count * (singleStrand ? 1 : 4) * (bothOrders ? 2 : 1)
      let progress = ProgressBar("Moving sites", total: total, unit: "arrangements", common)
      defer { progress.finish() }
      return ExperimentReport(
        try SpacingExperiment(
          pair[0], second, into: try background.sequences(for: model.network, seed: common.seed),
          distances: distances.values, allStrands: !singleStrand, bothOrders: bothOrders, measure: measure
        ) { progress.update($0) })
    }
  }
}
