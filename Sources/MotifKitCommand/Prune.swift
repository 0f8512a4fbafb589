import ArgumentParser
import Foundation
import MotifKit
import Runtime

struct Prune: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Remove filters for good and write the smaller network.",
    discussion: """
      Judges the filters on the sequences, removes the least important through all layers that follow, lets the next
      layer take over what it can, trains on, and prints parameters, accuracy and time before and after. With
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
    let (network, metadata) = try Network.read(model)
    let length = network.architecture.input.length
    guard try lossless || Objective(metadata: metadata, of: network, file: model) == .binary else {
      throw InputError(
        file: model, "learned other columns than label; filters that do nothing go with --lossless")
    }
    let sequences =
      lossless
      ? try SequenceSet.read(path: file, length: length)
      : try SequenceSet.readLabeled(path: file, length: length)
    let measured = try test.map { try SequenceSet.readLabeled(path: $0, length: length) } ?? sequences
    let digest =
      try lossless
      ? removeLosslessly(network, metadata, measured) : prune(network, metadata, sequences, measured)
    if output.isJSON { return try StandardOutput.write(json: digest) }
    try StandardOutput.write(text(digest))
  }

  private func prune(
    _ network: Network, _ metadata: [String: String], _ sequences: SequenceSet, _ measured: SequenceSet
  ) throws -> Digest {
    var pruning = Pruning()
    pruning.criterion = criterion
    pruning.keep = try share()
    pruning.layers =
      try layer.index(in: network).map { [$0] } ?? (allLayers ? network.architecture.convolutions : nil)
    let before = try network.measured(on: measured)
    let (pruned, removed) = try network.pruned(pruning, on: sequences)
    var options = TrainingOptions()
    options.epochs = epochs
    options.learningRate = learningRate
    options.seed = common.seed
    let tuned = try pruned.fineTuned(on: sequences, options: options)
    try tuned.write(to: out, metadata: metadata)
    return Digest(
      removed: named(removed, network), before: before, pruned: try pruned.measured(on: measured),
      after: epochs > 0 ? try tuned.measured(on: measured) : nil,
      parametersBefore: network.parameters.count, parametersAfter: tuned.parameters.count)
  }

  private func removeLosslessly(
    _ network: Network, _ metadata: [String: String], _ measured: SequenceSet
  ) throws -> Digest {
    let removed = network.removableFilters()
    let smaller = try network.removing(filters: removed)
    let isEqual = zip(network.logits(measured), smaller.logits(measured)).allSatisfy {
      $0.bitPattern == $1.bitPattern
    }
    try smaller.write(to: out, metadata: metadata)
    let hasLabels =
      measured.isLabeled && network.architecture.outputCount == 1 && metadata["loss"] == nil
    return Digest(
      removed: named(removed, network), before: hasLabels ? try network.measured(on: measured) : nil,
      pruned: hasLabels ? try smaller.measured(on: measured) : nil,
      parametersBefore: network.parameters.count, parametersAfter: smaller.parameters.count,
      outputsAreEqual: isEqual)
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
          format: "%@  %@  %10d  %6.4f    %6.4f  %7.1f ms\n",
          name.padding(toLength: 10, withPad: " ", startingAt: 0),
          filters.padding(toLength: max(11, filters.count), withPad: " ", startingAt: 0), measure.parameters,
          measure.loss, measure.accuracy, 1000 * measure.seconds)
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
