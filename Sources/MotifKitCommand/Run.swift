import ArgumentParser
import Foundation
import MotifKit

struct Run: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "The whole study: data, networks, filters, pruning, attributions, one page that shows it all.",
    discussion: """
      Without files: simulates the FOXO1 data, trains v1 to v5 and interprets them. With files: the same on your \
      sequences. FILES are tables with labels, or sequences that are all positive (peaks); for these, negatives are \
      made by shuffling unless --negatives names some, or says gc: windows of --genome that resemble them. A table with other \
      columns than labels is taken for positives only with --positives. Training on your sequences goes on until the loss of a \
      held-out tenth has not fallen for 10 epochs, 100 at most, and keeps the best weights; the network with the lowest loss is \
      interpreted and audited.

      EXAMPLES:
        motifkit run --out study
        motifkit run --out peaks --database HOCOMOCO.meme peaks.fa
        motifkit run --genome sacCer3.2bit peaks.narrowPeak --negatives gc \\
            --database JASPAR2024.meme --out study
        motifkit run --out foxa1 --test test.tsv --networks v2 train.tsv.gz
      """)

  @Option(help: ArgumentHelp("Folder to write to.", valueName: "folder")) var out = "motifkit-study"
  @Argument(
    help: ArgumentHelp(
      "Sequences: FASTA, CSV or TSV, plain or gzipped; intervals with --genome.", valueName: "files"))
  var files: [String] = []
  @Option(help: ArgumentHelp("Sequences with the label 1, as FILES without labels.", valueName: "file"))
  var positives: String?
  @Option(
    help: ArgumentHelp(
      """
      Sequences with the label 0, or the word dinucleotide: shuffles of the positives; with --genome also gc, tangermeme or \
      gkmsvm: windows that resemble them. (default: dinucleotide)
      """,
      valueName: "file"))
  var negatives: String?
  @Option(
    help: ArgumentHelp("Table with labels to test on. (default: a third is held out)", valueName: "file"))
  var test: String?
  @Option(
    help:
      "Take this many bases from the middle of each sequence; simulated ones have this many. (default: 100)")
  var length: Int?
  @Option(help: "Number of simulated sequences, training and test together. (default: 20000)") var count: Int?
  @Option(
    help: ArgumentHelp(
      """
      Motif to simulate, or that your sequences should have: foxo1, or a file with one. (default: foxo1 to simulate, \
      else none)
      """, valueName: "motif"))
  var motif: String?
  @Option(help: ArgumentHelp("Motifs to compare the filters with, in any format.", valueName: "file"))
  var database: String?
  @Option(help: ArgumentHelp("How columns of motifs are compared. (default: euclidean)"))
  var distance: Comparison.Distance?
  @Option(help: ArgumentHelp("Networks, with commas between: presets or JSON files.", valueName: "names"))
  var networks = "v1,v2,v3,v4,v5"
  @Option(
    help: ArgumentHelp(
      "Whose filters to read. (default: v2 or the first; of your sequences the one with the lowest validation loss)",
      valueName: "name"))
  var interpret: String?
  @OptionGroup(title: "Training") var training: TrainingArguments
  @OptionGroup var output: FormatOption
  @OptionGroup(title: "Genome") var genome: GenomeArguments
  @OptionGroup(title: "Chromosomes") var chromosomes: ChromosomeArguments
  @OptionGroup var common: CommonOptions

  func validate() throws {
    try require("--length", length, in: 1...(1 << 24))
    if positives != nil, !files.isEmpty { throw ValidationError("give FILES or --positives, not both") }
    if count != nil, positives != nil || !files.isEmpty {
      throw ValidationError("--count is for simulated sequences, not for FILES")
    }
    if positives == nil, files.isEmpty, negatives != nil || test != nil {
      throw ValidationError("--negatives and --test need FILES or --positives")
    }
    if chromosomes.isGiven, positives == nil, files.isEmpty {
      throw ValidationError("chromosomes need FILES or --positives")
    }
    if test != nil, chromosomes.isGiven {
      throw ValidationError("give --test or chromosomes for it, not both")
    }
  }

  func run() throws {
    let options = try studyOptions()
    let bars = ProgressBars(common)
    let others = chromosomes.files + NetworkArgument.files(networks) + common.inputs(motif)
    let study = try Study.run(options, to: out, common.reproduction.reading(others)) {
      bars.update($0, $1, $2)
    }
    bars.finish()
    let page = "\(out)/index.html"
    if output.isJSON { return try StandardOutput.write(json: study.digest(page: page)) }
    try StandardOutput.write(study.digest(page: page).text)
  }

  private func studyOptions() throws -> StudyOptions {
    let motif = try motif.map { try Motif.one(path: $0) }
    let data = files + (positives.map { [$0] } ?? [])
    let source: StudyOptions.Source =
      data.isEmpty
      ? .simulation(motif: motif ?? .foxo1, count: count ?? 20_000, length: length ?? 100)
      : .files(
        StudyFiles(
          data: data, arePositive: positives != nil,
          negatives: LabeledInput.Negatives(argument: negatives ?? "dinucleotide"), test: test,
          length: length, chromosomes: try chromosomes.split()))
    let arguments = networks.split(separator: ",").map { NetworkArgument(String($0)) }
    guard !arguments.isEmpty else { throw ValidationError("--networks names no network") }
    let names = arguments.map(\.displayName)
    guard Set(names).count == names.count else { throw ValidationError("--networks names a network twice") }
    if let interpret, !names.contains(interpret) {
      throw ValidationError("--interpret \(interpret): expected one of \(names.joined(separator: ", "))")
    }
    var options = StudyOptions(
      source: source,
      networks: arguments.map { argument in
        StudyOptions.NamedNetwork(name: argument.displayName) { try argument.architecture(length: $0) }
      })
    options.interpreted = interpret
    options.training = training.options(seed: common.seed, else: options.training)
    options.motif = motif
    options.database = try database.map { try StudyOptions.MotifDatabase(path: $0) }
    if let distance {
      guard options.database != nil || options.knownMotif != nil else {
        throw ValidationError("--distance is for --database or --motif")
      }
      options.distance = distance
    }
    return options
  }
}

/// A progress bar for each stage of a study, one after the other.
private final class ProgressBars: @unchecked Sendable {
  // A lock of its own, since stages report from several threads.
  private let lock = NSLock()
  private var current: (stage: Study.Stage, bar: ProgressBar)?
  private let options: CommonOptions

  init(_ options: CommonOptions) { self.options = options }

  func update(_ stage: Study.Stage, _ done: Int, _ total: Int) {
    lock.withLock {
      if current?.stage != stage {
        current?.bar.finish()
        current = (stage, ProgressBar(stage.title, total: total, unit: stage.unit, options))
      }
      current?.bar.update(done)
    }
  }

  func finish() { lock.withLock { current?.bar.finish() } }
}

extension Study.Stage {
  fileprivate var title: String {
    switch self {
    case .training: "Training"
    case .figures: "Drawing"
    case .pruning: "Pruning"
    default: rawValue.prefix(1).uppercased() + rawValue.dropFirst()
    }
  }

  fileprivate var unit: String { self == .figures ? "figures" : "sequences" }
}
