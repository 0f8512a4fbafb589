import ArgumentParser
import MotifKit
import Runtime

struct Marginalize: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Put sites into sequences and see what the network makes of them.",
    discussion: """
      Writes marginalize.tsv: for each site and place the mean before and after, their difference with its 95 % interval and the \
      p-value of the paired t-test; marginalize.png and .svg, and run.json.

      EXAMPLES:
        motifkit marginalize v5.safetensors --motif foxo1 --out effect
        motifkit marginalize v5.safetensors --motif foxo1 --at all --out places
        motifkit marginalize model.safetensors peaks.fa --shuffled \\
            --motif JASPAR2024.meme --both-strands --out effects
        motifkit marginalize model.safetensors --site TGTTTAC --site TGTTTAT \\
            --method deepshap --out cores
      """)

  @Argument(help: "A model of motifkit or of another program.") var model: String
  @OptionGroup var background: BackgroundArguments
  @OptionGroup var sites: SiteArguments
  @Option(
    help: ArgumentHelp(
      "Where sites start, from 0: middle, all, or numbers such as 10,20 or 0-80:4.", valueName: "places"))
  var at = "middle"
  @Flag(help: "Each site also as its reverse complement.") var bothStrands = false
  @OptionGroup var measure: MeasureArguments
  @Option(help: ArgumentHelp("Folder to write to.", valueName: "folder")) var out: String
  @OptionGroup var output: FormatOption
  @OptionGroup(title: "Genome") var genome: GenomeArguments
  @OptionGroup var middle: LengthArguments
  @OptionGroup(title: "Network of another program") var foreign: ForeignArguments
  @OptionGroup var common: CommonOptions

  func validate() throws {
    if at != "middle", at != "all", NumberList(argument: at) == nil {
      throw ValidationError("--at \(at): expected middle, all, or numbers such as 10,20 or 0-80:4")
    }
  }

  func run() throws {
    let sites = try sites.sites(seed: common.seed)
    try Experiment.run(
      "marginalize", out, inputs: [model, background.file] + self.sites.motif, common, output
    ) {
      let model = try foreign.model(model, for: background.file)
      let measure = try measure.measure(model, file: self.model, seed: common.seed)
      let starts = try starts(sites, length: model.network.architecture.input.length)
      let total = sites.count * (starts?.count ?? 1) * (bothStrands ? 2 : 1)
      let progress = ProgressBar("Putting in sites", total: total, unit: "places", common)
      defer { progress.finish() }
      return ExperimentReport(
        try Marginalization(
          sites, into: try background.sequences(for: model.network, seed: common.seed), starts: starts,
          bothStrands: bothStrands, measure: measure
        ) { progress.update($0) })
    }
  }

  /// `nil` for the middle.
  private func starts(_ sites: [InsertedSite], length: Int) throws -> [Int]? {
    if at == "middle" { return nil }
    if let list = NumberList(argument: at) { return list.values }
    let widest = sites.map(\.width).max() ?? 0
    guard widest <= length else {
      throw InputError("a site of \(widest) bases does not fit into sequences of \(length)")
    }
    return Array(0...length - widest)
  }
}

/// What the commands of experiments have in common.
enum Experiment {
  /// Fills the folder and prints the table.
  static func run(
    _ name: String, _ folder: String, inputs: [String?], _ common: CommonOptions, _ output: FormatOption,
    _ body: () throws -> ExperimentReport
  ) throws {
    let report = try RunRecord.fill(
      folder, common.reproduction, inputs: common.inputs(inputs), entries: ExperimentReport.entries(name)
    ) { stage, _ in
      let report = try body()
      try report.write(to: stage, provenance: common.provenance)
      return report
    }
    if output.isJSON { return try StandardOutput.write(json: report.table) }
    try StandardOutput.write(report.table.text)
  }
}
