import ArgumentParser
import MotifKit
import Runtime

struct Ablate: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Take sites out of sequences and see what is lost.",
    discussion: """
      The sites of motifs, or one region of all sequences, are shuffled or made unknown; beside it places of the same widths \
      elsewhere. Writes ablate.tsv: for each motif the sequences that have it, the mean before and after, the loss with its 95 % \
      interval, the same elsewhere, and the difference of both; ablate.png and .svg, and run.json.

      EXAMPLES:
        motifkit ablate v5.safetensors FOXO1_test.csv --motif foxo1 --out loss
        motifkit ablate model.safetensors peaks.fa --motif factors.meme --best \\
            --method deepshap --out losses
        motifkit ablate v5.safetensors FOXO1_test.csv --region 44-56 \\
            --replace unknown --out middle
      """)

  enum Replacement: String, ExpressibleByArgument, CaseIterable { case shuffle, unknown }

  @Argument(help: "A model of motifkit or of another program.") var model: String
  @Argument(help: "Sequences: FASTA, CSV or TSV, plain or gzipped, or - for standard input.") var file: String
  @Option(
    help: ArgumentHelp("foxo1, or a file of motifs; may be given several times.", valueName: "motifs"))
  var motif: [String] = []
  @Option(help: ArgumentHelp("p-value of a site at most.", valueName: "p")) var pValue = 1e-4
  @Flag(help: "Of each sequence only the best site.") var best = false
  @Option(
    help: ArgumentHelp(
      "A region of all sequences, from 0, the end not part of it; may be given several times.",
      valueName: "start-end"))
  var region: [String] = []
  @Option(help: "What takes the place of the bases: shuffle, the same in random order; or unknown.")
  var replace = Replacement.shuffle
  @Option(help: "Shuffles of each place, whose mean counts.") var shuffles = 20
  @Option(help: "How many sequences, from the first. (default: all)") var limit: Int?
  @OptionGroup var measure: MeasureArguments
  @Option(help: ArgumentHelp("Folder to write to.", valueName: "folder")) var out: String
  @OptionGroup var output: FormatOption
  @OptionGroup(title: "Genome") var genome: GenomeArguments
  @OptionGroup var middle: LengthArguments
  @OptionGroup(title: "Network of another program") var foreign: ForeignArguments
  @OptionGroup var common: CommonOptions

  func validate() throws {
    if motif.isEmpty, region.isEmpty { throw ValidationError("give --motif or --region") }
    if !(pValue > 0 && pValue <= 1) {
      throw ValidationError("--p-value \(pValue): expected a number above 0, at most 1")
    }
    for (name, value) in [("shuffles", shuffles), ("limit", limit ?? 1)] where value < 1 {
      throw ValidationError("--\(name) \(value): expected 1 or more")
    }
    if shuffles > 10_000 { throw ValidationError("--shuffles \(shuffles): expected 10,000 at most") }
    for text in region where Self.range(text) == nil {
      throw ValidationError("--region \(text): expected a start and an end, such as 44-56")
    }
  }

  private static func range(_ text: String) -> Range<Int>? {
    let ends = text.split(separator: "-", omittingEmptySubsequences: false).map { Int($0) }
    guard ends.count == 2, let start = ends[0], let end = ends[1], start >= 0, start < end else { return nil }
    return start..<end
  }

  func run() throws {
    try Experiment.run("ablate", out, inputs: [model, file] + motif, common, output) {
      let model = try foreign.model(model, for: file)
      let length = model.network.architecture.input.length
      GenomicInput.source?.fit(length: length)
      let measure = try measure.measure(model, file: self.model, seed: common.seed)
      let sequences = try SequenceSet(contentsOf: file, length: length, limit: limit)
      let targets = try targets(in: sequences, length: length)
      let progress = ProgressBar("Taking out sites", total: targets.count, unit: "motifs", common)
      defer { progress.finish() }
      let experiment = try Ablation(
        targets, in: sequences, replacement: replace == .shuffle ? .shuffles(shuffles) : .unknown,
        measure: measure, seed: common.seed
      ) { progress.update($0) }
      if !experiment.absent.isEmpty {
        common.note("no sequence has a site of \(Words.few(experiment.absent, most: 10))")
      }
      guard !experiment.rows.isEmpty else {
        throw InputError(file: file, "has no site of any of the motifs with a p-value of \(pValue) at most")
      }
      return ExperimentReport(experiment)
    }
  }

  private func targets(in sequences: SequenceSet, length: Int) throws -> [Ablation.Target] {
    let motifs = try motif.flatMap { try Motif.read(path: $0) }
    let regions = try region.compactMap(Self.range).map { range in
      guard range.upperBound <= length else {
        throw InputError(
          "--region \(range.lowerBound)-\(range.upperBound) ends after the \(length) bases of a sequence")
      }
      return Ablation.Target(
        "\(range.lowerBound)-\(range.upperBound)",
        places: Array(repeating: [range], count: sequences.count))
    }
    return Ablation.Target.sites(
      of: motifs, in: sequences, pValue: pValue, onlyBest: best, seed: common.seed) + regions
  }
}
