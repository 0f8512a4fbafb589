import NeuralNetworks
import Runtime

/// Writes networks of MotifKit for other programs. What comes out of these is what the network gives, up to rounding.
public enum ModelExport {
  public enum Format: String, CaseIterable, Sendable {
    /// Keras 3's `.keras`.
    case keras
    /// Keras's HDF5 file, a whole model.
    case h5
    /// A state_dict of PyTorch.
    case torch
    case onnx
  }

  /// Writes a network.
  ///
  /// - Parameters:
  ///   - links: what is done to each output after the network's last layer; nothing by default.
  ///   - name: of the model, for programs that show one.
  /// - Throws: `InputError` when the format has no such layer, or the file cannot be written.
  public static func write(
    _ network: Network, to path: String, format: Format, links: [ImportedModel.Link]? = nil,
    name: String = "network"
  ) throws {
    let graph = try ExportGraph(network, links: links, channelsFirst: format == .torch || format == .onnx)
    switch format {
    case .keras: try KerasExport(graph, name: name).writeArchive(to: path)
    case .h5: try KerasExport(graph, name: name).writeHDF5(to: path)
    case .torch: try TorchExport(graph).write(to: path)
    case .onnx: try ONNXExport(graph, name: name).write(to: path)
    }
  }

  /// The Python program that builds the module of a `torch` export and reads its tensors from `file`.
  public static func pythonProgram(_ network: Network, links: [ImportedModel.Link]? = nil, file: String)
    throws
    -> String
  {
    try TorchExport(ExportGraph(network, links: links, channelsFirst: true)).program(file: file)
  }
}

/// A graph ready to be written: with its link, its shapes, and names that any program takes.
struct ExportGraph {
  var graph: NetworkGraph
  let shapes: [String: GraphShape]
  let length: Int

  init(_ network: Network, links: [ImportedModel.Link]?, channelsFirst: Bool) throws {
    var graph = try NetworkGraph(network)
    length = network.architecture.input.length
    for (index, link) in (links ?? []).enumerated()
    where link != .identity && graph.outputs.indices.contains(index) {
      let output = graph.outputs[index]
      let name = output + ":" + link.rawValue
      graph.add(name, link.operation, [output])
      graph.outputs[index] = name
    }
    do {
      let shapes = try graph.shapes(length: length)
      graph.unfoldPadding()
      graph.layOut(channelsFirst: channelsFirst, shapes: shapes)
      graph.rename { $0.map { $0.isLetter || $0.isNumber ? String($0) : "_" }.joined() }
      self.shapes = try graph.shapes(length: length)
    } catch let failure as GraphShape.Failure { throw InputError(failure.reason) }
    guard graph.problems.isEmpty else { throw InputError(graph.problems.joined(separator: "; ")) }
    self.graph = graph
  }

  func shape(_ tensor: String) -> GraphShape { shapes[tensor] ?? .features(0) }
}

extension ImportedModel.Link {
  fileprivate var operation: Operation {
    switch self {
    case .identity: .function(.linear)
    case .sigmoid: .function(.sigmoid)
    case .softmax: .softmax
    case .logSigmoid: .function(.logSigmoid)
    case .logSoftmax: .logSoftmax
    }
  }
}
