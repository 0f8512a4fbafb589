import ArgumentParser
import MotifKit

struct Extract: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Cut windows out of a genome around peaks, with negatives and signals.",
    discussion: """
      Names carry coordinates, 0-based and half-open: chr1:100-200, and (+) or (-) where both strands are read. Windows \
      beyond a chromosome's end are left out and counted.

      EXAMPLES:
        motifkit extract peaks.narrowPeak --genome hg38.2bit --window 200 \\
            --out peaks.fa
        motifkit extract peaks.narrowPeak --genome hg38.fa --window 1000 \\
            --negatives chrombpnet --out peaks.tsv
        motifkit extract peaks.bed --genome hg38.fa.gz --window 500 \\
            --signal a.bw,b.bw --signal-summary log1p --out peaks.tsv
      """)

  enum Format: String, ExpressibleByArgument, CaseIterable { case fasta, tsv }

  @Argument(help: "Intervals: BED, narrowPeak or broadPeak, plain or gzipped, or - for standard input.")
  var peaks: String
  @OptionGroup var genome: GenomeArguments
  @OptionGroup var signals: SignalArguments
  @Option(help: ArgumentHelp("The most bases by which a window is moved, at random.", valueName: "bases"))
  var jitter = 0
  @Flag(help: "Every window twice, as either strand reads it.") var bothStrands = false
  @Option(
    help: ArgumentHelp(
      """
      Draw windows without a peak that resemble those with one, label 0: gc or chrombpnet (same chromosome and GC content), \
      tangermeme (tiles with the peaks' distribution of GC content), gkmsvm (GC content and repeats).
      """, valueName: "procedure"))
  var negatives: NegativeProcedure?
  @Option(help: ArgumentHelp("Negatives for each positive.", valueName: "count")) var ratio = 1
  @Option(help: "How to write windows. (default: by the name's ending, tsv or fasta)") var format: Format?
  @Option(help: ArgumentHelp("File to write.", valueName: "file")) var out: String
  @OptionGroup var common: CommonOptions

  func validate() throws {
    if genome.genome == nil { throw ValidationError("--genome is missing") }
    if !(0...(1 << 24)).contains(jitter) {
      throw ValidationError("--jitter \(jitter): expected 0 to \(1 << 24) bases")
    }
    if !(1...1000).contains(ratio) { throw ValidationError("--ratio \(ratio): expected 1 to 1000") }
    if writtenFormat == .fasta, negatives != nil || signals.signal != nil {
      throw ValidationError(
        "FASTA has no labels: --negatives and --signal need --format tsv or an --out that ends in .tsv")
    }
  }

  private var writtenFormat: Format { format ?? (out.lowercased().hasSuffix(".tsv") ? .tsv : .fasta) }

  func run() throws {
    try requireWritable(out)
    var options = GenomicDataOptions(windows: try genome.options())
    options.windows.jitter = jitter
    options.windows.seed = common.seed
    options.windows.bothStrands = bothStrands
    if let negatives {
      var drawn = NegativeOptions()
      drawn.procedure = negatives
      drawn.ratio = ratio
      drawn.blacklist = options.windows.blacklist
      drawn.maximumUnknown = genome.maximumUnknown
      drawn.seed = common.seed
      options.negatives = drawn
    }
    options.signals = signals.signals
    let genome = try Genome(path: genome.genome!)
    let intervals = try IntervalFile.read(path: peaks)
    if writtenFormat == .fasta {
      return common.note(try genome.writeFASTA(around: intervals, options.windows, to: out).summary)
    }
    let data = try GenomicData.read(intervals, from: genome, options)
    try data.writeTable(to: out)
    common.note(data.counts.summary)
    if let quality = data.quality { common.note(quality.summary) }
  }
}
