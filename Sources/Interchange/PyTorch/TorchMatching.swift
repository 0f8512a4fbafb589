import Foundation
import NeuralNetworks
import Runtime

/// Gives the tensors of a state_dict to the layers of an architecture, both in order, by kind and shape.
///
/// Files of safetensors have their tensors by name. There a layer takes the module of its own name, else the first that fits, with
/// numbers in names in order; where names that differ in more than numbers fit, nothing tells which is meant.
struct TorchMatching {
  private struct Module {
    var name: String
    var tensors: [String: Weights]

    /// The name with all numbers alike.
    var pattern: String { name.replacing(/[0-9]+/, with: "#") }
  }

  private let file: String
  private let isOrdered: Bool
  private let flattensChannelsFirst: Bool
  private var modules: [Module] = []

  /// - Parameters:
  ///   - isOrdered: whether the tensors stand as the program made them.
  ///   - flattensChannelsFirst: whether features are numbered channel by channel, not position by position.
  init(
    _ tensors: [(name: String, weights: Weights)], file: String, isOrdered: Bool, flattensChannelsFirst: Bool
  ) {
    self.file = file
    self.isOrdered = isOrdered
    self.flattensChannelsFirst = flattensChannelsFirst
    let tensors =
      isOrdered
      ? tensors : tensors.sorted { $0.name.compare($1.name, options: .numeric) == .orderedAscending }
    var places: [String: Int] = [:]
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
      let place = places[module] ?? modules.count
      if place == modules.count {
        places[module] = place
        modules.append(Module(name: module, tensors: [:]))
      }
      modules[place].tensors[part] = weights
    }
  }

  /// PyTorch's names of a layer's tensors.
  private static let parts = [
    "kernel": "weight", "bias": "bias", "gamma": "weight", "beta": "bias", "moving_mean": "running_mean",
    "moving_variance": "running_var",
  ]

  /// A tensor of a recurrent layer, of which our `kernel`, `recurrent_kernel` and `bias` say part and direction.
  private func recurrent(_ part: String, of layer: Recurrent, _ module: Module, _ expected: ParameterTensor)
    throws
    -> Weights
  {
    let isSecond = part.hasPrefix("backward_")
    // A backward layer alone is a module whose input somebody turns round.
    let suffix = isSecond ? "_reverse" : ""
    let own = module.tensors.filter { $0.key.hasSuffix("_reverse") == isSecond }
    let tensors = Dictionary(
      uniqueKeysWithValues: own.map { (String($0.key.dropLast(suffix.count)), $0.value) })
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
        ? parameters.kernel
        : parameters.bias ?? Weights(shape: [width], values: .init(repeating: 0, count: width))
    guard weights.values.count == expected.count, part.hasSuffix("bias") || weights.shape == expected.shape
    else {
      throw InputError(
        file: file,
        "tensors of \(module.name) have shape \(weights.shape), which is not that of \(expected.name), \(expected.shape)"
      )
    }
    return Weights(shape: expected.shape, values: weights.values)
  }

  /// Which module each layer with tensors takes them from.
  private func owners(_ architecture: Architecture) throws -> [Int: Module] {
    let layers = architecture.layers.indices.filter { layer in
      architecture.tensors.contains { $0.layer == layer }
    }
    guard layers.count == modules.count else {
      throw InputError(
        file: file,
        "has \(modules.count) layers with tensors (\(modules.map(\.name).joined(separator: ", "))), but the architecture has \(layers.count)"
      )
    }
    if isOrdered { return Dictionary(uniqueKeysWithValues: zip(layers, modules)) }
    let names = Set(layers.map { architecture.names[$0] })
    var owners: [Int: Module] = [:]
    var rest = modules
    for layer in layers {
      let name = architecture.names[layer]
      if let own = rest.firstIndex(where: { $0.name == name }) {
        owners[layer] = rest.remove(at: own)
        continue
      }
      let fitting = rest.indices.filter {
        !names.contains(rest[$0].name) && fits(rest[$0], layer, architecture)
      }
      guard let first = fitting.first else {
        let wanted = architecture.tensors.first { $0.layer == layer }!
        throw InputError(
          file: file,
          "no tensors fit \(wanted.name), \(wanted.shape); left are \(rest.map(\.name).joined(separator: ", "))"
        )
      }
      if let other = fitting.first(where: { rest[$0].pattern != rest[first].pattern }) {
        throw InputError(
          file: file,
          "\(rest[first].name) and \(rest[other].name) both fit layer \(name), and tensors stand by name here; give the layer the name of its module"
        )
      }
      owners[layer] = rest.remove(at: first)
    }
    return owners
  }

  private func fits(_ module: Module, _ layer: Int, _ architecture: Architecture) -> Bool {
    architecture.tensors.allSatisfy { tensor in
      tensor.layer != layer
        || (try? weights(tensor, architecture.part(of: tensor), architecture, module)) != nil
    }
  }

  /// The numbers of one tensor, in our order.
  ///
  /// - Throws: `InputError` when kinds or shapes disagree, naming tensor and layer.
  private func weights(
    _ expected: ParameterTensor, _ part: String, _ architecture: Architecture, _ module: Module
  ) throws -> Weights {
    let layer = expected.layer
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
      flat.shape = [weights.shape[0], weights.shape[1], weights.shape[2] * weights.shape[3]]
    } else if weights.shape.count == 4, weights.shape[1] == 1, expected.shape.dropFirst().first == 4 {
      // Of a picture of one channel, whose rows or columns are the bases.
      let isSquare = weights.shape[2] == weights.shape[3]
      guard !isSquare else {
        throw InputError(
          file: file,
          "tensor \(place) has shape \(weights.shape), of which either axis may be that of the bases; give it as \(weights.shape[0]) × 4 × 4"
        )
      }
      if weights.shape[3] == 4 { flat = weights.transposed([0, 1, 3, 2]) }
      flat.shape.remove(at: 1)
    }
    // A convolution of size 1 where the architecture has a dense layer.
    while flat.shape.count > expected.shape.count, flat.shape.last == 1 { flat.shape.removeLast() }
    // Transposed convolutions: (channels, filters, size) → (size, channels, filters).
    let isTransposed =
      if case .transposedConvolution1D = architecture.layers[layer].kind { true } else { false }
    let order = isTransposed && flat.shape.count == 3 ? [2, 0, 1] : Array(flat.shape.indices.reversed())
    guard order.map({ flat.shape[$0] }) == expected.shape else {
      throw InputError(
        file: file,
        "tensor \(place) has shape \(weights.shape), which is not that of \(expected.name), \(expected.shape)"
      )
    }
    return flat.transposed(order)
  }

  /// - Throws: `InputError` when kinds or shapes disagree, naming tensor and layer.
  func graph(_ architecture: Architecture) throws -> NetworkGraph {
    let owners = try owners(architecture)
    var graph = try NetworkGraph(architecture) { layer, part in
      guard
        let expected = architecture.tensors.first(where: {
          $0.layer == layer && architecture.part(of: $0) == part
        }),
        let module = owners[layer]
      else { return nil }
      return try weights(expected, part, architecture, module)
    }
    graph.normalization = .pytorch
    for index in graph.nodes.indices {
      if case .flatten = graph.nodes[index].operation {
        graph.nodes[index].operation = .flatten(channelsFirst: flattensChannelsFirst)
      }
    }
    return graph
  }
}
