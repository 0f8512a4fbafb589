import ArgumentParser
import Foundation
import MotifKit
import Runtime

/// What an experiment measures.
struct MeasureArguments: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "What is measured: the sum of a method's attributions over the sites, as explain calls it. (default: the output, for a classifier the logit)",
      valueName: "name"))
  var method: String?

  @Option(help: ArgumentHelp("Which output of a network with several, by its name.", valueName: "name"))
  var target: String?

  func measure(_ model: Model, file: String, seed: UInt64) throws -> ExperimentMeasure {
    try ExperimentMeasure(
      model.network, method: try method.map { try ExplanationMethod($0) },
      output: try model.output(target, file: file), seed: seed)
  }
}

/// Sites that are put into sequences.
struct SiteArguments: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "foxo1, or a file of motifs; may be given several times. A site is drawn for each sequence.",
      valueName: "motifs"))
  var motif: [String] = []

  @Option(
    help: ArgumentHelp(
      "Letters to put in, where N leaves the base that is there; may be given several times.",
      valueName: "letters"))
  var site: [String] = []

  @Flag(help: "Of motifs the most frequent base at each position instead of drawn sites.") var consensus =
    false

  func motifs() throws -> [Motif] { try motif.flatMap { try Motif.read(path: $0) } }

  /// All of them, motifs first.
  ///
  /// Throws `ValidationError` if there is none, `InputError` if one cannot be read.
  func sites(seed: UInt64) throws -> [InsertedSite] {
    let sites =
      try motifs().map { InsertedSite($0, isConsensus: consensus, seed: seed) }
      + site.map { try InsertedSite(letters: $0) }
    guard !sites.isEmpty else { throw ValidationError("give --motif or --site") }
    return sites
  }
}

/// Sequences that sites are put into.
struct BackgroundArguments: ParsableArguments {
  @Argument(
    help: "Sequences to put sites into: FASTA, CSV or TSV, plain or gzipped. (default: random sequences)")
  var file: String?

  @Flag(help: "Shuffle FILE first, its dinucleotides kept.") var shuffled = false

  @Option(help: "How many sequences, of FILE from the first.") var count = 200

  @Option(help: ArgumentHelp("Share of G and C in random sequences.", valueName: "share")) var gc = 0.5

  func validate() throws {
    if count < 1 { throw ValidationError("--count \(count): expected 1 or more") }
    if !(0...1).contains(gc) { throw ValidationError("--gc \(gc): expected 0 to 1") }
    if shuffled, file == nil { throw ValidationError("--shuffled needs FILE") }
    if file != nil, gc != 0.5 { throw ValidationError("--gc is for random sequences, not for FILE") }
  }

  func sequences(for network: Network, seed: UInt64) throws -> SequenceSet {
    let length = network.architecture.input.length
    GenomicInput.source?.fit(length: length)
    guard let file else { return try .random(count, length: length, gc: gc, seed: seed) }
    let set = try SequenceSet(contentsOf: file, length: length, limit: count)
    guard set.count > 0 else { throw InputError(file: file, "has no sequences") }
    return shuffled ? try set.shuffled(order: 2, seed: seed) : set
  }
}

/// Whole numbers as users list them: `5`, `0,5,10`, `0-40`, `0-40:5` in steps.
struct NumberList: ExpressibleByArgument {
  let values: [Int]
  let text: String

  init?(argument: String) {
    text = argument
    var values: [Int] = []
    for part in argument.split(separator: ",", omittingEmptySubsequences: false) {
      let steps = part.split(separator: ":", omittingEmptySubsequences: false)
      let ends = steps[0].split(separator: "-", omittingEmptySubsequences: false).map { Int($0) }
      guard (1...2).contains(steps.count), (1...2).contains(ends.count), let first = ends[0],
        let last = ends[ends.count - 1], let step = steps.count > 1 ? Int(steps[1]) : 1, step > 0,
        first <= last, (last - first) / step < 1 << 20
      else { return nil }
      values += stride(from: first, through: last, by: step)
    }
    self.values = values
  }

  var defaultValueDescription: String { text }
}
