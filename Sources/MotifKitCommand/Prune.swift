import ArgumentParser
import Foundation
import MotifKit
import Runtime

struct Prune: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Remove filters for good and write the smaller network.",
    discussion: """
      Judges the filters on the sequences, removes the least important through all layers that follow, lets the layers \
      that took them take over what they can, trains on, and prints parameters, loss, accuracy and time before and after. With \
      --target-drop it looks for the fewest filters that lose no more. With --lossless only filters go whose removal \
      provably changes no output to the last bit. Filters that a skip connection adds, or that a later layer has in one \
      group, go together.

      EXAMPLES:
        motifkit prune v2.safetensors FOXO1_train.csv --test FOXO1_test.csv \\
            --keep 16 --out small.safetensors
        motifkit prune v2.safetensors FOXO1_train.csv --test FOXO1_test.csv \\
            --target-drop 0.005 --out small.safetensors
        motifkit prune v5.safetensors FOXO1_train.csv --lossless \\
            --out lossless.safetensors
      """)

  @Argument(help: "A model of motifkit or of another program.") var model: String
  @Argument(
    help: "Sequences with labels, to judge filters and to train on. With --lossless labels are not needed.")
  var file: String
  @Option(help: ArgumentHelp("Model to write (safetensors).", valueName: "file")) var out: String
  @Option(help: "What makes a filter important. (default: magnitude)") var criterion: PruningCriterion?
  @Option(
    help: ArgumentHelp(
      "Filters to keep in each layer: a number, or a share such as 0.5 or 50%. (default: 0.5)",
      valueName: "count"))
  var keep: String?
  @Option(
    help: ArgumentHelp(
      "Keep the fewest filters with which --metric gets worse by no more than this after training on.",
      valueName: "number"))
  var targetDrop: Double?
  @Option(
    help:
      "What --target-drop is measured by, on --test. (default: accuracy, or loss where nothing is right or wrong)"
  )
  var metric: Metric.Kind?
  @Option(
    help: ArgumentHelp(
      "Folder for the networks that --target-drop tried: pruning.tsv, and pruning.png and .svg.",
      valueName: "folder"))
  var curve: String?
  @OptionGroup var layer: LayerOption
  @Flag(help: "Prune every convolution whose filters can be removed, not only the first.") var allLayers =
    false
  @Flag(help: "Remove only what provably changes no output.") var lossless = false
  @Option(help: "Passes over the sequences after pruning. (default: 3)") var epochs: Int?
  @Option(help: "Adam's step size. (default: 0.001)") var learningRate: Double?
  @Option(
    help: ArgumentHelp("Sequences with labels to measure on. (default: those pruned with)", valueName: "file")
  )
  var test: String?
  @OptionGroup var output: FormatOption
  @OptionGroup(title: "Genome") var genome: GenomeArguments
  @OptionGroup(title: "Signal") var signals: SignalArguments
  @OptionGroup var middle: LengthArguments
  @OptionGroup(title: "Network of another program") var foreign: ForeignArguments
  @OptionGroup var common: CommonOptions

  private struct Digest: Encodable {
    var removed: [String: [Int]]
    var before: NetworkMeasure?
    var pruned: NetworkMeasure?
    var after: NetworkMeasure?
    var parametersBefore: Int
    var parametersAfter: Int
    var outputsAreEqual: Bool?
    /// The networks that `--target-drop` tried.
    var curve: Table?
  }

  func validate() throws {
    if let epochs, epochs < 0 { throw ValidationError("--epochs \(epochs): expected 0 or more") }
    if let learningRate, !(learningRate > 0 && learningRate.isFinite) {
      throw ValidationError("--learning-rate \(learningRate): expected a number above 0")
    }
    if allLayers, layer.layer != nil { throw ValidationError("give --layer or --all-layers, not both") }
    if let targetDrop {
      if !(targetDrop >= 0 && targetDrop.isFinite) {
        throw ValidationError("--target-drop \(targetDrop): expected 0 or more")
      }
      if keep != nil { throw ValidationError("give --keep or --target-drop, not both") }
    } else {
      if metric != nil { throw ValidationError("--metric is for --target-drop") }
      if curve != nil { throw ValidationError("--curve is for --target-drop") }
    }
    if lossless {
      let unused: [(String, Bool)] = [
        ("--criterion", criterion != nil), ("--keep", keep != nil), ("--target-drop", targetDrop != nil),
        ("--layer", layer.layer != nil), ("--all-layers", allLayers), ("--epochs", epochs != nil),
        ("--learning-rate", learningRate != nil),
      ]
      if let (name, _) = unused.first(where: { $0.1 }) {
        throw ValidationError("\(name) does nothing with --lossless, which removes what changes no output")
      }
    }
    _ = try share()
  }

  func run() throws {
    try requireWritable(out)
    let model = try foreign.model(model, for: file)
    GenomicInput.source?.fit(length: model.network.architecture.input.length)
    let digest = try lossless ? removeLosslessly(model) : prune(model)
    if output.isJSON { return try StandardOutput.write(json: digest) }
    try StandardOutput.write(text(digest))
  }

  private func prune(_ model: Model) throws -> Digest {
    let network = model.network
    let objective = try model.knownObjective(file: self.model)
    let length = network.architecture.input.length
    let set = try objective.read(path: file, length: length)
    let measured = try test.map { try objective.read(path: $0, length: length) } ?? set
    try model.requireAnswers(to: set.sequences, file: self.model)
    var pruning = Pruning()
    pruning.criterion = criterion ?? pruning.criterion
    pruning.keep = try share()
    pruning.layers =
      try layer.index(in: network).map { [$0] } ?? (allLayers ? network.prunableConvolutions : nil)
    let before = try network.measured(on: measured)
    var options = TrainingOptions()
    options.epochs = epochs ?? 3
    options.learningRate = learningRate ?? options.learningRate
    options.seed = common.seed
    if let targetDrop {
      let curve = try search(network, pruning, set, measured, drop: targetDrop, options)
      try write(curve.smallest.network, of: model)
      return Digest(
        removed: [:], before: before, after: try curve.smallest.network.measured(on: measured),
        parametersBefore: network.parameters.count,
        parametersAfter: curve.smallest.network.parameters.count,
        curve: PruningCurveReport(curve).table)
    }
    let pruned = try network.pruned(pruning, on: set)
    let tuned = try pruned.network.fineTuned(on: set, options: options)
    try write(tuned, of: model)
    return Digest(
      removed: named(pruned.removed, network), before: before,
      pruned: try pruned.network.measured(on: measured),
      after: options.epochs > 0 ? try tuned.measured(on: measured) : nil,
      parametersBefore: network.parameters.count, parametersAfter: tuned.parameters.count)
  }

  private func search(
    _ network: Network, _ pruning: Pruning, _ set: DataSet, _ measured: DataSet, drop: Double,
    _ options: TrainingOptions
  ) throws -> PruningCurve {
    func found() throws -> PruningCurve {
      let progress = ProgressBar("Pruning", total: 0, unit: "networks", common)
      defer { progress.finish() }
      return try PruningCurve(
        network, pruning, on: set, testedOn: measured,
        metric: Metric(metric ?? (set.objective.hasAccuracy ? .accuracy : .loss)), drop: drop,
        options: options
      ) { progress.update($0) }
    }
    guard let folder = curve else { return try found() }
    return try RunRecord.fill(
      folder, common.reproduction, inputs: common.inputs(model, file, test),
      entries: PruningCurveReport.entries
    ) { stage, _ in
      let curve = try found()
      try PruningCurveReport(curve).write(to: stage, provenance: common.provenance)
      return curve
    }
  }

  private func removeLosslessly(_ model: Model) throws -> Digest {
    let network = model.network
    let path = test ?? file
    let set = try LabeledSequences(
      contentsOf: path, labels: .whereYesOrNo, length: network.architecture.input.length)
    let removed = network.removableFilters()
    let smaller = try network.removing(filters: removed)
    let isEqual = try zip(
      network.finiteLogits(of: set.sequences, file: self.model), smaller.logits(of: set.sequences)
    ).allSatisfy {
      $0.bitPattern == $1.bitPattern
    }
    try write(smaller, of: model)
    let measured = set.isLabeled && model.objective == .binary ? try DataSet(set) : nil
    return Digest(
      removed: named(removed, network), before: try measured.map { try network.measured(on: $0) },
      pruned: try measured.map { try smaller.measured(on: $0) },
      parametersBefore: network.parameters.count, parametersAfter: smaller.parameters.count,
      outputsAreEqual: isEqual)
  }

  private func write(_ network: Network, of model: Model) throws {
    var model = model
    model.network = network
    try model.write(to: out)
  }

  private func named(_ removed: FilterSelection, _ network: Network) -> [String: [Int]] {
    Dictionary(
      uniqueKeysWithValues: removed.map { (network.architecture.names[$0.key], $0.value.sorted()) })
  }

  private func text(_ digest: Digest) -> String {
    var text = ""
    for (layer, filters) in digest.removed.sorted(by: { $0.key < $1.key }) {
      text += "\(layer): \(filters.count) filters removed\n"
    }
    if let curve = digest.curve { text += curve.text + "\n" }
    if digest.removed.isEmpty, digest.parametersAfter == digest.parametersBefore {
      text += "no filter removed\n"
    }
    let steps = [("before", digest.before), ("pruned", digest.pruned), ("trained on", digest.after)]
      .compactMap { name, measure in measure.map { (name, $0) } }
    if steps.isEmpty {
      text += "parameters: \(digest.parametersBefore) before, \(digest.parametersAfter) after\n"
    } else {
      text += "            filters      parameters    loss  accuracy  prediction\n"
      for (name, measure) in steps {
        let filters = measure.filters.map(String.init).joined(separator: ", ")
        text += String(
          format: "%@  %@  %10d  %6.4f  %@  %7.1f ms\n",
          name.padding(toLength: 10, withPad: " ", startingAt: 0),
          filters.padding(toLength: max(11, filters.count), withPad: " ", startingAt: 0), measure.parameters,
          measure.loss, measure.accuracy.map { String(format: "  %6.4f", $0) } ?? "       –",
          1000 * measure.seconds)
      }
    }
    if let isEqual = digest.outputsAreEqual {
      text += isEqual ? "every output is equal to the last bit\n" : "outputs differ\n"
    }
    return text
  }

  /// `16`, `0.5`, `50%`.
  private func share() throws -> Pruning.Keep {
    let keep = keep ?? "0.5"
    if let count = Int(keep), count > 0 { return .count(count) }
    let number = keep.hasSuffix("%") ? Double(keep.dropLast()).map { $0 / 100 } : Double(keep)
    guard let number, number > 0, number <= 1 else {
      throw ValidationError("--keep \(keep): expected a number of filters or a share such as 0.5")
    }
    return .share(number)
  }
}

extension PruningCriterion: ExpressibleByArgument {}
