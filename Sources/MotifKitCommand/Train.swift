import ArgumentParser
import Foundation
import MotifKit
import Runtime
import Statistics

extension DecisionRule: ExpressibleByArgument {}

struct Train: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Train a network.",
    discussion: """
      Learns yes or no from the column label or Bound, or with --labels and --loss other columns: several questions, \
      classes, numbers, counts. Prints loss and accuracy after the last epoch, or the best with --early-stopping, and the \
      AUROC of the network as it is written. \
      The same seed gives the same model to the byte, with any number of threads and after an interruption.

      EXAMPLES:
        motifkit train --network v5 --train FOXO1_train.csv --test FOXO1_test.csv \\
            --out v5.safetensors
        motifkit train --network v2 --positives peaks.fa --out v2.safetensors \\
            --history v2.tsv
        motifkit train --network basset --train peaks.tsv --test held.tsv \\
            --out basset.safetensors --epochs 30 --schedule cosine \\
            --early-stopping 5 --reverse-complement --checkpoint-every 1 --resume
        motifkit train --network v2 --positives peaks.narrowPeak --genome hg38.2bit \\
            --negatives gc --test-chromosomes chr1 \\
            --validation-chromosomes chr8,chr20 --early-stopping 5 \\
            --out v2.safetensors
        motifkit train --network deepstarr --train enhancers.tsv \\
            --labels 'activity_*' --loss mse --out m.safetensors
      """)

  @Option(
    help: ArgumentHelp(
      "\(NetworkArgument.presets), or a file that holds a network in JSON.", valueName: "name"))
  var network: String
  @OptionGroup var data: DataArguments
  @Option(help: ArgumentHelp("Table with labels to evaluate after each epoch.", valueName: "file")) var test:
    String?
  @Option(help: ArgumentHelp("Model to write (safetensors).", valueName: "file")) var out: String
  @Option(
    help: ArgumentHelp(
      """
      Choose on the sequences of --test above which probability a sequence is called positive, and store it in the model: \
      the largest balanced accuracy, Youden's index (the same) or F1. (default: 0.5)
      """))
  var threshold: DecisionRule?
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
  @OptionGroup(title: "Genome") var genome: GenomeArguments
  @OptionGroup(title: "Signal") var signals: SignalArguments
  @OptionGroup var middle: LengthArguments
  @OptionGroup(title: "Chromosomes") var chromosomes: ChromosomeArguments
  @OptionGroup var common: CommonOptions

  enum SaveWeights: String, ExpressibleByArgument, CaseIterable {
    case none
    case eachEpoch = "each-epoch"
  }

  func validate() throws {
    if threshold != nil, test == nil, !chromosomes.isGiven {
      throw ValidationError(
        "--threshold is chosen on the sequences of --test, or of --validation-chromosomes")
    }
    if test != nil, chromosomes.isGiven {
      throw ValidationError("give --test or chromosomes for it, not both")
    }
  }

  func run() throws {
    let checkpoint = interruptions.checkpoint(model: out)
    if !common.quiet { resumable.withLock { $0 = checkpoint?.path } }
    try requireWritable(out, checkpoint?.path, history, figure)
    if let figure { _ = try FigureFormat(path: figure) }
    try GenomicInput.avoid(test)
    let all = try data.read(seed: common.seed)
    let parts = try chromosomes.parts(of: all, file: data.mainFile, common)
    let profiles = parts?.train ?? all
    let hasCounts = NetworkArgument(network).hasCounts
    let set = hasCounts ? try profiles.withCounts() : profiles
    let objective = set.objective
    let length = try set.sequences.requireUniformLength()
    // What is to test on stays unseen: motifkit evaluate measures it with the same options.
    let validation =
      try test.map { try profiles.objective.read(path: $0, length: length) } ?? parts?.validation
    let testSet = hasCounts ? try validation?.withCounts(objective) : validation
    if threshold != nil {
      guard let testSet else { throw ValidationError("--threshold needs chromosomes to validate on") }
      try testSet.requireBinary(for: "--threshold", file: test ?? data.mainFile)
    }
    let architecture = try architecture(length: length, objective)
    let untrained = Network(architecture: architecture, seed: common.seed)
    let options = training.options(seed: common.seed, isFocal: data.loss.isFocal)
    var model = Model(
      untrained, objective: objective,
      metadata: Model.Metadata(
        name: networkName, seed: common.seed, training: options,
        provenance: Model.Provenance(trainedOn: set)))
    let weights = saveWeights == .eachEpoch ? WeightHistory(folder: out + ".epochs") : nil
    try weights?.save(model, epoch: 0)

    let progress = ProgressBar(
      "Training", total: training.epochs * set.count, unit: "sequences", common)
    let trained = try untrained.trained(
      on: set, validation: testSet, options: options,
      checkpoint: checkpoint,
      progress: { progress.update($0) },
      epochDone: { record, trainer in
        guard let weights else { return }
        model.network = trainer.network
        try weights.save(model, epoch: record.epoch)
      })
    progress.finish()

    model.network = trained.network
    if let threshold, let testSet {
      model.metadata.threshold = threshold.threshold(
        scores: try trained.network.finiteLogits(of: testSet.sequences, file: test), labels: testSet.labels)
    }
    model.metadata.epochs = trained.report.epochs.count
    // What cannot be measured is not written.
    let outcome = Outcome(
      last: trained.report.epochs[(trained.report.bestEpoch ?? trained.report.epochs.count) - 1],
      auroc: try auroc(trained.network, on: set),
      validationAUROC: try testSet.flatMap { try auroc(trained.network, on: $0) },
      threshold: model.metadata.threshold.map { Activation.sigmoid.value(Double($0)) })
    try model.write(to: out)
    if let history { try AtomicFile.write(trained.report.tsv, to: history) }
    if let figure {
      let curves = LearningCurves([LearningCurves.History(name: networkName, trained.report)])
      try curves.figure().write(to: figure, provenance: common.provenance)
    }
    if let checkpoint { try? FileManager.default.removeItem(atPath: checkpoint.path) }
    try print(outcome)
  }

  /// The preset, or the file's name without folder and extension.
  private var networkName: String { NetworkArgument(network).displayName }

  /// Throws `InputError` unless the network has an output for each of the objective's.
  private func architecture(length: Int, _ objective: Objective) throws -> Architecture {
    let outputs = objective.outputs.count
    let argument = NetworkArgument(network)
    // A profile has one track, its bases as positions.
    let architecture = try argument.namedArchitecture(
      length: length, outputs: argument.hasCounts ? 1 : outputs)
    let found = architecture.outputCount
    guard found == outputs else {
      if argument.hasCounts {
        throw InputError(
          file: network,
          "profiles it gives have \(found - 1) bases, those to learn \(outputs - 1): see --window and --signal-window"
        )
      }
      let what = objective.loss == .categoricalCrossEntropy ? "classes" : "columns of labels"
      throw InputError(
        file: network, "the network has \(found) outputs, but there are \(outputs) \(what)")
    }
    return architecture
  }

  /// `nil` unless the question is of yes and no.
  private func auroc(_ network: Network, on set: DataSet) throws -> Double? {
    guard !set.labels.isEmpty else { return nil }
    return Metrics.auroc(scores: try network.finiteLogits(of: set.sequences), labels: set.labels)?.value
  }

  /// What is printed.
  private struct Outcome: Encodable {
    let last: EpochRecord
    /// Of the network as it is written, on the training sequences and those of `--test`.
    let auroc, validationAUROC: Double?
    /// A probability.
    let threshold: Double?

    private enum Key: CodingKey { case auroc, validationAUROC, threshold }

    func encode(to encoder: any Encoder) throws {
      try last.encode(to: encoder)
      var container = encoder.container(keyedBy: Key.self)
      try container.encodeIfPresent(auroc, forKey: .auroc)
      try container.encodeIfPresent(validationAUROC, forKey: .validationAUROC)
      try container.encodeIfPresent(threshold, forKey: .threshold)
    }
  }

  private func print(_ outcome: Outcome) throws {
    if output.isJSON { return try StandardOutput.write(json: outcome) }
    let last = outcome.last
    let rows = [
      ("loss", last.loss), ("accuracy", last.accuracy), ("auroc", outcome.auroc),
      ("validation_loss", last.validationLoss), ("validation_accuracy", last.validationAccuracy),
      ("validation_auroc", outcome.validationAUROC), ("threshold", outcome.threshold),
    ]
    for case (let name, let value?) in rows {
      try StandardOutput.write("\(name)\t\(String(format: "%.6f", value))\n")
    }
  }
}
