import ArgumentParser
import MotifKit
import Runtime

struct Compare: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Name motifs: compare every query motif with every target motif.",
    discussion: """
      Prints a table with Tomtom's columns. p-values need a null distribution: the columns of the targets where there \
      are 50 or more, else those of synthetic motifs as well. With --mode given, the null is always the targets, as in \
      the program it names.

      EXAMPLES:
        motifkit compare filters.meme JASPAR2024.meme > matches.tsv
        motifkit compare filters.meme JASPAR2024.meme --out matches.tsv \\
            --page matches.html
        motifkit compare filters.meme foxo1 --null HOCOMOCO.meme
        motifkit compare query.meme database.meme --mode meme --distance pearson \\
            --q-value 0.5
      """)

  enum Strands: EnumerableFlag {
    case bothStrands, singleStrand

    static func help(for value: Strands) -> ArgumentHelp? {
      value == .bothStrands ? "Read targets on both strands." : "Read targets only as they are given."
    }
  }

  @Argument(help: "Motifs to name, in any supported format, or foxo1.") var query: String
  @Argument(help: "Motifs that may give the name.") var target: String
  @Option(help: "Agree with MEME's Tomtom (meme) or with memelite's (lite). (default: meme)") var mode:
    Comparison.Mode?
  @Option(help: "How columns are compared.") var distance = Comparison.Distance.euclidean
  @Option(help: ArgumentHelp("Matches have at most this p-value. (default: 0.05)", valueName: "p"))
  var pValue: Double?
  @Option(help: ArgumentHelp("Matches have at most this E-value.", valueName: "E")) var eValue: Double?
  @Option(help: ArgumentHelp("Matches have at most this q-value.", valueName: "q")) var qValue: Double?
  @Option(
    help: ArgumentHelp(
      "Whose columns make the null distribution: targets, synthetic, or a motif file beside the targets.",
      valueName: "null"))
  var null: String?
  @Option(help: "Fewest columns that an alignment covers.") var minOverlap = 1
  @Flag(name: .customLong("internal"), help: "The narrower motif lies within the wider one.")
  var internalOnly =
    false
  @Flag(help: "Score aligned columns only.") var incompleteScores = false
  @Flag(help: .hidden) var strands = Strands.bothStrands
  @Option(help: "Sites added to each motif, spread over the background of the query file.") var pseudocount =
    0.1
  @Option(help: ArgumentHelp("File to write. (default: standard output)", valueName: "file")) var out: String?
  @Option(
    help: ArgumentHelp("HTML page to write: matches with their logos aligned.", valueName: "file")) var page:
    String?
  @OptionGroup var output: FormatOption
  @OptionGroup var common: CommonOptions

  func validate() throws {
    if [pValue, eValue, qValue].compactMap({ $0 }).count > 1 {
      throw ValidationError("give one of --p-value, --e-value and --q-value")
    }
    for (name, value) in [("p-value", pValue), ("e-value", eValue), ("q-value", qValue)] {
      if let value, !(value >= 0) { throw ValidationError("--\(name) \(value): expected 0 or more") }
    }
    if minOverlap < 1 { throw ValidationError("--min-overlap \(minOverlap): expected 1 or more") }
  }

  func run() throws {
    try requireWritable(out)
    try requireWritable(page)
    let names = query == target ? [query] : [query, target]
    let files = Parallel.map(names.count) { (index: Int) in Result { try MotifFile.named(names[index]) } }
    let (queries, targets) = (try files[0].get(), try files[files.count - 1].get())
    let comparison = Comparison(
      mode: mode ?? .meme, distance: distance, threshold: threshold, completeScores: !incompleteScores,
      bothStrands: strands == .bothStrands, minimumOverlap: minOverlap, internalOnly: internalOnly,
      background: queries.background ?? .uniform, pseudocount: pseudocount)
    let result = try comparison.compare(
      queries.motifs, targets.motifs, null: nullColumns(targets: targets.motifs.count))
    for index in result.skippedQueries {
      common.note(
        "\(queries.motifs[index].identifier) is wider than \(comparison.widestQuery) columns: skipped")
    }
    if let page {
      let html = try result.page(comparison, command: common.provenance.command, seed: common.seed)
      try AtomicFile.write(Array(html.utf8), to: page)
    }
    if output.isJSON {
      try StandardOutput.write(json: result.report)
    } else if let out {
      try AtomicFile.write(result.table(), to: out)
    } else {
      try StandardOutput.write(result.table())
    }
    common.note("\(Words.counted(result.matches.count, "match", plural: "matches")); \(result.summary)")
  }

  private var threshold: Comparison.Threshold {
    if let eValue { return .eValue(eValue) }
    if let qValue { return .qValue(qValue) }
    return .pValue(pValue ?? 0.05)
  }

  private func nullColumns(targets count: Int) throws -> Comparison.Null {
    switch null {
    case "targets": return .targets
    case "synthetic": return .synthetic(seed: common.seed)
    case let path?: return .collection(try Motif.read(path: path), name: path)
    case nil where mode == nil: return .automatic(targets: count, seed: common.seed)
    case nil:
      if count < Comparison.Null.fewestTargets {
        common.note(
          "p-values from fewer than \(Comparison.Null.fewestTargets) targets mean little; see --null")
      }
      return .targets
    }
  }
}

extension Comparison.Mode: ExpressibleByArgument {}
extension Comparison.Distance: ExpressibleByArgument {}
