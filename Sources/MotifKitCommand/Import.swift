import ArgumentParser
import Arrays
import Foundation
import Interchange
import MotifKit
import NeuralNetworks
import Runtime

struct Import: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Make a model of another program's network.",
    discussion: """
      Reads whole models of Keras (.h5, .keras), weights of Keras with their layers (--architecture model.json), PyTorch's \
      modules and state_dicts, ONNX and DeepBind's parameters. Files are told apart by what they hold; nothing in them is run. \
      A layer that MotifKit does not have is an error that lists all of them.

      With --check, the network runs on x of an NPZ file and is compared with y (or y0, y1, …). A difference above 1e-4 is \
      status 1, and no model is written. An NPZ file with the name of FILE beside it, which holds x and y, is taken without being \
      asked for.

      EXAMPLE:
        motifkit import model.h5 --check outputs.npz --out model.safetensors
        motifkit import weights.pth --recipe explainn --out explainn.safetensors
      """)

  @Argument(help: "A file of Keras, PyTorch, ONNX or DeepBind.") var file: String
  @Option(help: ArgumentHelp("The model to write.", valueName: "model")) var out: String
  @Option(
    help: ArgumentHelp(
      "NPZ file with inputs x and outputs y, y0, y1, … of the other program.", valueName: "npz"))
  var check: String?
  @OptionGroup var options: ImportArguments
  @OptionGroup var output: FormatOption
  @OptionGroup var common: CommonOptions

  private struct Digest: Encodable {
    struct Output: Encodable {
      var name: String
      var link: ImportedModel.Link
      var values: Int
    }

    var source: String
    var length: Int
    var layers: [String]
    var parameters: Int
    var outputs: [Output]
    var difference: Double?
  }

  func run() throws {
    try requireWritable(out)
    let model = try ModelImport.read(file, options: options.options)
    let check = check ?? examples
    let difference = try check.map {
      try ImportCheck(npz: $0, bases: options.formatOfBases).difference(model)
    }
    let isSame = difference.map { $0 <= ImportCheck.tolerance } ?? true
    if isSame {
      let name = ((file as NSString).lastPathComponent as NSString).deletingPathExtension
      try model.model(name: name).write(to: out)
    }
    try report(model, difference, check)
    if !isSame { throw ExitCode(1) }
  }

  /// The file's own inputs and outputs, if they are kept beside it.
  private var examples: String? {
    var stem = (file as NSString).deletingPathExtension
    if stem.hasSuffix(".weights") { stem = (stem as NSString).deletingPathExtension }
    let path = stem + ".npz"
    guard FileManager.default.fileExists(atPath: path), let arrays = try? NPZFile.read(path: path),
      arrays["x"] != nil, arrays["y"] != nil || arrays["y0"] != nil
    else { return nil }
    return path
  }

  private func report(_ model: ImportedModel, _ difference: Double?, _ check: String?) throws {
    let architecture = model.network.architecture
    if output.isJSON {
      return try StandardOutput.write(
        json: Digest(
          source: model.source, length: architecture.input.length, layers: architecture.names,
          parameters: architecture.parameterCount,
          outputs: model.outputs.map { .init(name: $0.name, link: $0.link, values: $0.range.count) },
          difference: difference))
    }
    var lines = ["\(file): \(model.source)", architecture.summary()]
    for output in model.outputs {
      let values = output.range.count == 1 ? "1 value" : "\(output.range.count) values"
      lines.append("output \(output.name): \(values), \(output.link.rawValue)")
    }
    if let difference {
      lines.append("largest difference from \(check ?? ""): \(difference)")
      if difference > ImportCheck.tolerance {
        lines.append("more than \(ImportCheck.tolerance): not the same network, so \(out) is not written")
      }
    }
    try StandardOutput.write(lines.joined(separator: "\n") + "\n")
  }
}

/// What a file does not say about its network.
struct ImportArguments: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The layers, for files with weights only: model.to_json() of Keras, or a network of motifkit for PyTorch.",
      valueName: "json"))
  var architecture: String?

  @Option(
    help: ArgumentHelp(
      "A network whose program is known, for tensors of PyTorch: \(TorchRecipe.allCases.map(\.rawValue).joined(separator: ", ")).",
      valueName: "name"))
  var recipe: TorchRecipe?

  @Option(help: ArgumentHelp("Bases of a sequence, for networks that take any number.", valueName: "bases"))
  var length: Int?

  @Option(help: ArgumentHelp("The order in which the network takes bases.", valueName: "letters"))
  var formatOfBases = "ACGT"

  @Flag(help: "A PyTorch network takes (length, 4), not (4, length).")
  var channelsLast = false

  @Option(
    help: ArgumentHelp(
      "What the network takes in the columns of an unknown base: 0 or 0.25.", valueName: "number"))
  var unknownBase: Float = 0

  @Flag(
    help:
      "Outputs are means over both strands of a sequence, as a wrapper around the network makes them (DeepSEA, Beluga)."
  )
  var averageStrands = false

  func validate() throws {
    guard unknownBase == 0 || unknownBase == 0.25 else {
      throw ValidationError("--unknown-base \(unknownBase): expected 0 or 0.25")
    }
    guard formatOfBases.count == 4, Set(formatOfBases) == Set("ACGT") else {
      throw ValidationError("--format-of-bases \(formatOfBases): expected A, C, G and T in some order")
    }
    if let length, !(1...1 << 20).contains(length) {
      throw ValidationError("--length \(length): expected a number from 1 to \(1 << 20)")
    }
  }

  var options: ImportOptions {
    ImportOptions(
      architecture: architecture, recipe: recipe, length: length, bases: formatOfBases,
      isChannelsFirst: !channelsLast, unknownBase: unknownBase, averagesStrands: averageStrands)
  }
}

extension TorchRecipe: ExpressibleByArgument {}
