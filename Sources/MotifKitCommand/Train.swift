import ArgumentParser
import Foundation
import MotifKit

struct Train: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Train a network.",
    discussion: """
      Minimises binary cross-entropy. Prints loss and accuracy after the last epoch, or the best with --early-stopping.
      The same seed gives the same model to the byte, with any number of threads and after an interruption.

      EXAMPLES:
        motifkit train --network v5 --train FOXO1_train.csv --test FOXO1_test.csv --out v5.safetensors
        motifkit train --network v2 --positives peaks.fa --out v2.safetensors --history v2.tsv
        motifkit train --network basset --train peaks.tsv --test held.tsv --out basset.safetensors --epochs 30 \\
          --schedule cosine --early-stopping 5 --reverse-complement --checkpoint-every 1 --resume
      """)

  @Option(
    help: ArgumentHelp(
      "\(NetworkArgument.presets), or a file that holds a network in JSON.", valueName: "name"))
  var network: String
  @OptionGroup var data: LabeledFiles
  @Option(help: ArgumentHelp("Table with labels to evaluate after each epoch.", valueName: "file")) var test:
    String?
  @Option(help: ArgumentHelp("Model to write (safetensors).", valueName: "file")) var out: String
  @OptionGroup(title: "Training") var training: TrainingArguments
  @OptionGroup(title: "Interruptions") var interruptions: CheckpointArguments
  @Option(
    help: ArgumentHelp(
      "each-epoch keeps a model of every epoch, in a folder with the model's file name and .epochs."))
  var saveWeights = SaveWeights.none
  @Option(
    help: ArgumentHelp("Table of loss and accuracy after each epoch (TSV).", valueName: "file"))
  var history: String?
  @Option(help: ArgumentHelp("Learning curves (.svg, .png or .pdf).", valueName: "file")) var figure: String?
  @OptionGroup var output: FormatOption
  @OptionGroup var common: CommonOptions

  enum SaveWeights: String, ExpressibleByArgument, CaseIterable {
    case none
    case eachEpoch = "each-epoch"
  }

  func run() throws {
    let checkpoint = interruptions.checkpoint(model: out)
    try requireWritable(out, checkpoint?.path, history, figure)
    let sequences = try data.read(seed: common.seed)
    let length = try sequences.requireUniformLength()
    let testSet = try test.map { try SequenceSet.readLabeled(path: $0, length: length) }
    let architecture = try NetworkArgument(network).architecture(length: length)
    let untrained = Network(architecture: architecture, seed: common.seed)
    let weights = saveWeights == .eachEpoch ? WeightHistory(folder: out + ".epochs") : nil
    try weights?.save(untrained, epoch: 0)

    let progress = ProgressBar(
      "Training", total: training.epochs * sequences.count, unit: "sequences", common)
    let (trained, report) = try untrained.trained(
      on: sequences, validation: testSet, options: training.options(seed: common.seed),
      checkpoint: checkpoint,
      progress: { progress.update($0) },
      epochDone: { record, trainer in try weights?.save(trainer.network, epoch: record.epoch) })
    progress.finish()

    try trained.write(
      to: out, metadata: ["name": networkName, "seed": "\(common.seed)", "epochs": "\(report.epochs.count)"])
    if let history { try AtomicFile.write(report.tsv, to: history) }
    if let figure {
      let curves = LearningCurves([LearningCurves.History(name: networkName, report)])
      try curves.figure().write(to: figure, provenance: common.provenance)
    }
    if let checkpoint { try? FileManager.default.removeItem(atPath: checkpoint.path) }
    try print(report.epochs[(report.bestEpoch ?? report.epochs.count) - 1])
  }

  /// The preset, or the file's name without folder and extension.
  private var networkName: String { NetworkArgument(network).displayName }

  private func print(_ last: EpochRecord) throws {
    if output.isJSON { return try StandardOutput.write(json: last) }
    let rows = [
      ("loss", last.loss), ("accuracy", last.accuracy), ("validation_loss", last.validationLoss),
      ("validation_accuracy", last.validationAccuracy),
    ]
    for case (let name, let value?) in rows {
      try StandardOutput.write("\(name)\t\(String(format: "%.6f", value))\n")
    }
  }
}
