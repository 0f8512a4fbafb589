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

      With --check, the network runs on x of an NPZ file and is compared with y (or y0, y1, …). A difference above 1e-4 \
      (above 1e-6 of the largest output, where that is more) is status 1, and no model is written. An NPZ file with the name of FILE beside it, which holds x and y, is taken without being \
      asked for.

      EXAMPLES:
        motifkit import model.h5 --check outputs.npz --out model.safetensors
        motifkit import weights.pth --recipe explainn --out explainn.safetensors
      """)

  @Argument(help: "A file of Keras, PyTorch, ONNX or DeepBind.") var file: String
  @Option(help: ArgumentHelp("The model to write.", valueName: "model")) var out: String
  @Option(
    help: ArgumentHelp(
      "NPZ file with inputs x and outputs y, y0, y1, … of the other program.", valueName: "npz"))
  var check: String?
  @Option(help: ArgumentHelp("Bases of a sequence, for networks that take any number.", valueName: "bases"))
  var length: Int?

  @OptionGroup var foreign: ForeignArguments
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
    var relative: Double?
  }

  func validate() throws {
    if let length, !(1...1 << 20).contains(length) {
      throw ValidationError("--length \(length): expected a number from 1 to \(1 << 20)")
    }
  }

  func run() throws {
    try requireWritable(out)
    let path = check ?? examples
    let check = try path.map { try ImportCheck(npz: $0, bases: foreign.formatOfBases) }
    let checkLength = check?.length
    var options = foreign.options
    options.length = length
    options.lengthOfData = { checkLength }
    let model = try ModelImport.read(file, options: options)
    let agreement = try check?.agreement(with: model)
    let isSame = agreement?.isSame ?? true
    if isSame {
      let name = ((file as NSString).lastPathComponent as NSString).deletingPathExtension
      try model.model(name: name).write(to: out)
    }
    try report(model, agreement, path)
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

  private func report(_ model: ImportedModel, _ agreement: ImportCheck.Agreement?, _ check: String?) throws {
    let architecture = model.network.architecture
    if output.isJSON {
      return try StandardOutput.write(
        json: Digest(
          source: model.source, length: architecture.input.length, layers: architecture.names,
          parameters: architecture.parameterCount,
          outputs: model.outputs.map { .init(name: $0.name, link: $0.link, values: $0.range.count) },
          difference: agreement?.difference, relative: agreement?.relative))
    }
    var lines = ["\(file): \(model.source)", architecture.summary()]
    for output in model.outputs {
      let values = output.range.count == 1 ? "1 value" : "\(output.range.count) values"
      lines.append("output \(output.name): \(values), \(output.link.rawValue)")
    }
    if let agreement {
      let share =
        agreement.relative < agreement.difference ? ", \(agreement.relative) of the largest output" : ""
      lines.append("largest difference from \(check ?? ""): \(agreement.difference)\(share)")
      if !agreement.isSame {
        lines.append("more than rounding: not the same network, so \(out) is not written")
      }
    }
    try StandardOutput.write(lines.joined(separator: "\n") + "\n")
  }
}
