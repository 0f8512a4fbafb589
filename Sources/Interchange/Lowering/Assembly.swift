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

  private(set) var parts: [Part] = []

  mutating func add(_ layer: Layer, _ name: String, _ inputs: [String], _ values: [String: [Float]] = [:]) {
    parts.append(Part(layer: layer, name: name, inputs: inputs, values: values))
  }
}
