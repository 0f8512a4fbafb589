import ArgumentParser
import Foundation
import MotifKit

struct Evaluate: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Measure a network on labelled sequences.",
    discussion: """
      Prints loss, accuracy, AUROC and AUPRC, each with its 95 % confidence interval.

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
    let network = try Network(contentsOf: model)
    let sequences = try SequenceSet.readLabeled(path: file, length: network.architecture.input.length)
    let metrics = ClassificationMetrics(
      logits: network.logits(sequences), labels: sequences.labels, seed: common.seed)
    if output.isJSON { return try StandardOutput.write(json: metrics) }
    let rows = [
      ("loss", metrics.loss), ("accuracy", metrics.accuracy), ("auroc", metrics.auroc),
      ("auprc", metrics.auprc),
    ]
    try StandardOutput.write("          value   95 % interval\n")
    for case (let name, let estimate?) in rows {
      let numbers = [estimate.value, estimate.low, estimate.high].map { String(format: "%.4f", $0) }
      let title = name.padding(toLength: 9, withPad: " ", startingAt: 0)
      try StandardOutput.write("\(title) \(numbers[0])  \(numbers[1]) to \(numbers[2])\n")
    }
  }
}
