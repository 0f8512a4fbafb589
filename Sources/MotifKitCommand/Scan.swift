import ArgumentParser
import MotifKit
import Runtime

struct Scan: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Find the sites of motifs in sequences.",
    discussion: """
      Prints a table with FIMO's columns. p-values are exact for weights rounded to --step; q-values are \
      Benjamini–Hochberg for each motif. Windows with an unknown base are no hits. Memory does not grow with the \
      sequences.

      EXAMPLES:
        motifkit scan JASPAR2024.meme genome.fa.gz > sites.tsv
        motifkit scan foxo1 peaks.fa --best > best.tsv
        motifkit scan JASPAR2024.meme hg38.2bit --no-q-values --out sites.bed
        motifkit scan JASPAR2024.meme peaks.narrowPeak --genome hg38.2bit \\
            --out sites.bed
        motifkit scan foxo1 peaks.fa --p-value 1e-5 --background input \\
            --out sites.bed
      """)

  enum Strands: EnumerableFlag {
    case bothStrands, singleStrand

    static func help(for value: Strands) -> ArgumentHelp? {
      value == .bothStrands ? "Scan both strands." : "Scan only the strand given."
    }
  }

  enum Mode: String, ExpressibleByArgument, CaseIterable { case exact, lite }

  @Argument(help: "Motifs in any supported format, or foxo1.") var motifs: String
  @Argument(
    help:
      "Sequences: FASTA, CSV or TSV, plain or gzipped, 2bit, or - for standard input; intervals with --genome."
  )
  var file: String
  @OptionGroup(title: "Genome") var genome: GenomeArguments
  @OptionGroup var middle: LengthArguments
  @Option(help: ArgumentHelp("Hits have at most this p-value. (default: 1e-4)", valueName: "p")) var pValue:
    Double?
  @Option(
    help: ArgumentHelp("Hits have at least this score in bits, whatever its p-value.", valueName: "bits"))
  var score: Double?
  @Flag(help: .hidden) var strands = Strands.bothStrands
  @Option(
    help: ArgumentHelp(
      """
      What DNA without sites looks like: uniform, motifs (as the motif file says), input (base frequencies of \
      the sequences), input-markov (their first-order chain), four numbers A,C,G,T, or a MEME background file.
      """, valueName: "background"))
  var background = "uniform"
  @Option(help: "Sites added to each motif, spread over the background.") var pseudocount = 0.1
  @Option(help: "Grid that weights are rounded to for p-values, in bits.") var step = 0.001
  @Option(help: "lite takes memelite's weights, bins and cut.") var mode = Mode.exact
  @Flag(
    help:
      "Only the best hit of each motif in each sequence; without --p-value or --score, however weak it is.")
  var best = false
  @Flag(help: "Leave the q-values out, so that hits are written as they are found.") var noQValues = false
  @Option(help: "How to write hits. (default: bed where the output's name ends in .bed, otherwise tsv)")
  var format: HitFormat?
  @Option(help: ArgumentHelp("File to write. (default: standard output)", valueName: "file")) var out: String?
  @OptionGroup var common: CommonOptions

  private var hitFormat: HitFormat { format ?? (out.flatMap(TrackFormat.init) == .bed ? .bed : .tsv) }

  func validate() throws {
    if let out, let track = TrackFormat(path: out), track != .bed {
      throw ValidationError("--out \(out): hits are written as BED, TSV or JSON, not as a track")
    }
    if let pValue, !(pValue > 0 && pValue <= 1) {
      throw ValidationError("--p-value \(pValue): expected a number above 0, at most 1")
    }
    if let score, !score.isFinite { throw ValidationError("--score \(score): expected a finite number") }
    if score != nil, pValue != nil { throw ValidationError("give --p-value or --score, not both") }
    if !(pseudocount >= 0 && pseudocount.isFinite) {
      throw ValidationError("--pseudocount \(pseudocount): expected 0 or more")
    }
    if !(step > 0 && step.isFinite) { throw ValidationError("--step \(step): expected a number above 0") }
    if best, mode == .lite {
      throw ValidationError("--best scores as --mode exact does; leave --mode lite out")
    }
    if mode == .lite, pseudocount != 0.1 || step != 0.001 {
      throw ValidationError("--pseudocount and --step are for --mode exact; lite takes memelite's")
    }
    if mode == .lite, score != nil || background != "uniform" {
      throw ValidationError("--mode lite knows p-values under the uniform background only")
    }
  }

  func run() throws {
    try requireWritable(out)
    let scanner = try scanner()
    if best { return try runBest(scanner) }
    let reader = try stream()
    let progress = ProgressBar("Scanning", total: 0, unit: "bases", common)
    let summary: ScanSummary, counts: [Int]
    if let out {
      (summary, counts) = try AtomicFile.write(path: out) { file in
        try scan(reader, with: scanner, progress) { try file.write($0) }
      }
    } else {
      (summary, counts) = try scan(reader, with: scanner, progress, to: StandardOutput.write)
    }
    progress.finish()
    let impossible = scanner.motifs.count { $0.scoreCut == nil }
    if impossible > 0 {
      common.note(
        "\(impossible) of \(counts.count) motifs cannot be hits: their best words are more common than the p-value asked for"
      )
    }
    common.note(
      "\(Words.counted(counts.reduce(0, +), "hit")) of \(counts.count { $0 > 0 }) of \(counts.count) motifs"
        + " in \(Words.counted(summary.bases, "base")) of"
        + " \(Words.counted(summary.sequences, "sequence"))")
  }

  private func scan(
    _ reader: any SequenceStream, with scanner: MotifScanner, _ progress: ProgressBar,
    to write: @escaping ([UInt8]) throws -> Void
  ) throws -> (ScanSummary, [Int]) {
    let writer = HitWriter(scanner, format: hitFormat, qValues: !noQValues, to: write)
    let summary = try scanner.scan(reader, progress: { progress.update($0) }) {
      try writer.add($0, sequence: $1, window: $2)
    }
    try writer.finish(summary)
    return (summary, writer.counts)
  }

  /// The sequences of the file, or a whole genome's.
  private func stream() throws -> any SequenceStream {
    Genome.isTwoBit(file)
      ? GenomeStream(try Genome(path: file)) : try SequenceReader(path: file, labels: .ignored)
  }

  private func runBest(_ scanner: MotifScanner) throws {
    let set = try SequenceSet(contentsOf: file)
    let hits = scanner.bestHits(in: set, seed: common.seed)
    func write(to write: @escaping ([UInt8]) throws -> Void) throws {
      // q-values are of all windows, not of the best ones.
      let writer = HitWriter(scanner, format: hitFormat, qValues: false, to: write)
      for hit in hits {
        let first = set.starts[hit.sequence] + hit.start
        try writer.add(
          hit, sequence: set.name(hit.sequence),
          window: ArraySlice(set.codes[first..<first + scanner.motifs[hit.motif].width]))
      }
      try writer.finish(scanner.summary(of: set))
    }
    if let out {
      try AtomicFile.write(path: out) { file in try write { try file.write($0) } }
    } else {
      try write(to: StandardOutput.write)
    }
    common.note(
      "\(Words.counted(hits.count, "best hit")) of \(Words.counted(scanner.motifs.count, "motif")) in \(Words.counted(set.count, "sequence"))"
    )
  }

  private func scanner() throws -> MotifScanner {
    let source = try MotifFile.named(motifs)
    let library = source.motifs
    let bothStrands = strands == .bothStrands
    let threshold = score.map(ScanThreshold.score) ?? .pValue(pValue ?? (best ? 1 : 1e-4))
    var model = try backgroundModel(source)
    // On both strands a site may be read from either, so the background must be the same from both.
    if bothStrands { model = model.strandSymmetric }
    let compiled = Parallel.map(library.count) { [mode, pValue, pseudocount, step, model] index in
      mode == .lite
        ? ScanMotif(memelite: library[index], pValue: pValue ?? 1e-4)
        : ScanMotif(
          library[index], threshold: threshold, background: model, pseudocount: pseudocount, step: step)
    }
    return MotifScanner(compiled, bothStrands: bothStrands)
  }

  private func backgroundModel(_ source: MotifFile) throws -> BackgroundModel {
    switch background {
    case "uniform": return .uniform
    case "motifs":
      guard let given = source.background else {
        throw InputError(file: motifs, "gives no background")
      }
      return BackgroundModel(given)
    case "input", "input-markov":
      guard file != "-" else {
        throw InputError(file: "-", "can be read only once; --background \(background) needs a file")
      }
      return try BackgroundModel.counted(
        from: stream(), order: background == "input" ? 0 : 1)
    default:
      let numbers = background.split(separator: ",", omittingEmptySubsequences: false).map { Double($0) }
      guard numbers.count > 1 else { return try BackgroundModel(contentsOf: background) }
      let frequencies = numbers.compactMap { $0 }.filter { $0 > 0 && $0.isFinite }
      guard numbers.count == 4, frequencies.count == 4 else {
        throw ValidationError("--background \(background): expected four numbers above 0 for A,C,G,T")
      }
      return BackgroundModel(Background(frequencies))
    }
  }
}

extension HitFormat: ExpressibleByArgument {}
