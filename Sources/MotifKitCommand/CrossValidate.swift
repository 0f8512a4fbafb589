import ArgumentParser
import Foundation
import MotifKit

struct CrossValidate: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "crossval",
    abstract: "Cross-validate networks and compare them.",
    discussion: """
      Divides the sequences into folds (classes, where there are any, in proportion), trains every network once for each fold on all others, and \
      measures it on the one held out. Prints means over the folds with their 95 % intervals, as if folds were \
      independent and corrected for what their training sets share, and for every pair of networks whether they differ. \
      Writes summary.tsv, comparison.tsv, metrics.tsv (every fold), folds.tsv (every epoch), predictions.tsv (each sequence by the \
      network that had not seen it), learning-curves and metrics as PNG and SVG, and run.json.

      EXAMPLES:
        motifkit crossval --network v1,v2 --folds 20 --train FOXO1_train.csv \\
            --out folds
        motifkit crossval --network v2 --positives peaks.fa \\
            --keep-together chromosomes --out folds
        motifkit crossval --network v2 --positives peaks.narrowPeak \\
            --genome hg38.2bit --negatives gc \\
            --folds-json fold_0.json,fold_1.json,fold_2.json \\
            --out folds
        motifkit crossval --network deepstarr --train enhancers.tsv \\
            --labels 'activity_*' --loss mse --out folds
      """)

  @Option(
    help: ArgumentHelp(
      "Networks, comma-separated: \(NetworkArgument.presets), or files that hold a network in JSON.",
      valueName: "names"))
  var network: String
  @OptionGroup var data: DataArguments
  @Option(help: ArgumentHelp("Parts that are held out in turn.", valueName: "count")) var folds = 10
  @OptionGroup var together: KeepTogetherOption
  @Option(help: ArgumentHelp("Folder to write to.", valueName: "folder")) var out: String
  @OptionGroup(title: "Training") var training: TrainingArguments
  @OptionGroup var output: FormatOption
  @OptionGroup(title: "Genome") var genome: GenomeArguments
  @OptionGroup(title: "Signal") var signals: SignalArguments
  @OptionGroup var middle: LengthArguments
  @OptionGroup(title: "Chromosomes") var chromosomes: ChromosomeArguments
  @OptionGroup var common: CommonOptions

  func validate() throws {
    if chromosomes.validationChromosomes != nil {
      throw ValidationError(
        "nothing is validated on apart from the folds: leave out --validation-chromosomes")
    }
    if folds < 2 { throw ValidationError("--folds \(folds): expected 2 or more") }
    if training.earlyStopping != nil || training.schedule == .plateau {
      throw ValidationError(
        "--early-stopping and --schedule plateau look at the sequences that a fold holds out; leave them out")
    }
  }

  func run() throws {
    try RunRecord.fill(
      out, common.reproduction, inputs: data.files + chromosomes.files + NetworkArgument.files(network),
      entries: CrossValidationReport.entries
    ) { stage, _ in
      let (set, parts) = try divide(data.read(seed: common.seed))
      let length = try set.sequences.requireUniformLength(file: data.mainFile)
      let contenders = try NetworkArgument.contenders(
        network, length: length, outputs: set.objective.outputs.count)
      let progress = ProgressBar(
        "Training", total: contenders.count * training.epochs * (parts.count - 1) * set.count,
        unit: "sequences",
        common)
      let validation = try CrossValidation(
        contenders, on: set, folds: parts,
        options: training.options(seed: common.seed, isFocal: data.loss.isFocal),
        progress: { progress.update($0) })
      progress.finish()
      let report = CrossValidationReport(validation)
      try report.write(to: stage, provenance: common.provenance)
      let digest = report.digest
      if output.isJSON {
        try StandardOutput.write(json: digest)
      } else {
        try StandardOutput.write(digest.text)
      }
    }
  }

  /// The folds of the user's files or drawn at random, without what is kept for a test.
  private func divide(_ all: DataSet) throws -> (set: DataSet, folds: Folds) {
    if let named = try chromosomes.folds(of: all, file: data.mainFile, common) { return named }
    let set = try chromosomes.parts(of: all, file: data.mainFile, common)?.train ?? all
    return (
      set,
      try Folds(
        of: set, count: folds, groups: together.groups(of: set, file: data.mainFile, common),
        seed: common.seed, file: data.mainFile)
    )
  }
}
