import NeuralNetworks

extension Architecture {
  /// The value that a parameter of the layers has; `nil` for those of training and where no layer has it.
  func value(_ parameter: SearchSpace.Parameter) -> Double? {
    switch parameter {
    case .filters: return firstConvolution.map { Double($0.filters) }
    case .kernelSize: return firstConvolution.map { Double($0.kernelSize) }
    case .dropout:
      for case .dropout(let layer) in layers.map(\.kind) { return layer.rate }
      return 0
    case .learningRate, .batchSize, .weightDecay: return nil
    }
  }

  private var firstConvolution: Convolution1D? {
    layers.lazy.compactMap { if case .convolution1D(let layer) = $0.kind { layer } else { nil } }.first
  }

  /// The same layers with other filters, kernel sizes and dropout. Later convolutions keep their proportion to the first.
  ///
  /// Throws `InputError` when the layers do not fit together any more.
  func varied(_ point: [SearchSpace.Parameter: Double]) throws -> Architecture {
    func ratio(_ parameter: SearchSpace.Parameter) -> Double {
      guard let wanted = point[parameter], let given = value(parameter), given > 0 else { return 1 }
      return wanted / given
    }
    let (width, length) = (ratio(.filters), ratio(.kernelSize))
    var layers = layers
    for (index, layer) in layers.enumerated() {
      if case .convolution1D(var convolution) = layer.kind {
        convolution.filters = max(1, Int((Double(convolution.filters) * width).rounded()))
        convolution.kernelSize = max(1, Int((Double(convolution.kernelSize) * length).rounded()))
        layers[index] = layer.replaced(by: convolution)
      } else if case .dropout = layer.kind, let rate = point[.dropout] {
        layers[index] = layer.replaced(by: Dropout(rate))
      }
    }
    let varied = try Architecture(input: input, layers: layers, outputs: outputNames)
    let hasDropout = layers.contains { if case .dropout = $0.kind { true } else { false } }
    guard !hasDropout, let rate = point[.dropout], rate > 0,
      let last = layers.lastIndex(where: { if case .dense = $0.kind { true } else { false } })
    else { return varied }
    return try varied.replacingLayers { $0 == last ? [.dropout(Dropout(rate)), layers[$0]] : [layers[$0]] }
  }
}
