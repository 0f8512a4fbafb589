import ArgumentParser
import Foundation
import MotifKit
import Runtime

struct Discover: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Find motifs in attributions.",
    discussion: """
      Explains sequences by deepshap, or reads attributions of any program, and groups what stands out into patterns: \
      patterns.meme, patterns.tsv, patterns.h5 (as modisco report reads it), families.meme, hits.bed and hits.tsv of \
      sites in the attributions, scan.bed and scan.tsv of sites by sequence, index.html and figures. With MODEL also \
      sequences.npz and attributions.npz, as TF-MoDISco and tangermeme read them. The order of the sequences does not \
      matter.

      Files of attributions are NPZ, NPY or HDF5, (N, 4, L) or (N, L, 4), hypothetical: with the values of all bases.

      EXAMPLES:
        motifkit discover v3.safetensors peaks.fa --database JASPAR2024.meme \\
            --out motifs
        motifkit discover v3.safetensors peaks.narrowPeak --genome hg38.2bit \\
            --database JASPAR2024.meme --out motifs
        motifkit discover --sequences ohe.npz --attributions hyp.npz --out motifs
        motifkit discover --merge fold1/patterns.h5,fold2/patterns.h5 --out all
      """)

  enum Method: String, ExpressibleByArgument, CaseIterable { case windows, recursive }

  @Argument(help: "A model of motifkit or of another program.") var model: String?
  @Argument(help: "Sequences: FASTA, CSV or TSV, plain or gzipped, or - for standard input.") var file:
    String?
  @Option(
    help: ArgumentHelp(
      "Which output of a network with several is explained: a column or class that it learned. (default: the first)",
      valueName: "name"))
  var target: String?
  @Option(help: ArgumentHelp("One-hot sequences, instead of MODEL and FILE.", valueName: "file"))
  var sequences: String?
  @Option(help: ArgumentHelp("Hypothetical attributions of --sequences.", valueName: "file"))
  var attributions: String?
  @Option(
    help: ArgumentHelp(
      "Results of other runs, with commas between, whose patterns are merged, instead of MODEL and FILE.",
      valueName: "files"))
  var merge: String?
  @Option(help: ArgumentHelp("Folder to write to.", valueName: "folder")) var out: String
  @Option(help: ArgumentHelp("Motifs that name the patterns, in any supported format.", valueName: "motifs"))
  var database: String?
  @Option(help: ArgumentHelp("How columns of motifs are compared. (default: euclidean)"))
  var distance: Comparison.Distance?
  @Option(
    help: ArgumentHelp(
      "Bases around the middle of the sequences that are used. (default: all)", valueName: "bases"))
  var central: Int?
  @Option(help: "Seqlets of each sign that are clustered; a sample where there are more.") var maxSeqlets =
    20_000
  @Option(help: "How seqlets are found: windows as in TF-MoDISco, recursive as in tangermeme.")
  var seqlets = Method.windows
  @Option(
    help: "Dinucleotide shuffles of each sequence that control recursive seqlets; with MODEL. (default: none)"
  )
  var controls = 0
  @Option(help: "Dinucleotide shuffles that deepshap compares with.") var references = 20
  @Option(help: "Cosine of pattern and attributions that a hit has at least.") var similarity = 0.7
  @Option(help: "p-value of a hit by scanning at most.") var scanPValue = 1e-4
  @OptionGroup var output: FormatOption
  @OptionGroup(title: "Genome") var genome: GenomeArguments
  @OptionGroup var middle: LengthArguments
  @OptionGroup(title: "Network of another program") var foreign: ForeignArguments
  @OptionGroup var common: CommonOptions

  func validate() throws {
    let ways = [model != nil, sequences != nil, merge != nil].count { $0 }
    guard ways == 1, (model == nil) == (file == nil), (sequences == nil) == (attributions == nil) else {
      throw ValidationError("give MODEL and FILE, or --sequences and --attributions, or --merge")
    }
    for (name, value) in [("max-seqlets", maxSeqlets), ("references", references), ("central", central ?? 1)]
    where value < 1 {
      throw ValidationError("--\(name) \(value): expected 1 or more")
    }
    for (name, value) in [("max-seqlets", maxSeqlets), ("references", references)] where value > 1_000_000 {
      throw ValidationError("--\(name) \(value): expected 1,000,000 at most")
    }
    if distance != nil, database == nil { throw ValidationError("--distance is for --database") }
    if target != nil, model == nil { throw ValidationError("--target is for MODEL") }
    if !(0...1000).contains(controls) { throw ValidationError("--controls \(controls): expected 0 to 1000") }
    if controls > 0, model == nil || seqlets != .recursive {
      throw ValidationError("--controls is for MODEL and --seqlets recursive")
    }
    if !(similarity > 0 && similarity < 1) {
      throw ValidationError("--similarity \(similarity): expected a number between 0 and 1")
    }
    if !(scanPValue > 0 && scanPValue <= 1) {
      throw ValidationError("--scan-p-value \(scanPValue): expected a number above 0, 1 at most")
    }
  }

  func run() throws {
    if let merge { return try union(merge.split(separator: ",").map(String.init)) }
    let known = try database.map { try MotifFile.named($0).motifs } ?? []
    var table: Table?
    try RunRecord.fill(
      out, common.reproduction, inputs: common.inputs(model, file, sequences, attributions, database),
      entries: DiscoveryReport.entries + ["attributions.npz", "sequences.npz"]
    ) { stage, _ in
      let (tracks, names, control, labeled) = try input()
      if model != nil {
        let arrays = tracks.arrays
        try NPZFile.write([.init("arr_0", arrays.sequences)], to: "\(stage)/sequences.npz")
        try NPZFile.write([.init("arr_0", arrays.attributions)], to: "\(stage)/attributions.npz")
      }
      var options = PatternOptions()
      options.maximumSeqlets = maxSeqlets
      options.seed = common.seed
      let method: SeqletMethod =
        switch seqlets {
        case .windows: .windows(WindowSeqlets())
        case .recursive: .recursive(RecursiveSeqlets(), control: control)
        }
      let isQuiet = common.quiet
      let discovery = try MotifDiscovery(tracks, seqlets: method, options: options) { message in
        if !isQuiet { StandardError.write(message + "\n") }
      }
      let enrichment = try labeled.flatMap { try DatabaseEnrichment(known, in: $0, seed: common.seed) }
      let naming = NamingOptions(
        distance: distance ?? .euclidean, families: enrichment.map { $0.family })
      var fit = ContributionFit()
      fit.minimumSimilarity = similarity
      let report = try DiscoveryReport(
        discovery, in: tracks, names: names, database: known, naming: naming, fit: fit,
        scanPValue: scanPValue,
        seed: common.seed)
      try report.write(to: stage, provenance: common.provenance)
      table = report.table
      report.nothingFound.map(common.note)
    }
    if let table { try print(table) }
  }

  private func print(_ table: Table) throws {
    if output.isJSON { return try StandardOutput.write(json: table) }
    try StandardOutput.write(table.text)
  }

  /// What is clustered: explained here, or read.
  private func input() throws -> (
    tracks: AttributionTracks, names: [String], control: AttributionTracks?, labeled: LabeledSequences?
  ) {
    if let sequences, let attributions {
      let tracks = try AttributionTracks(sequences: sequences, attributions: attributions)
      return (try centered(tracks), (1...tracks.count).map { "seq\($0)" }, nil, nil)
    }
    guard let model, let file else { throw ValidationError("give MODEL and FILE") }
    let source = try foreign.model(model, for: file)
    let network = source.network
    GenomicInput.source?.fit(length: network.architecture.input.length)
    let labeled = try LabeledSequences(
      contentsOf: file, labels: .whereYesOrNo, length: network.architecture.input.length)
    let set = labeled.sequences
    guard set.count > 0 else { throw InputError(file: file, "has no sequences") }
    try source.requireAnswers(to: set, file: model)
    let output = try source.output(target, takesFirst: true, file: model)
    let tracks = try explained(set, by: network, output: output)
    common.note("\(Words.counted(set.count, "sequence")) explained")
    var control: AttributionTracks?
    if controls > 0 {
      var shuffles = SequenceSet()
      for copy in 0..<controls {
        let shuffled = try set.shuffled(seed: common.seed, copy: copy)
        for index in 0..<shuffled.count { shuffles.append(shuffled[index], name: set.name(index)) }
      }
      control = try centered(try explained(shuffles, by: network, output: output))
    }
    return (try centered(tracks), (0..<set.count).map(set.name), control, labeled)
  }

  private func centered(_ tracks: AttributionTracks) throws -> AttributionTracks {
    try central.map { try tracks.centered(length: $0) } ?? tracks
  }

  private func explained(_ set: SequenceSet, by network: Network, output: Int) throws -> AttributionTracks {
    var options = AttributionOptions()
    options.output = output
    options.isHypothetical = true
    options.seed = common.seed
    let method = AttributionMethod.deepSHAP(reference: .dinucleotideShuffles(references))
    let found = try network.attributions(method, of: set, options: options)
    return try AttributionTracks(found)
  }

  private func union(_ paths: [String]) throws {
    guard paths.count > 1 else { throw ValidationError("--merge needs two files at least") }
    let known = try database.map { try MotifFile.named($0).motifs } ?? []
    var table: Table?
    try RunRecord.fill(
      out, common.reproduction, inputs: paths, entries: ["patterns.meme", "patterns.tsv"]
    ) { stage, _ in
      let unions = PatternUnion.merge(try paths.flatMap { try StoredPattern.read(path: $0) })
      let motifs = unions.enumerated().map { $0.element.motif(identifier: "pattern_\($0.offset)") }
      let result = try unions.table(
        motifs, database: known, seed: common.seed, naming: NamingOptions(distance: distance ?? .euclidean))
      try MotifFile(motifs: motifs).write(to: "\(stage)/patterns.meme")
      try AtomicFile.write(result.tsv, to: "\(stage)/patterns.tsv")
      table = result
    }
    if let table { try print(table) }
  }
}
