import ArgumentParser
import Foundation
import MotifKit

struct Train: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Train a network.",
    discussion: """
      Adam, binary cross-entropy. Prints loss and accuracy after the last epoch.

      EXAMPLES:
        motifkit train --network v5 --train FOXO1_train.csv --test FOXO1_test.csv --out v5.safetensors
        motifkit train --network v2 --positives peaks.fa --out v2.safetensors --history v2.tsv
      """)

  @Option(
    help: ArgumentHelp(
      "\(NetworkArgument.presets), or a file that holds a network in JSON.", valueName: "name"))
  var network: String
  @OptionGroup var data: LabeledFiles
  @Option(help: ArgumentHelp("Table with labels to evaluate after each epoch.", valueName: "file")) var test:
    String?
  @Option(help: ArgumentHelp("Model to write (safetensors).", valueName: "file")) var out: String
  @Option(help: "Passes over the training sequences.") var epochs = 10
  @Option(help: "Sequences in one step.") var batchSize = 256
  @Option(help: "Adam's step size.") var learningRate = 0.001
  @Option(help: "balanced gives the rarer class more weight.") var classWeight = TrainingOptions.ClassWeight
    .none
  @Option(
    help: ArgumentHelp("Table of loss and accuracy after each epoch (TSV).", valueName: "file"))
  var history: String?
  @Option(help: ArgumentHelp("Learning curves (.svg, .png or .pdf).", valueName: "file")) var figure: String?
  @OptionGroup var output: FormatOption
  @OptionGroup var common: CommonOptions

  func validate() throws {
    if epochs < 1 { throw ValidationError("--epochs \(epochs): expected 1 or more") }
    if batchSize < 1 { throw ValidationError("--batch-size \(batchSize): expected 1 or more") }
    if !(learningRate > 0 && learningRate.isFinite) {
      throw ValidationError("--learning-rate \(learningRate): expected a number above 0")
    }
  }

  func run() throws {
    try requireWritable(out, history, figure)
    let sequences = try data.read(seed: common.seed)
    let length = try sequences.requireUniformLength()
    let testSet = try test.map { try SequenceSet.readLabeled(path: $0, length: length) }
    let architecture = try NetworkArgument(network).architecture(length: length)

    var options = TrainingOptions()
    options.epochs = epochs
    options.batchSize = batchSize
    options.learningRate = learningRate
    options.classWeight = classWeight
    options.seed = common.seed

    let progress = ProgressBar("Training", total: epochs * sequences.count, unit: "sequences", common)
    let (trained, report) = try Network(architecture: architecture, seed: common.seed)
      .trained(on: sequences, validation: testSet, options: options) { progress.update($0) }
    progress.finish()

    try trained.write(
      to: out, metadata: ["name": networkName, "seed": "\(common.seed)", "epochs": "\(epochs)"])
    if let history { try AtomicFile.write(report.tsv, to: history) }
    if let figure {
      let curves = LearningCurves([LearningCurves.History(name: networkName, report)])
      try curves.figure().write(to: figure, provenance: common.provenance)
    }
    try print(report.epochs[report.epochs.count - 1])
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

extension TrainingOptions.ClassWeight: ExpressibleByArgument {}
