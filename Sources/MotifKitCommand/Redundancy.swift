import ArgumentParser
import Foundation
import MotifKit

struct Redundancy: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Find dead, always-on, duplicate and correlated filters.",
    discussion: """
      Writes redundancy.tsv (every filter), correlation.tsv (every pair), maps with trees (weights.png, activations.png; \
      also SVG) and run.json. Filters are alike by their weights, over all offsets and, in the first convolution, both \
      strands.

      EXAMPLE:
        motifkit redundancy v2.safetensors FOXO1_test.csv --out redundancy
      """)

  @Argument(help: "A model of motifkit or of another program.") var model: String
  @Argument(help: "Sequences: FASTA, CSV or TSV, plain or gzipped, or - for standard input.") var file: String
  @Option(help: ArgumentHelp("Folder to write to.", valueName: "folder")) var out: String
  @OptionGroup var layer: LayerOption
  @Option(help: ArgumentHelp("Correlation from which on filters are duplicates.", valueName: "r"))
  var threshold = 0.8
  @OptionGroup var output: FormatOption
  @OptionGroup(title: "Genome") var genome: GenomeArguments
  @OptionGroup var middle: LengthArguments
  @OptionGroup(title: "Network of another program") var foreign: ForeignArguments
  @OptionGroup var common: CommonOptions

  private struct Digest: Encodable {
    var filters: Int
    var neverFire: [Int]
    var cannotFire: [Int]
    var alwaysOn: [Int]
    var removable: [Int]
    var clusters: Int
    var duplicates: [Int]
  }

  func validate() throws {
    if !(0...1).contains(threshold) { throw ValidationError("--threshold \(threshold): expected 0 to 1") }
  }

  func run() throws {
    try RunRecord.fill(
      out, common.reproduction, inputs: common.inputs(model, file), entries: RedundancyReport.entries
    ) { stage, _ in
      let model = try foreign.model(model, for: file)
      let network = model.network
      GenomicInput.source?.fit(length: network.architecture.input.length)
      let sequences = try SequenceSet(contentsOf: file, length: network.architecture.input.length)
      try model.requireAnswers(to: sequences, file: self.model)
      let redundancy = try network.filterRedundancy(
        of: sequences, layer: layer.index(in: network) ?? network.architecture.convolutions.first ?? 0,
        threshold: threshold)
      try RedundancyReport(redundancy).write(to: stage, provenance: common.provenance)
      try print(redundancy)
    }
  }

  private func print(_ redundancy: FilterRedundancy) throws {
    func numbers(_ matches: (FilterRedundancy.Status) -> Bool) -> [Int] {
      redundancy.statuses.indices.filter { matches(redundancy.statuses[$0]) }
    }
    let digest = Digest(
      filters: redundancy.filters, neverFire: numbers(\.neverFires), cannotFire: numbers(\.cannotFire),
      alwaysOn: numbers(\.alwaysOn), removable: numbers(\.isRemovable),
      clusters: Set(redundancy.clusters).count,
      duplicates: (0..<redundancy.filters).filter { redundancy.duplicate($0) != nil })
    if output.isJSON { return try StandardOutput.write(json: digest) }
    func line(_ title: String, _ count: Int, _ filters: [Int] = []) -> String {
      let names = filters.isEmpty ? "" : ": " + filters.map(String.init).joined(separator: " ")
      return "\(title.padding(toLength: 34, withPad: " ", startingAt: 0))\(count)\(names)\n"
    }
    func line(_ title: String, _ filters: [Int]) -> String { line(title, filters.count, filters) }
    try StandardOutput.write(
      line("filters", digest.filters) + line("never fire on these sequences", digest.neverFire)
        + line("cannot fire on any DNA", digest.cannotFire)
        + line("fire on any DNA everywhere", digest.alwaysOn)
        + line("removable without any change", digest.removable)
        + line("clusters of filters", digest.clusters)
        + line("duplicates of another filter", digest.duplicates))
  }
}
