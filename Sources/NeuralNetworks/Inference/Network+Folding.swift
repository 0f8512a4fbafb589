extension Network {
  /// The same function for prediction without the batch normalisations that follow a linear convolution or dense layer:
  /// their scale γ / √(variance + ε) goes into its kernel, their shift into its bias.
  ///
  /// Residual blocks count layers, so networks that have them stay as they are.
  var folded: Network {
    let layers = architecture.layers
    guard !layers.contains(where: { if case .addition = $0 { true } else { false } }) else { return self }
    var kept: [Layer] = []
    var parameters: [Float] = []
    var index = 0
    while index < layers.count {
      var layer = layers[index]
      var own = architecture.tensors.filter { $0.layer == index }.flatMap { values($0) }
      if index + 1 < layers.count, case .batchNormalization(let normalization) = layers[index + 1],
        let (biased, outputs) = layer.withBias
      {
        let (kernels, biases) =
          own.count % outputs == 0 && architecture.tensor(index, "bias") != nil
          ? (own.dropLast(outputs), Array(own.suffix(outputs)))
          : (own[...], [Float](repeating: 0, count: outputs))
        func channel(_ part: String, _ c: Int) -> Double {
          Double(self.parameters[architecture.tensor(index + 1, part)!.offset + c])
        }
        let scale = (0..<outputs).map {
          channel("gamma", $0) / (channel("moving_variance", $0) + normalization.epsilon).squareRoot()
        }
        own = kernels.enumerated().map { Float(Double($1) * scale[$0 % outputs]) }
        own += (0..<outputs).map {
          Float((Double(biases[$0]) - channel("moving_mean", $0)) * scale[$0] + channel("beta", $0))
        }
        layer = biased
        index += 1
      }
      kept.append(layer)
      parameters += own
      index += 1
    }
    guard kept.count < layers.count,
      let architecture = try? Architecture(input: architecture.input, layers: kept)
    else { return self }
    return Network(architecture: architecture, parameters: parameters)
  }
}

extension Layer {
  /// This layer with a bias, and its number of outputs, if it is linear in its input and its kernel's last axis is its outputs.
  fileprivate var withBias: (layer: Layer, outputs: Int)? {
    switch self {
    case .convolution1D(var layer) where layer.activation == .linear && layer.reverseComplement == nil:
      layer.useBias = true
      return (.convolution1D(layer), layer.filters)
    case .dense(var layer) where layer.activation == .linear:
      layer.useBias = true
      return (.dense(layer), layer.units)
    default: return nil
    }
  }
}
