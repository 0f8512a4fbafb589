import ArgumentParser
import Foundation
import MotifKit
import Runtime

struct Explain: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Explain predictions base by base.",
    discussion: """
      Writes an NPZ file with sequences (N, 4, L), attributions (N, 4, L) of the logit, or cam (N, L). With several \
      methods the arrays are named attributions_METHOD and cam_METHOD. Methods with references add residuals (N): the sum \
      of the attributions less the difference of the outputs; and standard_errors (N, L) over several references. With \
      several outputs their names come last, attributions_METHOD_OUTPUT. Several models add spreads (N, L), their standard \
      deviation.

      METHODS: \(AttributionMethod.named.map(\.name).joined(separator: ", ")), \
      \(ClassActivationMethod.allCases.map(\.rawValue).joined(separator: ", "))

      EXAMPLES:
        motifkit explain v2.safetensors FOXO1_test.csv --method input-x-gradient \\
            --out gradients.npz
        motifkit explain v5.safetensors peaks.fa --method deepshap,grad-cam \\
            --layer conv1d_1 --out explained.npz --figures explained
        motifkit explain v5.safetensors peaks.narrowPeak --genome hg38.2bit \\
            --method deepshap --out contributions.bw
        motifkit explain v5.safetensors peaks.fa --method deepshap --hypothetical \\
            --out shap.npz --modisco ohe.npz
        motifkit explain fold1.safetensors,fold2.safetensors peaks.fa \\
            --method deepshap --both-strands --out mean.npz
        motifkit explain v5.safetensors peaks.fa --method mutagenesis --limit 5 \\
            --pairs --out pairs.npz --figures pairs
      """)

  @Argument(
    help: ArgumentHelp(
      "A model, or several with commas between, whose mean is taken: folds or seeds of one network.",
      valueName: "models"))
  var model: String
  @Argument(help: "Sequences: FASTA, CSV or TSV, plain or gzipped, or - for standard input.") var file: String
  @Option(help: ArgumentHelp("Methods, with commas between.", valueName: "names")) var method: String
  @Option(
    help: ArgumentHelp(
      """
      NPZ file to write; or, where names carry coordinates and with one method, .bedgraph, .bw or .bigwig: the value of the \
      base that is there, the mean where sequences overlap.
      """, valueName: "file"))
  var out: String
  @Option(help: ArgumentHelp("Folder for pictures of the first sequences.", valueName: "folder"))
  var figures: String?
  @Option(
    help: ArgumentHelp(
      """
      Which outputs of a network with several are explained: columns or classes that it learned, with commas between, or all. \
      (default: the first)
      """, valueName: "names"))
  var target: String?
  @Option(help: "How many sequences are explained, from the first. (default: all)") var limit: Int?
  @Flag(help: "Values of all four bases: hypothetical attributions.") var hypothetical = false
  @Flag(help: "Gradients without what points off the one-hot simplex (mean over the four bases).")
  var correctGradient = false
  @Option(
    help: ArgumentHelp(
      """
      What methods with references compare with: zeros; a number of dinucleotide shuffles; \
      uniform:N or gc:N, random sequences with bases alike or with the sequence's share of G and C; frequencies, those of the bases \
      in FILE at every position, or four numbers such as 0.3,0.2,0.2,0.3; or a FASTA file with as many \
      for each sequence, or the same for all. (default: zeros, 50 and 20)
      """, valueName: "references"))
  var references: String?
  @Option(
    help: ArgumentHelp(
      "FASTA file to write the references to, those of a sequence in order.", valueName: "file"))
  var saveReferences: String?
  @Option(
    help: "How deepshap takes differences through functions: rescale or reveal-cancel. (default: rescale)")
  var rule: DeepLIFTRule?
  @Flag(help: "The mean over both strands.") var bothStrands = false
  @Option(help: "The mean over sequences moved by up to this many bases to either side.") var shifts = 0
  @Flag(
    help: """
      Adds dependencies (N, L, L): how much the effects of changing two bases depend on each other, and draws them with --figures. \
      Scores 4.5 L² changed sequences for each.
      """)
  var pairs = false
  @Option(help: "Points on the way of integrated-gradients. (default: 50)") var steps: Int?
  @Option(help: "Noisy copies of each sequence for smoothgrad. (default: 50)") var samples: Int?
  @Option(help: "Standard deviation of the noise of smoothgrad. (default: 0.15)") var noise: Double?
  @Option(
    help: ArgumentHelp("Bases that occlusion hides at a time. (default: 5)", valueName: "bases"))
  var occlude: Int?
  @Option(
    help: ArgumentHelp(
      "NPZ file to write the sequences to as modisco reads them; the attributions in --out are then called arr_0.",
      valueName: "file"))
  var modisco: String?
  @Option(
    help: ArgumentHelp(
      """
      Dinucleotide shuffles of each sequence whose positions are controls: adds p_values and, after Benjamini and Hochberg, \
      q_values (N, L). (default: none)
      """, valueName: "shuffles"))
  var controls: Int?
  @OptionGroup var layer: LayerOption
  @OptionGroup var unit: UnitOption
  @Flag(help: "Class activation maps with their negative values.") var keepNegative = false
  @Option(
    help: ArgumentHelp("Table of planted sites, to measure the attributions against.", valueName: "truth.tsv")
  )
  var truth: String?
  @Option(
    help: ArgumentHelp("Which set of the truth the sequences are. (default: test)", valueName: "set"))
  var truthSet: String?
  @Option(
    help: ArgumentHelp("The planted motif, for the width of its sites. (default: foxo1)", valueName: "motif"))
  var motif: String?
  @OptionGroup var output: FormatOption
  @OptionGroup(title: "Genome") var genome: GenomeArguments
  @OptionGroup var middle: LengthArguments
  @OptionGroup(title: "Network of another program") var foreign: ForeignArguments
  @OptionGroup var common: CommonOptions

  struct Agreement: Encodable {
    var method: String
    /// Where several are explained.
    var output: String?
    var agreement: SiteAgreement?
    /// Standard error over references as a share of the mean value.
    var relativeError: Double?
  }

  struct Digest: Encodable {
    var sequences: Int
    var methods: [Agreement]
  }

  func validate() throws {
    if middle.length != nil, truth != nil {
      throw ValidationError("--length moves sites: cut the sequences and their sites before")
    }
    try require("--limit", limit, in: 1 ... .max)
    for (option, value) in [("--steps", steps), ("--samples", samples), ("--controls", controls)] {
      try require(option, value, in: 1...1_000_000)
    }
    if truth == nil, truthSet != nil || motif != nil {
      throw ValidationError("--truth-set and --motif need --truth")
    }
    if let noise, !(noise >= 0 && noise.isFinite) {
      throw ValidationError("--noise \(noise): expected a finite number, 0 or more")
    }
    try require("--occlude", occlude, in: 1 ... .max)
    if let references, ReferenceArgument(references) == nil {
      throw ValidationError(
        "--references \(references): expected zeros, a number of shuffles, uniform:N, gc:N, frequencies, four numbers that sum to 1, or a file"
      )
    }
    if shifts < 0 { throw ValidationError("--shifts \(shifts): expected 0 or more") }
    if unit.unit != nil, target != nil || truth != nil {
      throw ValidationError("--unit takes the place of an output: without --target and --truth")
    }
    let isMean = bothStrands || shifts > 0 || models.count > 1
    if pairs || controls != nil, isMean {
      throw ValidationError("--pairs and --controls take one model, without --both-strands and --shifts")
    }
  }

  var models: [String] { model.split(separator: ",").map(String.init) }

  func run() throws {
    try requireWritable(out)
    if let figures { try OutputFolder.create(figures) }
    let isTrack = TrackFormat(path: out) != nil
    if TrackFormat(path: out) == .bed {
      throw ValidationError(
        "--out \(out): a value for each base is no BED; expected .bedgraph, .bw or .bigwig")
    }
    try refuseIdleOptions(try methods(of: SequenceSet()))
    guard !models.isEmpty else { throw ValidationError("expected a model") }
    let read = try models.map { try foreign.model($0, for: file) }
    let networks = try read.map { model in
      try unit.place(in: model.network).map { try model.network.unit(layer: $0.layer, channel: $0.filter) }
        ?? model.network
    }
    let network = networks[0]
    let explainer = try AveragedExplainer(networks, bothStrands: bothStrands, shift: shifts)
    let length = network.architecture.input.length
    GenomicInput.source?.fit(length: network.architecture.input.length)
    let set = try LabeledSequences(contentsOf: file, labels: .whereYesOrNo, length: length, limit: limit)
    let sequences = set.sequences
    for (model, path) in zip(read, models) { try model.requireAnswers(to: sequences, file: path) }
    let methods = try methods(of: sequences)
    let targets = try read[0].outputs(target, file: models[0])
    if modisco != nil, methods.count > 1 || targets.count > 1 || !methods[0].isAttribution {
      throw ValidationError("--modisco takes one method that gives attributions, and one output")
    }
    if isTrack,
      methods.count > 1 || targets.count > 1 || hypothetical || pairs || modisco != nil || controls != nil
    {
      throw ValidationError(
        "a track takes one method and one output, and none of --hypothetical, --pairs, --modisco and --controls"
      )
    }
    let sites = try truth.map { try self.sites(sequences, truth: $0) }
    let layerIndex = try layer.index(in: network)
    var options = AttributionOptions()
    options.seed = common.seed
    let explained = try methods.flatMap { method in
      try targets.map { target in
        var options = options
        options.output = target.index
        options.isHypothetical = hypothetical && method.takesHypothetical
        options.subtractsBaseMeans = correctGradient && method.isGradient
        let stream = try ExplanationStream(
          method, of: sequences, by: explainer, options: options, layer: layerIndex,
          isRectified: !keepNegative, sites: sites)
        let label = targets.count > 1 ? target.label : nil
        return Explained(
          stream: stream, target: label.map { _ in target.name },
          name: [method.name, label].compactMap { $0 }.joined(separator: "-"),
          suffix: [methods.count > 1 ? method.name : nil, label].compactMap { $0 }
            .map { "_" + $0.replacingOccurrences(of: "-", with: "_") }.joined(),
          significance: try controls.map { shuffles in
            options.isHypothetical = false
            return try network.significance(
              of: method, of: sequences, options: options, layer: layerIndex, shuffles: shuffles)
          })
      }
    }
    let maps = pairs ? targets.map { DependencyArrays(network, of: sequences, target: $0) } : []
    if isTrack {
      try writeTrack(explained[0].stream, sequences)
    } else {
      try write(explained, maps, sequences, length: length)
    }
    if let figures {
      let shown = sequences.subset(Array(0..<min(sequences.count, ExplanationStream.partSize)))
      try OutputFolder.write(figures) { stage in
        let pictures = try ExplanationPictures(
          explained.compactMap { one in
            one.stream.beginning.map { (one.name, $0, one.stream.output) }
          }, of: shown, labels: Array(set.labels.prefix(shown.count)), by: network,
          sites: sites.map { Array($0.prefix(shown.count)) })
        try pictures.write(to: stage, provenance: common.provenance)
        if let first = maps.first {
          try pictures.write(dependencies: first.beginning, to: stage, provenance: common.provenance)
        }
      }
    }
    try report(explained, sequences, hasSites: sites != nil)
  }

  private func sites(_ sequences: SequenceSet, truth: String) throws -> [Range<Int>?] {
    let set = truthSet ?? "test"
    let sites = try PlantedTruth.read(path: truth, set: set)
    guard sites.count >= sequences.count else {
      throw InputError(file: truth, "has \(sites.count) rows of \(set) for \(sequences.count) sequences")
    }
    let width = try Motif.one(path: motif ?? "foxo1").width
    return sites.prefix(sequences.count).map { site in site.start.map { $0..<$0 + width } }
  }
}
