extension Network {
  /// The same function for prediction with the batch normalizations that follow a linear convolution or dense layer made part
  /// of its weights: their scale γ / √(variance + ε) goes into its kernel, their shift into its bias. Layers keep their
  /// numbers; a linear activation stands where a normalization was.
  public func foldingNormalization() -> Network {
    var layers = architecture.layers
    var parameters: [[Float]] = layers.indices.map { layer in
      architecture.tensors.filter { $0.layer == layer }.flatMap { values($0) }
    }
    for layer in layers.indices {
      guard let (scale, shift) = normalization(after: layer),
        var weighted = layers[layer].definition as? any WeightedLayer
      else { continue }
      let kernel = values(architecture.tensor(layer, .kernel)!)
      let bias = architecture.tensor(layer, .bias).map { values($0).map(Double.init) }
      weighted.useBias = true
      layers[layer] = layers[layer].replaced(by: weighted)
      layers[layer + 1] = layers[layer + 1].replaced(by: ActivationLayer(.linear))
      parameters[layer] = kernel.enumerated().map { Float(Double($1) * scale[$0 % scale.count]) }
      parameters[layer] += scale.indices.map {
        Float(((bias?[$0] ?? 0) - shift[$0].mean) * scale[$0] + shift[$0].beta)
      }
      parameters[layer + 1] = []
    }
    // Layers that refer to a normalization call it by name.
    guard
      let folded = try? architecture.replacingLayers({ [layers[$0]] }),
      folded.parameterCount < architecture.parameterCount
    else { return self }
    return Network(architecture: folded, parameters: parameters.flatMap { $0 })
  }

  /// What the normalization makes of the outputs of a linear weighted layer that it alone takes, where each output has one
  /// scale: (x − mean) · scale + β.
  private func normalization(after layer: Int) -> (scale: [Double], shift: [(mean: Double, beta: Double)])? {
    guard architecture.isPassedOn(layer + 1),
      case .batchNormalization(let normalization) = architecture.layers[layer + 1].kind,
      let weighted = architecture.layers[layer].definition as? any WeightedLayer,
      weighted.activation == .linear
    else { return nil }
    func values(_ role: TensorRole) -> [Double] {
      self.values(architecture.tensor(layer + 1, role)!).map(Double.init)
    }
    let scale = zip(values(.scale), values(.variance)).map { $0 / ($1 + normalization.epsilon).squareRoot() }
    guard scale.count == architecture.tensor(layer, .kernel)?.shape.last else { return nil }
    // The larger of two strands' scores is the smaller one of the negated.
    if case .other = architecture.facts[layer].response, scale.contains(where: { $0 < 0 }) { return nil }
    return (scale, Array(zip(values(.mean), values(.shift))))
  }
}
