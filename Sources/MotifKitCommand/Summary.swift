import ArgumentParser
import Foundation
import MotifKit
import Runtime

struct Summary: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Show a network's layers, shapes and parameters.",
    discussion: """
      EXAMPLES:
        motifkit summary v5.safetensors
        motifkit summary v5 --figure v5.svg
        motifkit summary deepstarr --length 249 --outputs 2
      """)

  private struct Row: Encodable {
    var name: String
    var type: String
    var outputShape: [Int]
    var parameters: Int
    /// Strands, padding and activation of a convolution.
    var settings: String?
  }

  private struct Table: Encodable {
    var layers: [Row]
    var totalParameters: Int
    var trainableParameters: Int
    var nonTrainableParameters: Int
  }

  @Argument(
    help:
      "A model of motifkit or of another program, one of \(NetworkArgument.presets), or a network in JSON.")
  var model: String
  @Option(
    help:
      "Bases of a sequence, where the network does not say. (default: what a preset was published for, otherwise 100)"
  )
  var length: Int?
  @Option(help: "Outputs of a network that is named.") var outputs = 1
  @Option(help: ArgumentHelp("Diagram of the network (.svg, .png or .pdf).", valueName: "file")) var figure:
    String?
  @OptionGroup var output: FormatOption
  @OptionGroup(title: "Network of another program") var foreign: ForeignArguments
  @OptionGroup var common: CommonOptions

  func validate() throws {
    if outputs < 1 { throw ValidationError("--outputs \(outputs): expected 1 or more") }
  }

  func run() throws {
    try requireWritable(figure)
    if let figure { _ = try FigureFormat(path: figure) }
    let architecture = try architecture()
    if let figure {
      try NetworkDiagram(architecture).figure().write(to: figure, provenance: common.provenance)
    }
    if !output.isJSON {
      return try StandardOutput.write(architecture.summary() + "\n" + settings(architecture))
    }
    let rows = architecture.layers.indices.map { index in
      let shape = architecture.shapes[index]
      return Row(
        name: architecture.names[index], type: architecture.layers[index].names.type,
        outputShape: shape.dimensions, parameters: architecture.parameterCount(layer: index),
        settings: convolution(architecture, index).map(\.settings))
    }
    let count = architecture.parameterCount
    try StandardOutput.write(
      json: Table(
        layers: rows, totalParameters: count, trainableParameters: architecture.trainableParameterCount,
        nonTrainableParameters: count - architecture.trainableParameterCount))
  }

  private func convolution(_ architecture: Architecture, _ index: Int) -> Convolution1D? {
    if case .convolution1D(let layer) = architecture.layers[index].kind { layer } else { nil }
  }

  /// What Keras's table does not show, where a convolution is another than one strand, unpadded, with ReLU: networks that
  /// differ in nothing else look alike without it.
  private func settings(_ architecture: Architecture) -> String {
    let convolutions = architecture.layers.indices.compactMap { index in
      convolution(architecture, index).map { (architecture.names[index], $0) }
    }
    guard convolutions.contains(where: { !$0.1.isPlain }) else { return "" }
    return convolutions.map { " \($0): \($1.settings)\n" }.joined()
  }

  private func architecture() throws -> Architecture {
    if let preset = Preset(rawValue: model), !FileManager.default.fileExists(atPath: model) {
      return try preset.architecture(length: length ?? preset.publishedLength, outputs: outputs)
    }
    if model.lowercased().hasSuffix(".json") {
      return try NetworkArgument(model).architecture(length: length ?? 100)
    }
    return try foreign.model(model, for: nil).network.architecture
  }
}

extension Shape {
  /// Without the batch.
  fileprivate var dimensions: [Int] {
    switch self {
    case .map(let length, let channels): [length, channels]
    case .features(let count): [count]
    }
  }
}

extension Convolution1D {
  fileprivate var isPlain: Bool {
    reverseComplement == nil && padding == .valid && activation == .relu && stride == 1 && dilation == 1
  }

  fileprivate var settings: String {
    let strands = reverseComplement.map { "both strands (\($0.rawValue))" } ?? "one strand"
    return
      "\(filters) filters of \(kernelSize), \(strands), padding \(padding.rawValue), \(activation.rawValue)"
      + (stride == 1 ? "" : ", stride \(stride)") + (dilation == 1 ? "" : ", dilation \(dilation)")
  }
}
