import NeuralNetworks
import Runtime

/// Gives the tensors of a state_dict to the layers of an architecture, both in order, by kind and shape.
struct TorchMatching {
  private struct Module {
    var name: String
    var tensors: [String: Weights]
  }

  private let file: String
  private var modules: [Module] = []

  init(_ tensors: [(name: String, weights: Weights)], file: String) {
    self.file = file
    for (name, weights) in tensors {
      let path = name.split(separator: ".")
      let module = path.dropLast().joined(separator: ".")
      let part = path.last.map(String.init) ?? name
      if part == "num_batches_tracked" { continue }
      if modules.last?.name != module { modules.append(Module(name: module, tensors: [:])) }
      modules[modules.count - 1].tensors[part] = weights
    }
  }

  /// PyTorch's names of a layer's tensors.
  private static let parts = [
    "kernel": "weight", "bias": "bias", "gamma": "weight", "beta": "bias", "moving_mean": "running_mean",
    "moving_variance": "running_var",
  ]

  /// - Throws: `InputError` when kinds or shapes disagree, naming tensor and layer.
  func graph(_ architecture: Architecture) throws -> NetworkGraph {
    let layers = architecture.layers.indices.filter { layer in
      architecture.tensors.contains { $0.layer == layer }
    }
    guard layers.count == modules.count else {
      throw InputError(
        file: file,
        "has \(modules.count) layers with tensors (\(modules.map(\.name).joined(separator: ", "))), but the architecture has \(layers.count)"
      )
    }
    let owners = Dictionary(uniqueKeysWithValues: zip(layers, modules))
    var graph = try NetworkGraph(architecture) { layer, part in
      guard
        let expected = architecture.tensors.first(where: {
          $0.layer == layer && architecture.part(of: $0) == part
        }),
        let module = owners[layer]
      else { return nil }
      guard let name = Self.parts[part] else {
        throw InputError(
          file: file, "layer \(architecture.names[layer]): recurrent layers of PyTorch are not matched")
      }
      let place = "\(module.name).\(name)"
      guard let weights = module.tensors[name] else {
        throw InputError(
          file: file, "tensor \(place) is missing, which layer \(architecture.names[layer]) needs")
      }
      // (filters, channels, size) → (size, channels, filters); (outputs, inputs) → (inputs, outputs).
      var flat = weights
      if weights.shape.count == 4, weights.shape.dropFirst(2).contains(1) {
        flat = Weights(
          shape: [weights.shape[0], weights.shape[1], weights.shape[2] * weights.shape[3]],
          values: weights.values)
      }
      // Transposed convolutions: (channels, filters, size) → (size, channels, filters).
      let isTransposed =
        if case .transposedConvolution1D = architecture.layers[layer].kind { true } else { false }
      let turned = flat.transposed(
        isTransposed && flat.shape.count == 3 ? [2, 0, 1] : Array(flat.shape.indices.reversed()))
      guard turned.shape == expected.shape else {
        throw InputError(
          file: file,
          "tensor \(place) has shape \(weights.shape), which is not that of \(expected.name), \(expected.shape)"
        )
      }
      return turned
    }
    graph.normalization = .pytorch
    for index in graph.nodes.indices {
      if case .flatten = graph.nodes[index].operation {
        graph.nodes[index].operation = .flatten(channelsFirst: true)
      }
    }
    return graph
  }
}
