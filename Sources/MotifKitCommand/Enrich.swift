import ArgumentParser
import MotifKit
import Runtime

struct Enrich: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Which motifs of a database tell positives from negatives?",
    discussion: """
      Scores every motif by the best hit of each sequence: Fisher's exact test at the best threshold (the question of AME \
      and SEA), AUROC with the Mann–Whitney test, and central enrichment (CentriMo's) where all positives have one length. \
      Without NEGATIVES, a table with labels of both classes gives both, and other positives are shuffled, their \
      dinucleotides kept. Writes enrichment.tsv, index.html, spacing.tsv with --spacing, and run.json.

      EXAMPLES:
        motifkit enrich JASPAR2024.meme peaks.fa --out enriched
        motifkit enrich HOCOMOCO.meme peaks.fa background.fa --out enriched \\
            --spacing 10
        motifkit enrich filters.meme FOXO1_test.csv --out enriched --format json
      """)

  @Argument(help: "Motifs in any supported format, or foxo1.") var motifs: String
  @Argument(help: "Sequences with sites, or a table with labels of both classes.") var positives: String
  @Argument(help: "Sequences without sites, or dinucleotide for shuffles of the positives.") var negatives:
    String?
  @Option(help: ArgumentHelp("Folder to write to.", valueName: "folder")) var out: String
  @Option(help: ArgumentHelp("Test the best motifs, this many, for preferred distances.", valueName: "count"))
  var spacing = 0
  @Option(help: "Sites added to each motif, spread over the bases.") var pseudocount = 0.1
  @Option(
    help: ArgumentHelp("Best hits of fewer bits do not count for central enrichment.", valueName: "bits"))
  var minScore = 5.0
  @Flag(help: "Scan only the strand given.") var singleStrand = false
  @OptionGroup var output: FormatOption
  @OptionGroup(title: "Genome") var genome: GenomeArguments
  @OptionGroup var middle: LengthArguments
  @OptionGroup var common: CommonOptions

  func validate() throws {
    if !(0...100).contains(spacing) { throw ValidationError("--spacing \(spacing): expected 0 to 100") }
    if !(pseudocount > 0 && pseudocount <= 1e6) {
      throw ValidationError("--pseudocount \(pseudocount): expected a number above 0, at most 1000000")
    }
    if !minScore.isFinite { throw ValidationError("--min-score \(minScore): expected a finite number") }
  }

  func run() throws {
    let library = try MotifFile.named(motifs).motifs
    let (positives, negatives) = try sequences()
    try RunRecord.fill(
      out, common.reproduction, inputs: common.inputs(motifs, self.positives, self.negatives),
      entries: EnrichmentReport.entries
    ) { stage, _ in
      let progress = ProgressBar("Scoring", total: library.count, unit: "motifs", common)
      let report = try EnrichmentReport(
        library, positives: positives, negatives: negatives, pseudocount: pseudocount,
        bothStrands: !singleStrand,
        minimumScore: minScore, spacing: spacing, seed: common.seed
      ) { progress.update($0) }
      progress.finish()
      try report.write(to: stage, command: common.provenance.command, seed: common.seed)
      if output.isJSON {
        try StandardOutput.write(json: report)
      } else {
        try StandardOutput.write(report.text)
      }
    }
  }

  private func sequences() throws -> (positives: SequenceSet, negatives: SequenceSet) {
    let given = try LabeledSequences(contentsOf: positives)
    if negatives == nil, given.isLabeled, (1..<given.count).contains(given.positiveCount) {
      let indices = given.labels.indices
      return (
        given.sequences.subset(indices.filter { given.labels[$0] == 1 }),
        given.sequences.subset(indices.filter { given.labels[$0] == 0 })
      )
    }
    if given.isLabeled, given.positiveCount < given.count {
      throw InputError(file: positives, "holds sequences with the label 0 among the positives")
    }
    guard let negatives, negatives != "dinucleotide" else {
      return (given.sequences, try given.sequences.shuffled(order: 2, seed: common.seed))
    }
    let others = try LabeledSequences(contentsOf: negatives)
    if others.isLabeled, others.positiveCount > 0 {
      throw InputError(file: negatives, "holds sequences with the label 1 among the negatives")
    }
    return (given.sequences, others.sequences)
  }
}
