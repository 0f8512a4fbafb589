import ArgumentParser
import Foundation
import MotifKit
import Runtime

struct Explain: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Explain predictions base by base.",
    discussion: """
      Writes an NPZ file with sequences (N, 4, L), attributions (N, 4, L) of the logit, or cam (N, L). With several
      methods the arrays are named attributions_METHOD and cam_METHOD. Methods with references add residuals (N): the sum
      of the attributions less the difference of the outputs; and standard_errors (N, L) over several references.

      METHODS:
        \(AttributionMethod.named.map(\.name).joined(separator: ", ")),
        \(ClassActivationMethod.allCases.map(\.rawValue).joined(separator: ", "))

      EXAMPLES:
        motifkit explain v2.safetensors FOXO1_test.csv --method input-x-gradient --out gradients.npz
        motifkit explain v5.safetensors peaks.fa --method deepshap,grad-cam --layer conv1d_1 --out explained.npz \\
          --figures explained
        motifkit explain v5.safetensors peaks.narrowPeak --genome hg38.2bit --method deepshap --out contributions.bw
        motifkit explain v5.safetensors peaks.fa --method deepshap --hypothetical --out shap.npz --modisco ohe.npz
      """)

  @Argument(help: "A model that motifkit trained.") var model: String
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
      "Which output of a network with several is explained: a column or class that it learned. (default: the first)",
      valueName: "name"))
  var target: String?
  @Option(help: "How many sequences are explained, from the first. (default: all)") var limit: Int?
  @Flag(help: "Values of all four bases: hypothetical attributions.") var hypothetical = false
  @Flag(help: "Gradients without what points off the one-hot simplex (mean over the four bases).")
  var correctGradient = false
  @Option(
    help: ArgumentHelp(
      """
      What methods with references compare with: zeros; a number of dinucleotide shuffles; \
      uniform:N or gc:N, random sequences with bases alike or with the sequence's share of G and C; or a FASTA file with as many \
      for each sequence, or the same for all. (default: zeros, 50 and 20)
      """, valueName: "references"))
  var references: String?
  @Option(
    help: ArgumentHelp(
      "FASTA file to write the references to, those of a sequence in order.", valueName: "file"))
  var saveReferences: String?
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
  @Flag(help: "Class activation maps with their negative values.") var keepNegative = false
  @Option(
    help: ArgumentHelp("Table of planted sites, to measure the attributions against.", valueName: "truth.tsv")
  )
  var truth: String?
  @Option(help: "Which set of the truth the sequences are.") var truthSet = "test"
  @Option(help: ArgumentHelp("The planted motif, for the width of its sites.", valueName: "motif"))
  var motif =
    "foxo1"
  @OptionGroup var output: FormatOption
  @OptionGroup(title: "Genome") var genome: GenomeArguments
  @OptionGroup var common: CommonOptions

  private struct Agreement: Encodable {
    var method: String
    var agreement: SiteAgreement?
    /// Standard error over references as a share of the mean value.
    var relativeError: Double?
  }

  private struct Digest: Encodable {
    var sequences: Int
    var methods: [Agreement]
  }

  func validate() throws {
    if let limit, limit < 1 { throw ValidationError("--limit \(limit): expected 1 or more") }
    if let steps, steps < 1 { throw ValidationError("--steps \(steps): expected 1 or more") }
    if let controls, controls < 1 { throw ValidationError("--controls \(controls): expected 1 or more") }
    if let samples, samples < 1 { throw ValidationError("--samples \(samples): expected 1 or more") }
    if let noise, !(noise >= 0 && noise.isFinite) {
      throw ValidationError("--noise \(noise): expected a finite number, 0 or more")
    }
    if let occlude, occlude < 1 { throw ValidationError("--occlude \(occlude): expected 1 or more") }
    if let references, ReferenceArgument(references) == nil {
      throw ValidationError(
        "--references \(references): expected zeros, a number of shuffles, uniform:N, gc:N, or a file")
    }
  }

  /// With their options.
  private func methods(of sequences: SequenceSet) throws -> [ExplanationMethod] {
    let names = method.split(separator: ",").map(String.init)
    guard !names.isEmpty else { throw ValidationError("--method names no method") }
    for (index, name) in names.enumerated() where names[..<index].contains(name) {
      throw ValidationError("--method names \(name) twice")
    }
    let reference = try references.flatMap(ReferenceArgument.init)?.reference(of: sequences)
    return try names.map { name in
      switch try ExplanationMethod(name) {
      case .attribution(.integratedGradients(let usual, let zeros)):
        .attribution(.integratedGradients(steps: steps ?? usual, reference: reference ?? zeros))
      case .attribution(.deepSHAP(let shuffles)): .attribution(.deepSHAP(reference: reference ?? shuffles))
      case .attribution(.exactIntegratedGradients(let zeros)):
        .attribution(.exactIntegratedGradients(reference: reference ?? zeros))
      case .attribution(.expectedGradients(let shuffles)):
        .attribution(.expectedGradients(reference: reference ?? shuffles))
      case .attribution(.smoothGrad(let usual, let deviation)):
        .attribution(.smoothGrad(samples: samples ?? usual, noise: noise ?? deviation))
      case .attribution(.occlusion(let usual)): .attribution(.occlusion(window: occlude ?? usual))
      case let method: method
      }
    }
  }

  /// An option that none of the methods knows would be forgotten without a word.
  private func refuseIdleOptions(_ methods: [ExplanationMethod]) throws {
    func require(_ isGiven: Bool, _ option: String, _ owners: String, _ takes: (ExplanationMethod) -> Bool)
      throws
    {
      if isGiven, !methods.contains(where: takes) { throw ValidationError("\(option) is for \(owners)") }
    }
    try require(
      hypothetical, "--hypothetical", "methods with references and mutagenesis", \.takesHypothetical)
    try require(correctGradient, "--correct-gradient", "gradients", \.isGradient)
    let comparing = "methods with references"
    try require(references != nil, "--references", comparing, \.hasReference)
    try require(saveReferences != nil, "--save-references", comparing, \.hasReference)
    try require(samples != nil || noise != nil, "--samples and --noise", "smoothgrad") {
      if case .attribution(.smoothGrad) = $0 { true } else { false }
    }
    try require(occlude != nil, "--occlude", "occlusion") {
      if case .attribution(.occlusion) = $0 { true } else { false }
    }
    try require(steps != nil, "--steps", "integrated-gradients") {
      if case .attribution(.integratedGradients) = $0 { true } else { false }
    }
    try require(layer.layer != nil, "--layer", "class activation maps") { !$0.isAttribution }
    try require(keepNegative, "--keep-negative", "class activation maps") { !$0.isAttribution }
  }

  func run() throws {
    try requireWritable(out)
    let isTrack = TrackFormat(path: out) != nil
    if TrackFormat(path: out) == .bed {
      throw ValidationError("--out \(out): a value for each base is no BED; expected .bedgraph, .bw or .bigwig")
    }
    try refuseIdleOptions(try methods(of: SequenceSet()))
    let model = try Model.read(model)
    let network = model.network
    let length = network.architecture.input.length
    GenomicInput.source?.fit(length: network.architecture.input.length)
    let set = try LabeledSequences(contentsOf: file, length: length, limit: limit)
    let sequences = set.sequences
    try model.requireAnswers(to: sequences, file: self.model)
    let methods = try methods(of: sequences)
    if modisco != nil, methods.count > 1 || !methods[0].isAttribution {
      throw ValidationError("--modisco takes one method that gives attributions")
    }
    if isTrack, methods.count > 1 || hypothetical || modisco != nil || controls != nil {
      throw ValidationError("a track takes one method, and none of --hypothetical, --modisco and --controls")
    }
    let sites = try truth.map { try self.sites(sequences, truth: $0) }
    let layerIndex = try layer.index(in: network)
    var options = AttributionOptions()
    options.output = try model.output(target, takesFirst: true, file: self.model)
    options.seed = common.seed
    let streams = try methods.map { method in
      var options = options
      options.isHypothetical = hypothetical && method.takesHypothetical
      options.subtractsBaseMeans = correctGradient && method.isGradient
      return try ExplanationStream(
        method, of: sequences, by: network, options: options, layer: layerIndex, isRectified: !keepNegative,
        sites: sites)
    }
    let significance = try controls.map { shuffles in
      try zip(streams, methods).map { stream, method in
        var options = options
        options.subtractsBaseMeans = correctGradient && method.isGradient
        return try network.significance(
          of: stream.method, of: sequences, options: options, layer: layerIndex, shuffles: shuffles)
      }
    }
    if isTrack {
      try writeTrack(streams[0], sequences)
    } else {
      try write(streams, significance, sequences, length: length)
    }
    if let figures {
      let shown = sequences.subset(Array(0..<min(sequences.count, ExplanationStream.partSize)))
      try OutputFolder.write(figures) { stage in
        try ExplanationPictures(
          streams.compactMap(\.beginning), of: shown, labels: Array(set.labels.prefix(shown.count)),
          by: network,
          sites: sites.map { Array($0.prefix(shown.count)) }
        ).write(to: stage, provenance: common.provenance)
      }
    }
    try report(streams, sequences, hasSites: sites != nil)
  }

  private func writeTrack(_ stream: ExplanationStream, _ sequences: SequenceSet) throws {
    var track = try GenomeTrack(genome)
    let progress = ProgressBar("Explaining", total: sequences.count, unit: "sequences", common)
    try stream.forEachPart(progress: { progress.update($0) }) { part, values in
      let length = values.count / part.count
      for (place, index) in part.enumerated() {
        try track.add(
          values[place * length..<(place + 1) * length], name: sequences.name(index), file: file)
      }
    }
    progress.finish()
    try track.write(to: out)
    if let saveReferences, let reference = stream.method.reference {
      try write(reference, of: sequences, to: saveReferences)
    }
  }

  private func write(
    _ streams: [ExplanationStream], _ significance: [PositionSignificance]?, _ sequences: SequenceSet,
    length: Int
  ) throws {
    let progress = ProgressBar(
      "Explaining", total: streams.count * sequences.count, unit: "sequences", common)
    defer { progress.finish() }
    var arrays: [(name: String, array: StreamedArray)] = []
    for (index, stream) in streams.enumerated() {
      let suffix = streams.count > 1 ? "_" + stream.method.name.replacingOccurrences(of: "-", with: "_") : ""
      arrays += stream.arrays(suffix: suffix) { progress.update(index * sequences.count + $0) }
      for (name, values) in significance.map({
        [("p_values", $0[index].pValues), ("q_values", $0[index].qValues)]
      }) ?? [] {
        arrays.append(
          (
            name + suffix,
            StreamedArray(.float32, shape: [sequences.count, length]) { body in
              try values.map { Float($0) }.withUnsafeBytes(body)
            }
          ))
      }
    }
    if let modisco {
      try requireWritable(modisco)
      arrays[0].name = "arr_0"
      try NPZFile.write([("arr_0", StreamedArray(oneHot: sequences, length: length))], to: modisco)
    }
    try NPZFile.write([("sequences", StreamedArray(oneHot: sequences, length: length))] + arrays, to: out)
    if let saveReferences, let reference = streams.lazy.compactMap(\.method.reference).first {
      try write(reference, of: sequences, to: saveReferences)
    }
  }

  private func write(_ reference: AttributionReference, of sequences: SequenceSet, to path: String) throws {
    let references = try ReferenceSource(reference, of: sequences, seed: common.seed)
    let drawer = ReferenceSource.Drawer()
    let letters: [UInt8] = Array("ACGTN".utf8)
    try AtomicFile.write(path: path) { file in
      for index in 0..<sequences.count {
        for copy in 0..<references.count {
          try file.write(">\(sequences.name(index)) reference \(copy + 1)\n")
          try file.write(references.codes(index, copy: copy, by: drawer).map { letters[Int($0)] } + [10])
        }
      }
    }
  }

  private func report(_ streams: [ExplanationStream], _ sequences: SequenceSet, hasSites: Bool) throws {
    for stream in streams {
      if stream.withoutContrast > 0 {
        common.note(
          "\(stream.method.name): \(stream.withoutContrast) of \(sequences.count) sequences are their own references, as"
            + " shuffles of one repeated base are; their values are 0 and say nothing")
      }
      if stream.incomplete > 0 {
        common.note(
          "\(stream.method.name): in \(stream.incomplete) of \(sequences.count) sequences the values miss the difference of"
            + " the outputs by more than 1 % (residuals)")
      }
    }
    let digest = Digest(
      sequences: sequences.count,
      methods: streams.map {
        Agreement(method: $0.method.name, agreement: $0.agreement, relativeError: $0.relativeError)
      })
    if output.isJSON { return try StandardOutput.write(json: digest) }
    try StandardOutput.write("\(sequences.count) sequences explained\n")
    for case let (stream, error?) in streams.map({ ($0, $0.relativeError) }) {
      try StandardOutput.write(
        String(
          format: "%@: standard error over references %.1f %% of the mean value\n", stream.method.name,
          100 * error))
    }
    guard hasSites else { return }
    try StandardOutput.write("method                 share in site  (chance)   AUROC\n")
    for case let row in digest.methods {
      guard let agreement = row.agreement else { continue }
      try StandardOutput.write(
        String(
          format: "%@  %8.4f      %8.4f  %8.4f\n",
          row.method.padding(toLength: 22, withPad: " ", startingAt: 0),
          agreement.share, agreement.expectedShare, agreement.auroc))
    }
  }

  private func sites(_ sequences: SequenceSet, truth: String) throws -> [Range<Int>?] {
    let sites = try PlantedTruth.read(path: truth, set: truthSet)
    guard sites.count >= sequences.count else {
      throw InputError(file: truth, "has \(sites.count) rows of \(truthSet) for \(sequences.count) sequences")
    }
    let width = try Motif.one(path: motif).width
    return sites.prefix(sequences.count).map { site in site.start.map { $0..<$0 + width } }
  }
}
