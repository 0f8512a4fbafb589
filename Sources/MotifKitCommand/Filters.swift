import ArgumentParser
import Foundation
import MotifKit

struct Filters: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Turn the filters of a network's first convolution into motifs, and name them.",
    discussion: """
      Writes filters.meme, filters.tsv, heatmap.png, logos/*.png and run.json. Without --database the filters are
      compared with FOXO1 alone, against a null of synthetic motifs; with it, against the database.

      RULES:
        half-max  windows above half of the filter's largest activation
        basset    as Basset's program has it
        top-100   the windows with the 100 largest activations (any number)
        exact-p   from the weights alone: the k-mers of a p-value of 0.001
        softmax   from the weights alone: the motif whose log-likelihood ratio is the activation
        all       all of them, a file filters.RULE.meme each

      EXAMPLES:
        motifkit filters v2.safetensors FOXO1_test.csv --out filters
        motifkit filters v2.safetensors peaks.fa --out filters --rule basset --database HOCOMOCO.meme
      """)

  @Argument(help: "A model that motifkit trained.") var model: String
  @Argument(help: "Sequences: FASTA, CSV or TSV, plain or gzipped, or - for standard input.") var file: String
  @Option(help: ArgumentHelp("Folder to write to.", valueName: "folder")) var out: String
  @Option(help: ArgumentHelp("How windows become motifs.", valueName: "rule")) var rule = "half-max"
  @Option(help: ArgumentHelp("Motifs that may give the names, in any format.", valueName: "file"))
  var database: String?
  @Option(
    help: ArgumentHelp(
      "Take positions with fewer bits than this off the ends of the motifs in filters.meme.",
      valueName: "bits"))
  var trim: Double?
  @OptionGroup var output: FormatOption
  @OptionGroup var common: CommonOptions

  private struct Digest: Encodable {
    var filters: Table
    var null: String
  }

  func run() throws {
    let rules = try rule == "all" ? FilterMotifRule.all : [FilterMotifRule(name: rule)]
    try RunRecord.fill(
      out, command: ["motifkit"] + CommandLine.arguments.dropFirst(), seed: common.seed,
      inputs: [model, file] + [database].compactMap { $0 == "foxo1" ? nil : $0 }
    ) { stage in
      let network = try Network(contentsOf: model)
      let sequences = try SequenceSet.read(path: file, length: network.architecture.input.length)
      let targets = try database.map { try Motif.read(path: $0) } ?? [.foxo1]
      let report = try FilterReport(
        network, on: sequences, rules: rules, targets: targets,
        null: .automatic(targets: targets.count, seed: common.seed))
      let progress = ProgressBar("Drawing", total: report.filters, unit: "logos", common)
      try report.write(to: stage, trim: trim, provenance: common.provenance) { progress.update($0) }
      progress.finish()
      if output.isJSON {
        try StandardOutput.write(json: Digest(filters: report.table, null: report.null))
      } else {
        try print(report, targets: targets)
      }
    }
  }

  private func print(_ report: FilterReport, targets: [Motif]) throws {
    for reading in report.readings {
      let motifs = reading.motifs.filter(\.hasMotif)
      let best = motifs.filter { reading.best[$0.filter] != nil }.sorted {
        (reading.best[$0.filter]!.match.pValue, $0.filter) < (
          reading.best[$1.filter]!.match.pValue, $1.filter
        )
      }
      let named = best.filter { reading.best[$0.filter]!.match.eValue <= report.significance }
      try StandardOutput.write(
        "\(reading.rule.name): \(motifs.count) of \(report.filters) filters have a motif, \(named.count) match one of"
          + " \(targets.count == 1 ? targets[0].displayName : "\(targets.count) motifs") (E ≤"
          + " \(String(format: "%.2g", report.significance)))\n")
      for motif in best.prefix(10) {
        let (match, target) = reading.best[motif.filter]!
        let name = motif.name.padding(toLength: 10, withPad: " ", startingAt: 0)
        try StandardOutput.write(
          "  \(name) \(motif.frequencies.consensus())  \(String(format: "%5.2f bits", motif.totalInformation))"
            + "  \(target.displayName)  p = \(String(format: "%.3g", match.pValue))\n")
      }
    }
    if !report.null.isEmpty { try StandardOutput.write("null distribution: \(report.null)\n") }
  }
}
