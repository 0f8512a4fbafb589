import ArgumentParser
import Foundation
import MotifKit
import Runtime

struct Evaluate: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Measure a network on labelled sequences.",
    discussion: """
      Prints loss, accuracy, AUROC and AUPRC, each with its 95 % confidence interval; with a threshold, --threshold or the \
      one that motifkit train --threshold chose, also balanced accuracy and F1 of the calls above it.

      For a network that learned other columns (motifkit train --labels, --loss) the table needs them too, and a row for \
      each output follows: AUROC, AUPRC and accuracy of questions and of classes against the others; mean squared error, \
      Pearson's and Spearman's correlation of numbers and counts. --format json has their intervals.

      --permutations shuffles the labels and says how often that does as well by chance; it needs one question of yes \
      and no. --against tells whether another model is better or worse on the same sequences: by McNemar's exact test for \
      accuracy and DeLong's for AUROC, and where there is more than yes and no by the paired t-test of the losses.

      EXAMPLES:
        motifkit evaluate v2.safetensors FOXO1_test.csv
        motifkit evaluate v2.safetensors FOXO1_test.csv --permutations 10000 \\
            --against v1.safetensors
        motifkit evaluate v2.safetensors FOXO1_test.csv --format json
        motifkit evaluate v2.safetensors peaks.narrowPeak --genome hg38.2bit \\
            --test-chromosomes chr1
      """)

  @Argument(help: "A model of motifkit or of another program.") var model: String
  @Argument(help: "Table of sequences with labels, plain or gzipped, or - for standard input.") var file:
    String
  @Option(help: ArgumentHelp("Shuffle the labels this many times for p-values.", valueName: "count"))
  var permutations: Int?
  @Option(help: ArgumentHelp("Another model to compare with on the same sequences.", valueName: "model"))
  var against: String?
  @Option(
    help: ArgumentHelp(
      "Probability above which a sequence is called positive. (default: the model's own, otherwise 0.5)",
      valueName: "probability"))
  var threshold: Double?
  @OptionGroup var output: FormatOption
  @OptionGroup(title: "Genome") var genome: GenomeArguments
  @OptionGroup(title: "Signal") var signals: SignalArguments
  @OptionGroup var middle: LengthArguments
  @OptionGroup(title: "Chromosomes") var chromosomes: ChromosomeArguments
  @OptionGroup(title: "Network of another program") var foreign: ForeignArguments
  @OptionGroup var common: CommonOptions

  func validate() throws {
    if let permutations, !(1...100_000_000).contains(permutations) {
      throw ValidationError("--permutations \(permutations): expected 1 to 100000000")
    }
    if let threshold, !(threshold > 0 && threshold < 1) {
      throw ValidationError("--threshold \(threshold): expected a probability between 0 and 1")
    }
  }

  func run() throws {
    let model = try foreign.model(model, for: file)
    let objective = try model.knownObjective(file: self.model)
    let length = model.network.architecture.input.length
    GenomicInput.source?.fit(length: length)
    let set = try chromosomes.measured(objective.read(path: file, length: length), file: file, common)
    model.noteSeenChromosomes(set, common)
    let logits = try model.network.finiteLogits(of: set.sequences, file: self.model)
    if permutations != nil { try set.requireBinary(for: "--permutations", file: self.model) }
    let decision = try decision(of: model, logits, set)
    let metrics = ObjectiveMetrics(
      logits: logits, on: set, threshold: decision?.logit ?? 0, seed: common.seed)
    let called = Decision.called(logits, above: decision?.logit)
    let significance = Significance(
      permutationTest: permutations.flatMap {
        PermutationTest(scores: called, labels: set.labels, permutations: $0, seed: common.seed)
      },
      comparison: try against.map {
        NetworkComparison(first: called, second: try otherLogits($0, set), on: set)
      })
    if output.isJSON {
      return try StandardOutput.write(
        json: Answer(metrics: metrics, decision: decision, significance: significance))
    }
    try write(metrics, decision)
    try StandardOutput.write(significance.text(model: self.model, against: against))
  }

  private func otherLogits(_ path: String, _ set: DataSet) throws -> [Float] {
    let other = try foreign.model(path, for: file)
    guard try other.knownObjective(file: path) == set.objective else {
      throw InputError(file: path, "answers another question than \(model)")
    }
    let length = other.network.architecture.input.length
    guard set.sequences.uniformLength == length else {
      throw InputError(
        file: path, "takes sequences of \(length) bases, but \(file) has \(set.sequences.uniformLength ?? 0)")
    }
    return Decision.called(
      try other.network.finiteLogits(of: set.sequences, file: path), above: other.metadata.threshold)
  }

  /// The calls, where a threshold is given here or stored in the model.
  private func decision(of model: Model, _ logits: [Float], _ set: DataSet) throws -> Decision? {
    if threshold != nil { try set.requireBinary(for: "--threshold", file: self.model) }
    let given = threshold.map { Float(log($0 / (1 - $0))) }
    guard let logit = given ?? model.metadata.threshold, !set.labels.isEmpty else { return nil }
    return Decision(logit, logits, set.labels)
  }

  /// How good the calls above a threshold are.
  private struct Decision: Encodable {
    let logit: Float
    /// As a probability.
    let threshold: Double
    let balancedAccuracy, f1: Estimate?

    init(_ logit: Float, _ logits: [Float], _ labels: [UInt8]) {
      self.logit = logit
      threshold = Activation.sigmoid.value(Double(logit))
      balancedAccuracy = Metrics.balancedAccuracy(scores: logits, labels: labels, threshold: logit)
      f1 = Metrics.f1(scores: logits, labels: labels, threshold: logit)
    }

    /// Scores that are positive where a logit is above the threshold.
    static func called(_ logits: [Float], above threshold: Float?) -> [Float] {
      threshold.map { threshold in logits.map { $0 - threshold } } ?? logits
    }

    enum CodingKeys: String, CodingKey { case threshold, balancedAccuracy = "balanced_accuracy", f1 }
  }

  /// The metrics and beside them what was asked for.
  private struct Answer: Encodable {
    let metrics: ObjectiveMetrics
    let decision: Decision?
    let significance: Significance

    func encode(to encoder: any Encoder) throws {
      try metrics.encode(to: encoder)
      try decision?.encode(to: encoder)
      try significance.encode(to: encoder)
    }
  }

  /// Numbers with their intervals, below each other.
  private func write(_ rows: [(name: String, estimate: Estimate)]) throws {
    let width = rows.map(\.name.count).reduce(9, max)
    func title(_ name: String) -> String { name.padding(toLength: width, withPad: " ", startingAt: 0) }
    try StandardOutput.write("\(title("")) value   95 % interval\n")
    for (name, estimate) in rows {
      let numbers = [estimate.value, estimate.low, estimate.high].map { String(format: "%.4f", $0) }
      try StandardOutput.write("\(title(name)) \(numbers[0])  \(numbers[1]) to \(numbers[2])\n")
    }
  }

  /// The loss and what goes with it; where there are other questions than one of yes and no, then a row for each output
  /// and their mean.
  private func write(_ metrics: ObjectiveMetrics, _ decision: Decision?) throws {
    let calls = decision.map { [("balanced_accuracy", $0.balancedAccuracy), ("f1", $0.f1)] } ?? []
    var rows: [(String, Estimate?)] = [("loss", metrics.loss), ("accuracy", metrics.accuracy)]
    if metrics.objective == .binary {
      rows = metrics.objective.metrics.map { ($0.name, metrics.estimate($0)) }
    }
    try write((rows + calls).compactMap { name, estimate in estimate.map { (name, $0) } })
    if let decision {
      try StandardOutput.write(String(format: "threshold         %.4f\n", decision.threshold))
    }
    guard metrics.objective != .binary else { return }
    let names = metrics.outputMetrics
    func number(_ value: Double?) -> String { value.map { String(format: "%.4f", $0) } ?? "" }
    try StandardOutput.write("\noutput\tsequences\t" + names.joined(separator: "\t") + "\n")
    for output in metrics.outputs {
      let cells = names.map { number(output.metrics[$0]?.value) }
      try StandardOutput.write("\(output.name)\t\(output.sequences)\t\(cells.joined(separator: "\t"))\n")
    }
    guard metrics.outputs.count > 1 else { return }
    let means = names.map { number(metrics.means[$0]) }
    try StandardOutput.write("mean\t\t\(means.joined(separator: "\t"))\n")
  }
}
