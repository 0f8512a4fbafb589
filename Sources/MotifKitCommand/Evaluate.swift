import ArgumentParser
import Foundation
import MotifKit
import Runtime

struct Evaluate: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Measure a network on labelled sequences.",
    discussion: """
      Prints loss, accuracy, AUROC and AUPRC, each with its 95 % confidence interval.

      For a network that learned other columns (motifkit train --labels, --loss) the table needs them too, and a row for \
      each output follows: AUROC, AUPRC and accuracy of questions and of classes against the others; mean squared error, \
      Pearson's and Spearman's correlation of numbers and counts. --format json has their intervals.

      --permutations shuffles the labels and says how often that does as well by chance; it needs one question of yes \
      and no. --against tells whether another model is better or worse on the same sequences: by McNemar's exact test for \
      accuracy and DeLong's for AUROC, and where there is more than yes and no by the paired t-test of the losses.

      EXAMPLES:
        motifkit evaluate v2.safetensors FOXO1_test.csv
        motifkit evaluate v2.safetensors FOXO1_test.csv --permutations 10000 --against v1.safetensors
        motifkit evaluate v2.safetensors FOXO1_test.csv --format json
      """)

  @Argument(help: "A model that motifkit trained.") var model: String
  @Argument(help: "Table of sequences with labels, plain or gzipped, or - for standard input.") var file:
    String
  @Option(help: ArgumentHelp("Shuffle the labels this many times for p-values.", valueName: "count"))
  var permutations: Int?
  @Option(help: ArgumentHelp("Another model to compare with on the same sequences.", valueName: "model"))
  var against: String?
  @OptionGroup var output: FormatOption
  @OptionGroup(title: "Genome") var genome: GenomeArguments
  @OptionGroup var common: CommonOptions

  func validate() throws {
    if let permutations, !(1...100_000_000).contains(permutations) {
      throw ValidationError("--permutations \(permutations): expected 1 to 100000000")
    }
  }

  func run() throws {
    let model = try Model.read(model)
    let objective = try model.knownObjective(file: self.model)
    let set = try objective.read(path: file, length: model.network.architecture.input.length)
    let logits = try model.network.finiteLogits(of: set.sequences, file: self.model)
    if permutations != nil { try set.requireBinary(for: "--permutations", file: self.model) }
    let metrics = ObjectiveMetrics(logits: logits, on: set, seed: common.seed)
    let significance = Significance(
      permutationTest: permutations.flatMap {
        PermutationTest(scores: logits, labels: set.labels, permutations: $0, seed: common.seed)
      },
      comparison: try against.map {
        NetworkComparison(first: logits, second: try otherLogits($0, set), on: set)
      })
    if output.isJSON {
      return try StandardOutput.write(json: Answer(metrics: metrics, significance: significance))
    }
    try write(metrics)
    try StandardOutput.write(significance.text(model: self.model, against: against))
  }

  private func otherLogits(_ path: String, _ set: DataSet) throws -> [Float] {
    let other = try Model.read(path)
    guard try other.knownObjective(file: path) == set.objective else {
      throw InputError(file: path, "answers another question than \(model)")
    }
    let length = other.network.architecture.input.length
    guard set.sequences.uniformLength == length else {
      throw InputError(
        file: path, "takes sequences of \(length) bases, but \(file) has \(set.sequences.uniformLength ?? 0)")
    }
    return try other.network.finiteLogits(of: set.sequences, file: path)
  }

  /// The metrics and beside them what was asked for.
  private struct Answer: Encodable {
    let metrics: ObjectiveMetrics
    let significance: Significance

    func encode(to encoder: any Encoder) throws {
      try metrics.encode(to: encoder)
      try significance.encode(to: encoder)
    }
  }

  private static let header = "          value   95 % interval\n"

  private func write(_ name: String, _ estimate: Estimate) throws {
    let numbers = [estimate.value, estimate.low, estimate.high].map { String(format: "%.4f", $0) }
    let title = name.padding(toLength: 9, withPad: " ", startingAt: 0)
    try StandardOutput.write("\(title) \(numbers[0])  \(numbers[1]) to \(numbers[2])\n")
  }

  /// The loss and what goes with it; where there are other questions than one of yes and no, then a row for each output
  /// and their mean.
  private func write(_ metrics: ObjectiveMetrics) throws {
    try StandardOutput.write(Self.header)
    guard metrics.objective != .binary else {
      for metric in metrics.objective.metrics {
        if let estimate = metrics.estimate(metric) { try write(metric.name, estimate) }
      }
      return
    }
    try write("loss", metrics.loss)
    if let accuracy = metrics.accuracy { try write("accuracy", accuracy) }
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
