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
      var module = path.dropLast().joined(separator: ".")
      var part = path.last.map(String.init) ?? name
      // `weight_ih_l1_reverse`: recurrent modules hold several layers.
      if let recurrent = TorchRecurrent.parts.first(where: { part.hasPrefix($0 + "_l") }) {
        let isReverse = part.hasSuffix("_reverse")
        module += ".l" + part.dropFirst(recurrent.count + 2).prefix { $0.isNumber }
        part = recurrent + (isReverse ? "_reverse" : "")
      }
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

  /// A tensor of a recurrent layer, of which our `kernel`, `recurrent_kernel` and `bias` say part and direction.
  private func recurrent(_ part: String, of layer: Recurrent, _ module: Module, _ expected: ParameterTensor) throws
    -> Weights
  {
    let isSecond = part.hasPrefix("backward_")
    // A backward layer alone is a module whose input somebody turns round.
    let suffix = isSecond ? "_reverse" : ""
    let own = module.tensors.filter { $0.key.hasSuffix("_reverse") == isSecond }
    let tensors = Dictionary(uniqueKeysWithValues: own.map { (String($0.key.dropLast(suffix.count)), $0.value) })
    let cell: Operation.Recurrent.Cell = layer.cell == .lstm ? .lstm : .gru
    guard let channels = tensors["weight_ih"]?.shape.last,
      let parameters = TorchRecurrent.parameters(tensors, cell: cell, channels: channels, units: layer.units)
    else {
      throw InputError(
        file: file,
        "tensors of \(module.name) are missing or not those of \(layer.cell.rawValue.uppercased()) with \(layer.units) units"
      )
    }
    let width = cell == .lstm ? 4 * layer.units : 6 * layer.units
    let weights =
      part.hasSuffix("recurrent_kernel")
      ? parameters.recurrent
      : part.hasSuffix("kernel")
        ? parameters.kernel : parameters.bias ?? Weights(shape: [width], values: .init(repeating: 0, count: width))
    guard weights.values.count == expected.count, part.hasSuffix("bias") || weights.shape == expected.shape else {
      throw InputError(
        file: file,
        "tensors of \(module.name) have shape \(weights.shape), which is not that of \(expected.name), \(expected.shape)")
    }
    return Weights(shape: expected.shape, values: weights.values)
  }

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
      if case .recurrent(let recurrent) = architecture.layers[layer].kind {
        return try self.recurrent(part, of: recurrent, module, expected)
      }
      guard let name = Self.parts[part] else {
        throw InputError(file: file, "layer \(architecture.names[layer]): its \(part) has no name in PyTorch")
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
