import ArgumentParser
import Foundation
import MotifKit

struct Evaluate: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Measure a network on labelled sequences.",
    discussion: """
      Prints loss, accuracy, AUROC and AUPRC, each with its 95 % confidence interval.

      For a network that learned other columns (motifkit train --labels, --loss) the table needs them too, and a row an \
      output follows: AUROC, AUPRC and accuracy of questions and of classes against the others; mean squared error, \
      Pearson's and Spearman's correlation of numbers and counts. --format json has their intervals.

      EXAMPLES:
        motifkit evaluate v2.safetensors FOXO1_test.csv
        motifkit evaluate v2.safetensors FOXO1_test.csv --format json
      """)

  @Argument(help: "A model that motifkit trained.") var model: String
  @Argument(help: "Table of sequences with labels, plain or gzipped, or - for standard input.") var file:
    String
  @OptionGroup var output: FormatOption
  @OptionGroup var common: CommonOptions

  func run() throws {
    let (network, metadata) = try Network.read(model)
    let objective = try Objective(metadata: metadata, of: network, file: model)
    let set = try objective.set(path: file, length: network.architecture.input.length)
    let logits = network.logits(set.sequences)
    guard objective == .binary else {
      return try write(
        TargetMetrics(logits: logits, targets: set.targets, objective: objective, seed: common.seed),
        objective)
    }
    let metrics = ClassificationMetrics(logits: logits, labels: set.sequences.labels, seed: common.seed)
    if output.isJSON { return try StandardOutput.write(json: metrics) }
    try StandardOutput.write(Self.header)
    let rows = [
      ("loss", metrics.loss), ("accuracy", metrics.accuracy), ("auroc", metrics.auroc),
      ("auprc", metrics.auprc),
    ]
    for case (let name, let estimate?) in rows { try write(name, estimate) }
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
