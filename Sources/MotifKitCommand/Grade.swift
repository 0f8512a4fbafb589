import ArgumentParser
import Foundation
import MotifKit
import Runtime

struct Grade: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Grade all attribution methods against known sites and each other.",
    discussion: """
      Explains positives whose site is known by every method of explain and prints how well each points to it: area \
      under the ROC curve and average precision of the positions inside the site, the site's share of all attribution, \
      rank correlation with the information content of the motif's positions, rank correlation with the attributions of \
      the same network with random weights and with those of the next seed, how far sums are from what they should be, and \
      seconds for 1,000 sequences. Without FILE the test sequences of motifkit simulate with the same seed. With --out also \
      grade.tsv; agreement.tsv, the rank correlations of the methods with each other; both as .png and .svg; and run.json.

      With --sites sequences of any origin: BED whose first column is the name of a sequence in FILE, or a chromosome where \
      those names are places such as chr1:100-300; or what motifkit scan or FIMO printed. Several sites of a sequence count \
      as one set of positions.

      EXAMPLES:
        motifkit grade v5.safetensors
        motifkit grade v5.safetensors FOXO1_test.csv --truth truth.tsv --out grade
        motifkit grade model.safetensors peaks.fa --sites hits.tsv \\
            --motif CTCF.meme --out grade
      """)

  @Argument(help: "A model of motifkit or of another program.") var model: String
  @Argument(help: "Sequences with planted sites. (default: simulated ones)") var file: String?
  @Option(help: ArgumentHelp("Table of planted sites; FILE needs it.", valueName: "truth.tsv")) var truth:
    String?
  @Option(
    help: ArgumentHelp("Which set of the truth the sequences are. (default: test)", valueName: "set"))
  var truthSet: String?
  @Option(
    help: ArgumentHelp(
      "Sites in FILE that are known otherwise: BED, or hits of motifkit scan.", valueName: "file"))
  var sites: String?
  @Option(
    help: ArgumentHelp(
      """
      The motif of the sites: foxo1, or a file with one motif. (default: foxo1; with --sites none, and the information of \
      its positions is not graded)
      """, valueName: "motif"))
  var motif: String?
  @Option(help: "Of simulated sequences: the site starts up to this many bases left or right of the middle.")
  var jitter = 0
  @Option(help: "How many sequences with a site are explained, from the first.") var limit = 500
  @Option(
    help: ArgumentHelp(
      "Which output is graded, by its name; a network with several needs it.", valueName: "name"))
  var target: String?
  @Option(help: ArgumentHelp("Folder to write to.", valueName: "folder")) var out: String?
  @OptionGroup var output: FormatOption
  @OptionGroup(title: "Genome") var genome: GenomeArguments
  @OptionGroup var middle: LengthArguments
  @OptionGroup(title: "Network of another program") var foreign: ForeignArguments
  @OptionGroup var common: CommonOptions

  func validate() throws {
    if middle.length != nil, truth != nil || sites != nil {
      throw ValidationError("--length moves sites: cut the sequences and their sites before")
    }
    try require("--limit", limit, in: 1...1_000_000)
    if file != nil, (truth == nil) == (sites == nil) {
      throw ValidationError("FILE needs --truth or --sites: where its sites are")
    }
    if file == nil, truth != nil || sites != nil {
      throw ValidationError("--truth and --sites need the FILE whose sites they hold")
    }
    if truth == nil, truthSet != nil { throw ValidationError("--truth-set needs --truth") }
    if sites == "-" { throw ValidationError("--sites cannot be standard input") }
    if file != nil, jitter != 0 { throw ValidationError("--jitter is for simulated sequences, not for FILE") }
  }

  func run() throws {
    guard let out else { return try print(grade()) }
    var report: GradeReport?
    try RunRecord.fill(
      out, common.reproduction, inputs: common.inputs(model, file, truth, sites, motif),
      entries: GradeReport.entries, stages: { report?.stages ?? [] }
    ) { stage, _ in
      let found = try grade()
      try found.write(to: stage, provenance: common.provenance)
      try print(found)
      report = found
    }
  }

  private func grade() throws -> GradeReport {
    let model = try foreign.model(model, for: file)
    let network = model.network
    let index = try model.output(target, file: self.model)
    let motif = try motif.map { try Motif.one(path: $0) } ?? (sites == nil ? Motif.foxo1 : nil)
    let set = try known(motif, length: network.architecture.input.length)
    let rows = Array(set.sites.indices.filter { !set.sites[$0].isEmpty }.prefix(limit))
    let sequences = set.sequences.subset(rows)
    try model.requireAnswers(to: sequences, file: self.model)
    let progress = ProgressBar("Grading", total: GradedMethod.all.count, unit: "methods", common)
    defer { progress.finish() }
    let grading = try AttributionGrading(
      network, of: sequences, sites: rows.map { set.sites[$0] }, motif: motif?.frequencies, output: index,
      seed: common.seed
    ) { progress.update($0) }
    for (method, reason) in grading.unsuited.sorted(by: { $0.key < $1.key }) {
      common.note("left out \(method): \(reason)")
    }
    return GradeReport(grading)
  }

  /// The sequences with their sites.
  private func known(_ motif: Motif?, length: Int) throws -> (sequences: SequenceSet, sites: [[MotifSite]]) {
    if let file, let path = sites {
      GenomicInput.source?.fit(length: length)
      let sequences = try SequenceSet(contentsOf: file, length: length)
      return (sequences, try SiteFile.read(path, of: sequences))
    }
    let motif = motif ?? .foxo1
    let set = try planted(motif, length: length)
    return (set.sequences, set.sites.map { $0.sites(width: motif.width) })
  }

  /// The user's sequences with their planted sites, or the test sequences of `simulate`.
  private func planted(_ motif: Motif, length: Int) throws -> PlantedSet {
    guard let file, let truth else {
      return try PlantedSimulation(
        frequencies: motif.frequencies.rows, length: length, jitter: jitter, seed: common.seed
      ).run().halves(seed: common.seed).test
    }
    let sequences = try SequenceSet(contentsOf: file, length: length)
    let part = truthSet ?? "test"
    let sites = try PlantedTruth.read(path: truth, set: part)
    guard sites.count == sequences.count else {
      throw InputError(file: truth, "has \(sites.count) rows of \(part) for \(sequences.count) sequences")
    }
    if let outside = sites.first(where: { $0.start.map { $0 + motif.width > length } ?? false }) {
      throw InputError(
        file: truth,
        "has a site from \(outside.start!) on, which ends after the \(length) bases of a sequence")
    }
    return PlantedSet(sequences: sequences, sites: sites)
  }

  private func print(_ report: GradeReport) throws {
    if output.isJSON { return try StandardOutput.write(json: report) }
    try StandardOutput.write(report.text)
  }
}
