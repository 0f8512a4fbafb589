import NeuralNetworks
import Runtime

/// Layers of MotifKit with their numbers until they are a network.
struct Assembly {
  struct Part {
    var layer: Layer
    var name: String
    /// Names of parts, or of the graph's input.
    var inputs: [String]
    /// Numbers of the layer's tensors, by their names in it.
    var values: [String: [Float]]
  }

  struct Failure: Error { var reason: String }

  private(set) var parts: [Part] = []

  mutating func add(
    _ layer: some LayerDefinition, _ name: String, _ inputs: [String], _ values: [String: [Float]] = [:]
  ) {
    parts.append(Part(layer: Layer(layer), name: name, inputs: inputs, values: values))
  }

  /// Gives the layer that was added last an activation, and its name with it; false if it is not called `source` or cannot have one.
  mutating func activate(_ source: String, _ activation: Activation, as name: String) -> Bool {
    guard let last = parts.last, last.name == source, var layer = last.layer.definition as? any WeightedLayer,
      layer.activation == .linear
    else { return false }
    layer.activation = activation
    parts[parts.count - 1].layer = Layer(layer)
    parts[parts.count - 1].name = name
    return true
  }

  /// - Parameters:
  ///   - length: of the input, whose tensor is called `input`.
  ///   - outputs: names of parts.
  /// - Throws: `InputError` when the layers do not fit, `Failure` when numbers are missing.
  func network(length: Int, input: String, outputs: [String]) throws -> Network {
    var layers: [Layer] = []
    for (index, part) in parts.enumerated() {
      var layer = part.layer.named(part.name)
      let before = index == 0 ? input : parts[index - 1].name
      if part.inputs != [before] { layer.inputs = part.inputs.map { $0 == input ? "input" : $0 } }
      layers.append(layer)
    }
    let architecture = try Architecture(
      input: .dna(length: length), layers: layers,
      outputs: outputs == parts.last.map { [$0.name] } ? nil : outputs)
    var parameters = [Float](repeating: 0, count: architecture.parameterCount)
    for tensor in architecture.tensors {
      guard let values = parts[tensor.layer].values[architecture.part(of: tensor)],
        values.count == tensor.count
      else {
        throw Failure(reason: "tensor \(tensor.name): its numbers are missing or too many")
      }
      parameters.replaceSubrange(tensor.range, with: values)
    }
    return Network(architecture: architecture, parameters: parameters)
  }
}

extension Architecture {
  /// A tensor's name within its layer: `kernel`, `backward_bias`, ….
  func part(of tensor: ParameterTensor) -> String {
    String(tensor.name.dropFirst(names[tensor.layer].count + 1))
  }
}
