import ArgumentParser
import Foundation
import MotifKit
import Runtime

struct Prune: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Remove filters for good and write the smaller network.",
    discussion: """
      Judges the filters on the sequences, removes the least important through all layers that follow, lets the next
      layer take over what it can, trains on, and prints parameters, loss, accuracy and time before and after. With
      --lossless only filters go whose removal provably changes no output to the last bit.

      EXAMPLES:
        motifkit prune v2.safetensors FOXO1_train.csv --test FOXO1_test.csv --keep 16 --out small.safetensors
        motifkit prune v5.safetensors FOXO1_train.csv --lossless --out lossless.safetensors
      """)

  @Argument(help: "A model that motifkit trained.") var model: String
  @Argument(
    help: "Sequences with labels, to judge filters and to train on. With --lossless labels are not needed.")
  var file: String
  @Option(help: ArgumentHelp("Model to write (safetensors).", valueName: "file")) var out: String
  @Option(help: "What makes a filter important.") var criterion = PruningCriterion.magnitude
  @Option(
    help: ArgumentHelp(
      "Filters to keep in each layer: a number, or a share such as 0.5 or 50%.", valueName: "count"))
  var keep = "0.5"
  @OptionGroup var layer: LayerOption
  @Flag(help: "Prune every convolution, not only the first.") var allLayers = false
  @Flag(help: "Remove only what provably changes no output.") var lossless = false
  @Option(help: "Passes over the sequences after pruning.") var epochs = 3
  @Option(help: "Adam's step size.") var learningRate = 0.001
  @Option(
    help: ArgumentHelp("Sequences with labels to measure on. (default: those pruned with)", valueName: "file")
  )
  var test: String?
  @OptionGroup var output: FormatOption
  @OptionGroup(title: "Genome") var genome: GenomeArguments
  @OptionGroup var common: CommonOptions

  private struct Digest: Encodable {
    var removed: [String: [Int]]
    var before: NetworkMeasure?
    var pruned: NetworkMeasure?
    var after: NetworkMeasure?
    var parametersBefore: Int
    var parametersAfter: Int
    var outputsAreEqual: Bool?
  }

  func validate() throws {
    if epochs < 0 { throw ValidationError("--epochs \(epochs): expected 0 or more") }
    if !(learningRate > 0 && learningRate.isFinite) {
      throw ValidationError("--learning-rate \(learningRate): expected a number above 0")
    }
    if allLayers, layer.layer != nil { throw ValidationError("give --layer or --all-layers, not both") }
    _ = try share()
  }

  func run() throws {
    try requireWritable(out)
    let model = try Model.read(model)
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
    pruning.criterion = criterion
    pruning.keep = try share()
    pruning.layers =
      try layer.index(in: network).map { [$0] } ?? (allLayers ? network.architecture.convolutions : nil)
    let before = try network.measured(on: measured)
    let (pruned, removed) = try network.pruned(pruning, on: set)
    var options = TrainingOptions()
    options.epochs = epochs
    options.learningRate = learningRate
    options.seed = common.seed
    let tuned = try pruned.fineTuned(on: set, options: options)
    try write(tuned, of: model)
    return Digest(
      removed: named(removed, network), before: before, pruned: try pruned.measured(on: measured),
      after: epochs > 0 ? try tuned.measured(on: measured) : nil,
      parametersBefore: network.parameters.count, parametersAfter: tuned.parameters.count)
  }

  private func removeLosslessly(_ model: Model) throws -> Digest {
    let network = model.network
    let path = test ?? file
    let set = try LabeledSequences(contentsOf: path, length: network.architecture.input.length)
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
    if digest.removed.isEmpty { text += "no filter removed\n" }
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
    if let count = Int(keep), count > 0 { return .count(count) }
    let number = keep.hasSuffix("%") ? Double(keep.dropLast()).map { $0 / 100 } : Double(keep)
    guard let number, number > 0, number <= 1 else {
      throw ValidationError("--keep \(keep): expected a number of filters or a share such as 0.5")
    }
    return .share(number)
  }
}

extension PruningCriterion: ExpressibleByArgument {}
