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

  /// All activations: the input, then each layer's output.
  package typealias Pass = [ReferenceActivations]

  /// - Parameter dropoutKey: the key of a sequence and a dropout layer; with it the network is in training: dropout drops,
  ///   and mean and variance are the minibatch's.
  package func forward(
    _ input: ReferenceActivations, dropoutKey: ((_ sequence: Int, _ dropout: Int) -> UInt64)? = nil
  ) -> Pass {
    var pass = [input]
    for layer in architecture.layers.indices {
      pass.append(output(of: layer, architecture.sources[layer].map { pass[$0] }, dropoutKey))
    }
    return pass
  }

  /// The network's outputs, (sequences, outputs).
  package func outputs(_ pass: Pass) -> [Double] {
    (0..<pass[0].count).flatMap { s in
      architecture.outputs.flatMap { output -> ArraySlice<Double> in
        let count = output.shape.count
        return pass[output.layer + 1].values[s * count..<(s + 1) * count]
      }
    }
  }

  /// Gradients of Σ output · `seed`, (sequences, outputs): of all parameters, and of all activations.
  package func backward(
    _ pass: Pass, seed: [Double], dropoutKey: ((_ sequence: Int, _ dropout: Int) -> UInt64)? = nil
  ) -> (parameters: [Double], activations: [ReferenceActivations]) {
    var gradients = [Double](repeating: 0, count: parameters.count)
    var activations = pass.map(\.zeros)
    for output in architecture.outputs {
      let count = output.shape.count
      for i in 0..<pass[0].count * count {
        activations[output.layer + 1].values[i] +=
          seed[i / count * architecture.outputCount + output.range.lowerBound + i % count]
      }
    }
    for layer in architecture.layers.indices.reversed() {
      let sources = architecture.sources[layer]
      let inputs = inputGradients(
        of: layer, sources.map { pass[$0] }, activations[layer + 1], dropoutKey, &gradients)
      for (source, gradient) in zip(sources, inputs) { activations[source].add(gradient) }
    }
    return (gradients, activations)
  }

  /// What a layer makes of its inputs.
  package func output(
    of layer: Int, _ inputs: [ReferenceActivations], _ dropoutKey: ((Int, Int) -> UInt64)? = nil
  ) -> ReferenceActivations {
    let x = inputs[0]
    switch architecture.layers[layer].kind {
    case .convolution1D(let convolution):
      return apply(convolution.activation, mergeStrands(convolve(x, layer, convolution), convolution))
    case .dense(let dense): return apply(dense.activation, multiply(x, layer, dense))
    case .activation(let activation): return apply(activation.function, x)
    case .maxPooling1D(let pooling): return maximum(x, windows(layer, x, pooling.size, pooling.stride))
    case .averagePooling1D(let pooling): return mean(x, windows(layer, x, pooling.size, pooling.stride))
    case .globalMaxPooling1D: return maximum(x, [0..<x.length])
    case .globalAveragePooling1D: return mean(x, [0..<x.length])
    case .flatten: return x.reshaped(length: 1, channels: x.length * x.channels)
    case .reshape(let reshape):
      return x.reshaped(length: reshape.length, channels: x.length * x.channels / reshape.length)
    case .globalLogSumExpPooling1D: return logSumExp(x)
    case .dropout(let dropout):
      guard let dropoutKey else { return x }
      return drop(x, layer, dropout, dropoutKey)
    case .softmax: return softmax(x)
    case .batchNormalization(let normalization):
      return normalize(x, layer, normalization, isTraining: dropoutKey != nil)
    case .concatenate: return join(inputs)
    case .cropping1D(let crop): return shift(x, left: -crop.left, right: -crop.right)
    case .zeroPadding1D(let zeros): return shift(x, left: zeros.left, right: zeros.right)
    case .multiplication: return product(inputs, like: architecture.shapes[layer])
    case .layerNormalization(let normalization): return normalizeRows(x, layer, normalization)
    case .recurrent(let recurrent): return recur(x, layer, recurrent)
    case .transposedConvolution1D(let transposed):
      return apply(transposed.activation, spread(x, layer, transposed))
    case .addition: return inputs.dropFirst().reduce(into: x) { $0.add($1) }
    }
  }

  /// Of each of the layer's inputs.
  package func inputGradients(
    of layer: Int, _ inputs: [ReferenceActivations], _ dy: ReferenceActivations,
    _ dropoutKey: ((Int, Int) -> UInt64)?, _ gradients: inout [Double]
  ) -> [ReferenceActivations] {
    let x = inputs[0]
    switch architecture.layers[layer].kind {
    case .convolution1D(let convolution):
      let z = convolve(x, layer, convolution)
      let dz = gradient(of: convolution.activation, mergeStrands(z, convolution), dy)
      return [convolveBackward(x, layer, convolution, mergeStrandsBackward(z, convolution, dz), &gradients)]
    case .dense(let dense):
      let dz = gradient(of: dense.activation, multiply(x, layer, dense), dy)
      return [multiplyBackward(x, layer, dense, dz, &gradients)]
    case .activation(let activation): return [gradient(of: activation.function, x, dy)]
    case .maxPooling1D(let pooling):
      return [maximumBackward(x, dy, windows(layer, x, pooling.size, pooling.stride))]
    case .averagePooling1D(let pooling):
      return [meanBackward(x, dy, windows(layer, x, pooling.size, pooling.stride))]
    case .globalMaxPooling1D: return [maximumBackward(x, dy, [0..<x.length])]
    case .globalAveragePooling1D: return [meanBackward(x, dy, [0..<x.length])]
    case .flatten, .reshape: return [dy.reshaped(length: x.length, channels: x.channels)]
    case .globalLogSumExpPooling1D: return [logSumExpBackward(x, dy)]
    case .dropout(let dropout):
      guard let dropoutKey else { return [dy] }
      return [drop(dy, layer, dropout, dropoutKey)]
    case .softmax: return [softmaxBackward(x, dy)]
    case .batchNormalization(let normalization):
      return [normalizeBackward(x, layer, normalization, dy, isTraining: dropoutKey != nil, &gradients)]
    case .addition: return inputs.map { _ in dy }
    case .concatenate: return split(dy, like: inputs)
    case .multiplication: return productBackward(inputs, dy)
    case .layerNormalization(let normalization):
      return [normalizeRowsBackward(x, layer, normalization, dy, &gradients)]
    case .recurrent(let recurrent): return [recurBackward(x, layer, recurrent, dy, &gradients)]
    case .transposedConvolution1D(let transposed):
      let dz = gradient(of: transposed.activation, spread(x, layer, transposed), dy)
      return [spreadBackward(x, layer, transposed, dz, &gradients)]
    case .cropping1D(let crop): return [shift(dy, left: crop.left, right: crop.right)]
    case .zeroPadding1D(let zeros): return [shift(dy, left: -zeros.left, right: -zeros.right)]
    }
  }

  func value(_ tensor: ParameterTensor?, _ index: Int) -> Double {
    tensor.map { parameters[$0.offset + index] } ?? 0
  }
}
