import ArgumentParser
import Foundation
import MotifKit

struct Stability: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Train a network from several seeds: what of it comes back?",
    discussion: """
      Trains the network from --seeds seeds and compares: test metrics, motifs of the filters of the first convolution \
      (clustered over all seeds; those of at least 5 bits and 10 sites), each filter's most similar counterpart in another \
      seed beside motifs with shuffled columns, and input × gradient of up to 200 test positives (where the question is \
      not yes or no: of any test sequences, for the first output). Without --test a third \
      of the sequences is held out. Writes stability.tsv (a row for each motif, and the share of seeds that have it), seeds.tsv, \
      attributions.tsv (pairs of seeds), stability.meme, stability.png and .svg, and run.json.

      EXAMPLES:
        motifkit stability --network v2 --train FOXO1_train.csv \\
            --test FOXO1_test.csv --out stability
        motifkit stability --network v2 --positives peaks.fa --seeds 5 \\
            --database HOCOMOCO.meme --out stability
      """)

  @Option(
    help: ArgumentHelp(
      "\(NetworkArgument.presets), or a file that holds a network in JSON.", valueName: "name"))
  var network: String
  @OptionGroup var data: DataArguments
  @Option(help: ArgumentHelp("Table with labels to measure on.", valueName: "file")) var test: String?
  @Option(help: "How many seeds: --seed and those that follow.") var seeds = 10
  @Option(help: ArgumentHelp("How windows become motifs.", valueName: "rule")) var rule = "half-max"
  @Option(help: ArgumentHelp("Motifs that may give the names, in any format.", valueName: "file"))
  var database: String?
  @Option(help: ArgumentHelp("Folder to write to.", valueName: "folder")) var out: String
  @OptionGroup(title: "Training") var training: TrainingArguments
  @OptionGroup var output: FormatOption
  @OptionGroup(title: "Genome") var genome: GenomeArguments
  @OptionGroup(title: "Signal") var signals: SignalArguments
  @OptionGroup var middle: LengthArguments
  @OptionGroup var common: CommonOptions

  func validate() throws {
    if !(2...1000).contains(seeds) { throw ValidationError("--seeds \(seeds): expected 2 to 1000") }
  }

  func run() throws {
    let rule = try FilterMotifRule(name: rule)
    let targets = try database.map { try Motif.read(path: $0) }
    try RunRecord.fill(
      out, common.reproduction,
      inputs: data.files + NetworkArgument.files(network) + common.inputs(test, database),
      entries: StabilityReport.entries
    ) { stage, _ in
      let sets = try data.read(test: test, share: 1.0 / 3, grouping: .duplicates, seed: common.seed)
      let length = try sets.train.sequences.requireUniformLength(file: data.mainFile)
      let architecture = try NetworkArgument(network).architecture(
        length: length, outputs: sets.train.objective.outputs.count)
      let progress = ProgressBar(
        "Training", total: seeds * training.epochs * sets.train.count, unit: "sequences", common)
      let runs = try SeedRuns(
        architecture, train: sets.train, test: sets.test, seeds: seeds,
        options: training.options(seed: common.seed, isFocal: data.loss.isFocal), rule: rule
      ) { progress.update($0) }
      progress.finish()
      let report = try StabilityReport(
        SeedStability(runs, seed: common.seed), targets: targets ?? [], seed: common.seed)
      try report.write(to: stage, provenance: common.provenance)
      if output.isJSON {
        try StandardOutput.write(json: report)
      } else {
        try StandardOutput.write(report.text)
      }
    }
  }
}
