import ArgumentParser
import MotifKit
import Runtime

struct Variants: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Predict what variants of a genome do.",
    discussion: """
      Reads VCF or BCF in a stream. Reference alleles are compared with the genome: where an alternative is the genome's, the two \
      are swapped; where none is, the record is left out and counted. Each alternative gets a row: the prediction for the \
      reference and for the alternative, both strands averaged, and the difference.

      EXAMPLES:
        motifkit variants model.safetensors eqtl.vcf.gz --genome hg38.2bit \\
            --out effects.tsv
        motifkit variants fold1.safetensors,fold2.safetensors eqtl.vcf \\
            --genome hg38.fa --shifts 8 --null 1000 --out scored.vcf.gz
        motifkit variants model.safetensors eqtl.vcf --genome hg38.fa \\
            --motifs JASPAR2024.meme --out effects.tsv --figures top
      """)

  @Argument(
    help: ArgumentHelp(
      "Models of motifkit or of other programs, comma-separated: the mean of their effects, and its spread.",
      valueName: "models"))
  var models: String
  @Argument(help: "Variants: VCF or BCF, plain or packed, or - for standard input.") var file: String
  @Option(
    help: ArgumentHelp("Genome of the variants: FASTA, plain or packed by bgzip, or 2bit.", valueName: "file")
  )
  var genome: String
  @Option(help: "What an effect is the difference of. (default: log2-count for counts, otherwise logit)")
  var effect: EffectScale?
  @Option(
    help: ArgumentHelp(
      "Average over windows moved by -n to n bases over the variant.", valueName: "n"))
  var shifts = 0
  @Flag(help: "Read windows on the forward strand alone.") var singleStrand = false
  @Option(
    help: ArgumentHelp(
      "Try the variants' changes at this many other places within 10,000 bases, for p-values.",
      valueName: "count"))
  var null = 0
  @Option(help: ArgumentHelp("Name the motifs of this file that alleles make or break.", valueName: "file"))
  var motifs: String?
  @Option(help: ArgumentHelp("Sites have at most this p-value.", valueName: "p")) var pValue = 1e-4
  @Option(
    help: ArgumentHelp(
      "File to write: a table, or the variants with a field INFO/MOTIFKIT where the name ends in .vcf, .vcf.gz or .bcf.",
      valueName: "file"))
  var out: String
  @Option(
    help: ArgumentHelp(
      "Folder for pictures of the \(VariantPictures.mostVariants) variants with the largest effects: both alleles, base by base.",
      valueName: "folder"))
  var figures: String?
  @OptionGroup(title: "Network of another program") var foreign: ForeignArguments
  @OptionGroup var common: CommonOptions

  /// Variants that are scored at a time.
  private static let batchSize = 1 << 14

  func validate() throws {
    if !(0...10_000).contains(shifts) {
      throw ValidationError("--shifts \(shifts): expected 0 to 10000 bases")
    }
    if !(0...1_000_000).contains(null) { throw ValidationError("--null \(null): expected 0 to 1000000") }
    if !(pValue > 0 && pValue <= 1) {
      throw ValidationError("--p-value \(pValue): expected a number above 0, at most 1")
    }
    if null > 0, file == "-" { throw ValidationError("--null reads the variants twice: give a file") }
    if models.split(separator: ",").isEmpty { throw ValidationError("expected a model") }
  }

  func run() throws {
    try requireWritable(out)
    if let figures { try OutputFolder.create(figures) }
    let genome = try Genome(path: genome)
    let rows = try rows(genome)
    let progress = ProgressBar("Scoring variants", total: 0, unit: "variants", common)
    var counts = VariantCounts()
    let isAnnotated = [".vcf", ".vcf.gz", ".bcf"].contains { out.lowercased().hasSuffix($0) }
    var largest = LargestEffects(count: figures == nil ? 0 : VariantPictures.mostVariants)
    counts =
      try isAnnotated
      ? annotate(rows, genome, &counts, &largest, progress)
      : table(rows, genome, &counts, &largest, progress)
    progress.finish()
    if let figures {
      let pictures = try VariantPictures(largest.variants, by: rows.scorer, in: genome)
      try OutputFolder.write(figures) { try pictures.write(to: $0, provenance: common.provenance) }
    }
    common.note(counts.summary)
  }

  /// What became of the records, asked while nothing is written yet.
  private func total(_ records: VariantCounts, windows: VariantCounts) throws -> VariantCounts {
    let counts = records.adding(windowsOf: windows)
    if counts.variants == 0 { throw InputError(file: file, "has no variant to score: \(counts.summary)") }
    return counts
  }

  private func table(
    _ rows: VariantRows, _ genome: Genome, _ counts: inout VariantCounts, _ largest: inout LargestEffects,
    _ progress: ProgressBar
  ) throws -> VariantCounts {
    let reader = try VariantReader(path: file, genome: genome)
    return try AtomicFile.write(path: out) { file in
      try file.write(rows.titles.joined(separator: "\t") + "\n")
      while case let variants = try reader.next(Self.batchSize), !variants.isEmpty {
        for row in try rows.rows(of: variants, in: genome, counts: &counts) {
          try file.write(row.cells.joined(separator: "\t") + "\n")
          largest.add(row)
        }
        progress.update(reader.counts.variants)
      }
      return try total(reader.counts, windows: counts)
    }
  }

  private func annotate(
    _ rows: VariantRows, _ genome: Genome, _ counts: inout VariantCounts, _ largest: inout LargestEffects,
    _ progress: ProgressBar
  ) throws -> VariantCounts {
    try AnnotatedVariants.write(
      file, genome: genome, to: out, field: "MOTIFKIT", description: rows.fieldDescription
    ) { records in
      while case let variants = try records.next(Self.batchSize), !variants.isEmpty {
        var annotations: [Int: String] = [:]
        for row in try rows.rows(of: variants, in: genome, counts: &counts) {
          largest.add(row)
          let record = row.variant.record
          annotations[record] = (annotations[record].map { $0 + "," } ?? "") + row.annotation
        }
        try records.write(annotations)
        progress.update(records.counts.variants)
      }
      // Records at the end that hold no variant.
      try records.write([:])
      return try total(records.counts, windows: counts)
    }
  }

  private func rows(_ genome: Genome) throws -> VariantRows {
    let files = models.split(separator: ",").map(String.init)
    let read = try files.map { path in
      let model = try foreign.model(path, for: nil)
      return (network: model.network, objective: try model.knownObjective(file: path))
    }
    let objective = read[0].objective
    let isCount = objective.heads.allSatisfy { $0.loss == .poisson }
    let scale = effect ?? (isCount ? .log2 : .logit)
    let scorer = try VariantScorer(
      read.map(\.network), scale: scale, bothStrands: !singleStrand, shifts: Array(-shifts...shifts))
    var drawn: VariantNull?
    if null > 0 {
      let first = try VariantReader(path: file, genome: genome).next(Self.batchSize)
      drawn = try VariantNull(like: first, count: null, scorer: scorer, genome: genome, seed: common.seed)
    }
    return VariantRows(outputs: objective.outputs, scorer: scorer, null: drawn, scanner: try scanner())
  }

  private func scanner() throws -> MotifScanner? {
    guard let motifs else { return nil }
    let library = try Motif.read(path: motifs)
    return MotifScanner(
      Parallel.map(library.count) { [pValue] in ScanMotif(library[$0], threshold: .pValue(pValue)) })
  }
}

/// Some variants with the largest effects, largest first, out of a stream.
private struct LargestEffects {
  let count: Int
  private var rows: [(effect: Double, variant: Variant)] = []

  init(count: Int) { self.count = count }

  var variants: [Variant] { rows.map(\.variant) }

  mutating func add(_ row: VariantRows.Row) {
    let effect = abs(row.effect)
    if count == 0 || (rows.count == count && rows[count - 1].effect >= effect) { return }
    rows.insert((effect, row.variant), at: rows.firstIndex { $0.effect < effect } ?? rows.count)
    if rows.count > count { rows.removeLast() }
  }
}

extension EffectScale: ExpressibleByArgument {}
