/// A network as a textbook writes it, in Double, one loop for each sum: what the engine is tested against.
///
/// Nothing here is fast. Each layer's formulae stand in `ReferenceNetwork+<Layer>.swift`.
package struct ReferenceNetwork {
  package let architecture: Architecture
  /// In the order of `architecture.tensors`.
  package var parameters: [Double]

  package init(_ network: Network) {
    architecture = network.architecture
    parameters = network.parameters.map(Double.init)
  }

  /// Each layer's input, and the last one's output as the last element.
  package typealias Pass = [ReferenceActivations]

  /// - Parameter dropoutKey: the key of a sequence and a dropout layer; with it the network is in training: dropout drops,
  ///   and mean and variance are the minibatch's.
  package func forward(
    _ input: ReferenceActivations, dropoutKey: ((_ sequence: Int, _ dropout: Int) -> UInt64)? = nil
  ) -> Pass {
    var pass = [input]
    for layer in architecture.layers.indices {
      pass.append(output(of: layer, pass, dropoutKey))
    }
    return pass
  }

  /// Gradients of Σ output · `seed`: of all parameters, and of each layer's input and the output.
  package func backward(
    _ pass: Pass, seed: ReferenceActivations,
    dropoutKey: ((_ sequence: Int, _ dropout: Int) -> UInt64)? = nil
  ) -> (parameters: [Double], inputs: [ReferenceActivations]) {
    var gradients = [Double](repeating: 0, count: parameters.count)
    var inputs = pass.map(\.zeros)
    inputs[inputs.count - 1] = seed
    for layer in architecture.layers.indices.reversed() {
      let gradient = inputGradient(of: layer, pass, inputs[layer + 1], dropoutKey, &gradients)
      inputs[layer].add(gradient)
      if case .addition(let addition) = architecture.layers[layer] {
        inputs[layer - addition.layers].add(gradient)
      }
    }
    return (gradients, inputs)
  }

  private func output(of layer: Int, _ pass: Pass, _ dropoutKey: ((Int, Int) -> UInt64)?)
    -> ReferenceActivations
  {
    let x = pass[layer]
    let shape = architecture.shapes[layer]
    switch architecture.layers[layer] {
    case .convolution1D(let convolution):
      return apply(convolution.activation, mergeStrands(convolve(x, layer, convolution), convolution))
    case .dense(let dense): return apply(dense.activation, multiply(x, layer, dense))
    case .activation(let activation): return apply(activation.function, x)
    case .maxPooling1D(let pooling): return maximum(x, size: pooling.size, stride: pooling.stride)
    case .averagePooling1D(let pooling): return mean(x, size: pooling.size, stride: pooling.stride)
    case .globalMaxPooling1D: return maximum(x, size: x.length, stride: x.length)
    case .globalAveragePooling1D: return mean(x, size: x.length, stride: x.length)
    case .flatten: return x.reshaped(length: 1, channels: shape.count)
    case .dropout(let dropout):
      guard let dropoutKey else { return x }
      return drop(x, layer, dropout, dropoutKey)
    case .softmax: return softmax(x)
    case .batchNormalization(let normalization):
      return normalize(x, layer, normalization, isTraining: dropoutKey != nil)
    case .addition(let addition):
      var y = x
      y.add(pass[layer - addition.layers])
      return y
    }
  }

  private func inputGradient(
    of layer: Int, _ pass: Pass, _ dy: ReferenceActivations, _ dropoutKey: ((Int, Int) -> UInt64)?,
    _ gradients: inout [Double]
  ) -> ReferenceActivations {
    let x = pass[layer]
    switch architecture.layers[layer] {
    case .convolution1D(let convolution):
      let z = convolve(x, layer, convolution)
      let dz = gradient(of: convolution.activation, mergeStrands(z, convolution), dy)
      return convolveBackward(x, layer, convolution, mergeStrandsBackward(z, convolution, dz), &gradients)
    case .dense(let dense):
      let dz = gradient(of: dense.activation, multiply(x, layer, dense), dy)
      return multiplyBackward(x, layer, dense, dz, &gradients)
    case .activation(let activation): return gradient(of: activation.function, x, dy)
    case .maxPooling1D(let pooling): return maximumBackward(x, dy, size: pooling.size, stride: pooling.stride)
    case .averagePooling1D(let pooling):
      return meanBackward(x, dy, size: pooling.size, stride: pooling.stride)
    case .globalMaxPooling1D: return maximumBackward(x, dy, size: x.length, stride: x.length)
    case .globalAveragePooling1D: return meanBackward(x, dy, size: x.length, stride: x.length)
    case .flatten: return dy.reshaped(length: x.length, channels: x.channels)
    case .dropout(let dropout):
      guard let dropoutKey else { return dy }
      return drop(dy, layer, dropout, dropoutKey)
    case .softmax: return softmaxBackward(x, dy)
    case .batchNormalization(let normalization):
      return normalizeBackward(x, layer, normalization, dy, isTraining: dropoutKey != nil, &gradients)
    case .addition: return dy
    }
  }

  func value(_ tensor: ParameterTensor?, _ index: Int) -> Double {
    tensor.map { parameters[$0.offset + index] } ?? 0
  }
}
