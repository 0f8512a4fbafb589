import NeuralNetworks
import Sequences

extension Network {
  /// The convolution at index `layer` of the architecture.
  ///
  /// Throws `InputError` if there is none.
  func convolution(_ layer: Int) throws -> Convolution1D {
    guard architecture.layers.indices.contains(layer),
      case .convolution1D(let convolution) = architecture.layers[layer]
    else { throw InputError("layer \(layer + 1) of the network is no convolution") }
    return convolution
  }

  /// The layer whose output is the convolution's activation: itself, or the activation layer after a linear one.
  func activationLayer(of layer: Int) -> Int {
    if case .convolution1D(let convolution) = architecture.layers[layer], convolution.activation == .linear,
      layer + 1 < architecture.layers.count, case .activation = architecture.layers[layer + 1]
    {
      return layer + 1
    }
    return layer
  }

  /// The function between a convolution and what follows.
  func activationFunction(of layer: Int) -> Activation {
    switch architecture.layers[activationLayer(of: layer)] {
    case .convolution1D(let convolution): convolution.activation
    case .activation(let activation): activation.function
    default: .linear
    }
  }
}
