import NeuralNetworks
import Runtime

/// Layers of MotifKit with their numbers, one after the other, until they are a network.
struct Assembly {
  struct Part {
    var layer: Layer
    var name: String
    var inputs: [String]
    /// Numbers of the layer's tensors, by the tensor's part: `kernel`, `bias`, ….
    var values: [String: [Float]]
  }

  struct Failure: Error { var reason: String }

  private(set) var parts: [Part] = []

  mutating func add(_ layer: Layer, _ name: String, _ inputs: [String], _ values: [String: [Float]] = [:]) {
    parts.append(Part(layer: layer, name: name, inputs: inputs, values: values))
  }

  /// Gives the layer that was added last an activation, and its name with it; false if it is not called `source` or cannot have one.
  mutating func activate(_ source: String, _ activation: Activation, as name: String) -> Bool {
    guard let last = parts.last, last.name == source else { return false }
    switch last.layer {
    case .convolution1D(var layer) where layer.activation == .linear:
      layer.activation = activation
      parts[parts.count - 1].layer = .convolution1D(layer)
    case .dense(var layer) where layer.activation == .linear:
      layer.activation = activation
      parts[parts.count - 1].layer = .dense(layer)
    default: return false
    }
    parts[parts.count - 1].name = name
    return true
  }

  /// - Parameters:
  ///   - length: of the input, whose tensor has the name `input`.
  ///   - outputs: names of parts.
  /// - Throws: `InputError` when the layers do not fit, `Failure` when they are no chain with skips.
  func network(length: Int, input: String, outputs: [String]) throws -> Network {
    var layers: [Layer] = []
    for (index, part) in parts.enumerated() {
      let before = index == 0 ? input : parts[index - 1].name
      var layer = part.layer
      if case .addition = layer.kind {
        guard part.inputs.count == 2, let other = part.inputs.first(where: { $0 != before }),
          part.inputs.contains(before)
        else { throw Failure(reason: "layer \(part.name): adds what does not come right before it") }
        let start = parts.firstIndex { $0.name == other }.map { $0 + 1 } ?? 0
        layer = .addition(Addition(layers: index - start))
      } else if part.inputs != [before] {
        throw Failure(reason: "layer \(part.name): takes \(part.inputs.joined(separator: " and "))")
      }
      layers.append(layer)
    }
    guard outputs == parts.last.map({ [$0.name] }) else {
      throw Failure(reason: "outputs \(outputs.joined(separator: " and "))")
    }
    let architecture = try Architecture(input: .dna(length: length), layers: layers)
    var parameters = [Float](repeating: 0, count: architecture.parameterCount)
    for tensor in architecture.tensors {
      let part = tensor.name.split(separator: ".").last.map(String.init) ?? ""
      guard let values = parts[tensor.layer].values[part], values.count == tensor.count else {
        throw Failure(reason: "layer \(parts[tensor.layer].name): its \(part) is missing or of another size")
      }
      parameters.replaceSubrange(tensor.range, with: values)
    }
    return Network(architecture: architecture, parameters: parameters)
  }
}
