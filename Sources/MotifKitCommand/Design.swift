import ArgumentParser
import Foundation
import MotifKit
import Runtime

struct Design: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Make sequences that an output or a unit wants.",
    discussion: """
      Changes sequences base by base, each time by the best of all single changes, until no change is better. From random sequences \
      (--restarts) it shows what the network wants; from those of FILE it says what to change. With --unit the unit of a filter in \
      the middle of a layer; for a filter of the first convolution the answer is exact. Writes design.fa and design.tsv, the best \
      first where the start was random; logo.png and .svg and design.meme, how often each base ended at each position; and run.json.

      EXAMPLES:
        motifkit design v5.safetensors --restarts 50 --out wanted
        motifkit design v5.safetensors --unit conv1d_2:7 --out unit
        motifkit design v5.safetensors negatives.fa --edits 5 --beam 10 \\
            --keep 0-19,80-99 --out changed
      """)

  @Argument(help: "A model of motifkit or of another program.") var model: String
  @Argument(help: "Sequences to change. (default: random ones)") var file: String?
  @OptionGroup var unit: UnitOption
  @Option(help: ArgumentHelp("Which output of a network with several, by its name.", valueName: "name"))
  var target: String?
  @Flag(help: "Make the output as small as it gets.") var lower = false
  @Option(help: ArgumentHelp("Bases changed at most. (default: all)", valueName: "bases")) var edits: Int?
  @Option(help: "Changed sequences that are pursued at a time; 1 is greedy.") var beam = 1
  @Option(help: "Random sequences to start from, without FILE.") var restarts = 20
  @Option(
    help: ArgumentHelp("Positions that stay as they are, from 0, such as 0-19,80-99.", valueName: "positions")
  )
  var keep: NumberList?
  @Option(help: "How many sequences of FILE, from the first. (default: all)") var limit: Int?
  @Option(help: ArgumentHelp("Folder to write to.", valueName: "folder")) var out: String
  @OptionGroup var output: FormatOption
  @OptionGroup(title: "Genome") var genome: GenomeArguments
  @OptionGroup var middle: LengthArguments
  @OptionGroup(title: "Network of another program") var foreign: ForeignArguments
  @OptionGroup var common: CommonOptions

  func validate() throws {
    for (name, value) in [
      ("beam", beam), ("restarts", restarts), ("limit", limit ?? 1), ("edits", edits ?? 1),
    ] {
      try require("--\(name)", value, in: 1...(name == "limit" ? .max : 10_000))
    }
    if unit.unit != nil, target != nil { throw ValidationError("give --unit or --target") }
    if limit != nil, file == nil { throw ValidationError("--limit is for FILE") }
  }

  func run() throws {
    let report = try RunRecord.fill(
      out, common.reproduction, inputs: common.inputs(model, file), entries: DesignReport.entries
    ) { stage, _ in
      let report = try design()
      try report.write(to: stage, provenance: common.provenance)
      return report
    }
    if output.isJSON { return try StandardOutput.write(json: report.table) }
    try StandardOutput.write(report.table.text)
  }

  private func design() throws -> DesignReport {
    let model = try foreign.model(model, for: file)
    let length = model.network.architecture.input.length
    if let outside = keep?.values.first(where: { $0 >= length }) {
      throw InputError("--keep \(outside): the network takes \(length) bases, numbered from 0")
    }
    var options = DesignOptions()
    options.isLowered = lower
    options.maximumEdits = edits
    options.beam = beam
    options.fixed = Set(keep?.values ?? [])
    var network = model.network
    var seen = 0..<length
    if let (layer, filter) = try unit.place(in: network) {
      if file == nil, layer == 0, keep == nil, edits == nil, !lower,
        let exact = try? FilterPreference(network, filter: filter)
      {
        return DesignReport(exact, name: unit.unit ?? "")
      }
      let position = network.architecture.shapes[layer].length / 2
      if let field = network.architecture.receptiveField(of: layer) {
        seen = field.bases(of: position, length: length)
      }
      network = try network.unit(layer: layer, channel: filter, position: position)
      // What the unit does not see cannot matter.
      options.fixed.formUnion((0..<length).filter { !seen.contains($0) })
    } else {
      options.output = try model.output(target, file: self.model)
    }
    let starts = try starts(length: length)
    let progress = ProgressBar("Designing", total: starts.count, unit: "sequences", common)
    defer { progress.finish() }
    let designs = try network.designs(from: starts, options: options) { progress.update($0) }
    return DesignReport(
      designs, of: starts, positions: file == nil ? seen : 0..<length, isRanked: file == nil, isLowered: lower
    )
  }

  private func starts(length: Int) throws -> SequenceSet {
    GenomicInput.source?.fit(length: length)
    guard let file else { return try .random(restarts, length: length, seed: common.seed) }
    let set = try SequenceSet(contentsOf: file, length: length, limit: limit)
    guard set.count > 0 else { throw InputError(file: file, "has no sequences") }
    return set
  }
}
