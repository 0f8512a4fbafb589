import NeuralNetworks
import Runtime

extension Network {
  /// A network whose only output is one unit of a layer, before the layer's activation function: whatever explains, changes or
  /// designs for an output does so for the unit.
  ///
  /// - Parameters:
  ///   - layer: index among the layers; all up to it come after each other.
  ///   - channel: of the layer's output, such as a filter.
  ///   - position: of the layer's output; `nil` for the middle.
  /// - Throws: `InputError` if there is no such unit, or the layers branch before it.
  public func unit(layer: Int, channel: Int, position: Int? = nil) throws -> Network {
    guard architecture.layers.indices.contains(layer) else {
      throw InputError(
        "the network has \(architecture.layers.count) layers, so there is no layer \(layer + 1)")
    }
    let shape = architecture.shapes[layer]
    let position = position ?? shape.length / 2
    guard (0..<shape.channels).contains(channel), (0..<shape.length).contains(position) else {
      throw InputError(
        "layer \(architecture.names[layer]) has \(shape.channels) channels at \(shape.length) positions, so there is no unit \(channel) at \(position)"
      )
    }
    guard (0...layer).allSatisfy({ architecture.sources[$0] == [$0] }) else {
      throw InputError(
        "the layers before \(architecture.names[layer]) branch, so none of its units can be cut out")
    }
    var layers = Array(architecture.layers[...layer])
    if var weighted = layers[layer].definition as? any WeightedLayer {
      weighted.activation = .linear
      layers[layer] = layers[layer].replaced(by: weighted)
    }
    layers += [.flatten, .dense(Dense(1, useBias: false))]
    let cut = try Architecture(input: architecture.input, layers: layers)
    let kept = architecture.tensors.last { $0.layer <= layer }?.range.upperBound ?? 0
    var pick = [Float](repeating: 0, count: shape.count)
    pick[position * shape.channels + channel] = 1
    return Network(architecture: cut, parameters: Array(parameters[..<kept]) + pick)
  }
}
