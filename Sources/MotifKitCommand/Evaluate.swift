import ArgumentParser
import Foundation
import MotifKit
import Runtime

struct Evaluate: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Measure a network on labelled sequences.",
    discussion: """
      Prints loss, accuracy, AUROC and AUPRC, each with its 95 % confidence interval.

      For a network that learned other columns (motifkit train --labels, --loss) the table needs them too, and a row an \
      output follows: AUROC, AUPRC and accuracy of questions and of classes against the others; mean squared error, \
      Pearson's and Spearman's correlation of numbers and counts. --format json has their intervals.

      --permutations deals the labels anew and tells how often that does as well by chance; --against tells whether another \
      model is better or worse on the same sequences, by McNemar's exact test for accuracy and DeLong's for AUROC.

      EXAMPLES:
        motifkit evaluate v2.safetensors FOXO1_test.csv
        motifkit evaluate v2.safetensors FOXO1_test.csv --permutations 10000 --against v1.safetensors
        motifkit evaluate v2.safetensors FOXO1_test.csv --format json
      """)

  @Argument(help: "A model that motifkit trained.") var model: String
  @Argument(help: "Table of sequences with labels, plain or gzipped, or - for standard input.") var file:
    String
  @Option(help: ArgumentHelp("Deal the labels anew this many times for p-values.", valueName: "count"))
  var permutations: Int?
  @Option(help: ArgumentHelp("Another model to compare with on the same sequences.", valueName: "model"))
  var against: String?
  @OptionGroup var output: FormatOption
  @OptionGroup var common: CommonOptions

  func validate() throws {
    if let permutations, permutations < 1 {
      throw ValidationError("--permutations \(permutations): expected 1 or more")
    }
  }

  func run() throws {
    let (network, metadata) = try Network.read(model)
    let objective = try Objective(metadata: metadata, of: network, file: model)
    let set = try objective.set(path: file, length: network.architecture.input.length)
    let logits = try network.finiteLogits(set.sequences, file: model)
    guard objective == .binary else {
      if permutations != nil || against != nil {
        throw InputError(file: model, "--permutations and --against need a model with one yes or no")
      }
      return try write(
        TargetMetrics(logits: logits, targets: set.targets, objective: objective, seed: common.seed),
        objective)
    }
    let labels = set.sequences.labels
    let metrics = ClassificationMetrics(logits: logits, labels: labels, seed: common.seed)
    let significance = Significance(
      permutationTest: permutations.flatMap {
        PermutationTest(scores: logits, labels: labels, permutations: $0, seed: common.seed)
      },
      comparison: try against.map {
        PairedComparison(first: logits, second: try otherLogits($0, set.sequences), labels: labels)
      })
    if output.isJSON {
      return try StandardOutput.write(json: Answer(metrics: metrics, significance: significance))
    }
    try StandardOutput.write(Self.header)
    let rows = [
      ("loss", metrics.loss), ("accuracy", metrics.accuracy), ("auroc", metrics.auroc),
      ("auprc", metrics.auprc),
    ]
    for case (let name, let estimate?) in rows { try write(name, estimate) }
    try StandardOutput.write(significance.text(model: model, against: against))
  }

  private func otherLogits(_ path: String, _ sequences: SequenceSet) throws -> [Float] {
    let (network, metadata) = try Network.read(path)
    guard try Objective(metadata: metadata, of: network, file: path) == .binary else {
      throw InputError(file: path, "answers another question than one yes or no")
    }
    let length = network.architecture.input.length
    guard sequences.uniformLength == length else {
      throw InputError(
        file: path, "takes sequences of \(length) bases, but \(file) has \(sequences.uniformLength ?? 0)")
    }
    return try network.finiteLogits(sequences, file: path)
  }

  /// The metrics and beside them what was asked for.
  private struct Answer: Encodable {
    let metrics: ClassificationMetrics
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

  /// The loss, then a row an output and their mean.
  private func write(_ metrics: TargetMetrics, _ objective: Objective) throws {
    if output.isJSON { return try StandardOutput.write(json: metrics) }
    try StandardOutput.write(Self.header)
    try write("loss", metrics.loss)
    if let accuracy = metrics.accuracy { try write("accuracy", accuracy) }
    let names = TargetMetrics.names(for: objective.loss)
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
