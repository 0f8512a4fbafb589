import ArgumentParser
import Foundation
import MotifKit
import Runtime

struct Explain: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Explain predictions base by base.",
    discussion: """
      Writes an NPZ file with sequences (N, 4, L), attributions (N, 4, L) of the logit, or cam (N, L). With several
      methods the arrays are named attributions_METHOD and cam_METHOD.

      METHODS:
        \(AttributionMethod.allCases.map(\.rawValue).joined(separator: ", ")),
        \(ClassActivationMethod.allCases.map(\.rawValue).joined(separator: ", "))

      EXAMPLES:
        motifkit explain v2.safetensors FOXO1_test.csv --method input-x-gradient --out gradients.npz
        motifkit explain v5.safetensors peaks.fa --method deepshap,grad-cam --layer conv1d_1 --out explained.npz \\
          --figures explained
      """)

  @Argument(help: "A model that motifkit trained.") var model: String
  @Argument(help: "Sequences: FASTA, CSV or TSV, plain or gzipped, or - for standard input.") var file: String
  @Option(help: ArgumentHelp("Methods, with commas between.", valueName: "names")) var method: String
  @Option(help: ArgumentHelp("NPZ file to write.", valueName: "file")) var out: String
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
      "What integrated-gradients and deepshap compare with: zeros, or so many dinucleotide shuffles. (default: zeros"
        + " and 20)", valueName: "references"))
  var references: String?
  @Option(help: "Points on the way of integrated-gradients.") var steps = 50
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
  }

  private struct Digest: Encodable {
    var sequences: Int
    var methods: [Agreement]
  }

  func validate() throws {
    if let limit, limit < 1 { throw ValidationError("--limit \(limit): expected 1 or more") }
    if steps < 1 { throw ValidationError("--steps \(steps): expected 1 or more") }
    _ = try reference()
  }

  func run() throws {
    try requireWritable(out)
    let methods = try method.split(separator: ",").map { try ExplanationMethod(String($0)) }
    guard !methods.isEmpty else { throw ValidationError("--method names no method") }
    let model = try Model.read(model)
    let network = model.network
    var set = try LabeledSequences(contentsOf: file, length: network.architecture.input.length)
    if let limit, limit < set.count { set = set.subset(0..<limit) }
    let sequences = set.sequences
    let sites = try truth.map { try self.sites(sequences, truth: $0) }
    let layerIndex = try layer.index(in: network)
    var options = AttributionOptions()
    if let target {
      let names = try model.knownObjective(file: self.model).outputs
      guard let index = names.firstIndex(of: target) else {
        throw InputError(file: self.model, "has no output \(target); it has \(names.joined(separator: ", "))")
      }
      options.output = index
    }
    options.isHypothetical = hypothetical
    options.subtractsBaseMeans = correctGradient
    options.reference = try reference()
    options.steps = steps
    options.seed = common.seed
    var arrays: [(name: String, array: TypedArray)] = []
    var explanations: [Explanation] = []
    for method in methods {
      let explanation = try network.explanation(
        method, of: sequences, options: options, layer: layerIndex, isRectified: !keepNegative)
      let suffix = methods.count > 1 ? "_" + method.name.replacingOccurrences(of: "-", with: "_") : ""
      arrays += explanation.arrays.map { ($0.name + suffix, $0.array) }
      explanations.append(explanation)
    }
    let oneHot = TypedArray(oneHot: sequences, length: network.architecture.input.length)
    try NPZFile.write([("sequences", oneHot)] + arrays, to: out)
    if let figures {
      try OutputFolder.write(figures) { stage in
        try ExplanationPictures(
          explanations, of: sequences, labels: set.labels, by: network, sites: sites
        )
        .write(to: stage, provenance: common.provenance)
      }
    }
    let digest = Digest(
      sequences: sequences.count,
      methods: explanations.map { explanation in
        Agreement(method: explanation.name, agreement: sites.flatMap { explanation.agreement(with: $0) })
      })
    if output.isJSON { return try StandardOutput.write(json: digest) }
    try StandardOutput.write("\(sequences.count) sequences explained\n")
    guard sites != nil else { return }
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

  private func reference() throws -> AttributionReference? {
    guard let references else { return nil }
    if references == "zeros" { return .zeros }
    guard let count = Int(references), count > 0 else {
      throw ValidationError("--references \(references): expected zeros or a number of shuffles")
    }
    return .dinucleotideShuffles(count)
  }
}
