import NeuralNetworks

extension Architecture {
  /// The value that a parameter of the layers has; `nil` for those of training and where no layer has it.
  func value(_ parameter: SearchSpace.Parameter) -> Double? {
    switch parameter {
    case .filters: return firstConvolution.map { Double($0.filters) }
    case .kernelSize: return firstConvolution.map { Double($0.kernelSize) }
    case .dropout:
      for case .dropout(let layer) in layers { return layer.rate }
      return 0
    case .learningRate, .batchSize, .weightDecay: return nil
    }
  }

  private var firstConvolution: Convolution1D? {
    layers.lazy.compactMap { if case .convolution1D(let layer) = $0 { layer } else { nil } }.first
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
    var hasDropout = false
    for index in layers.indices {
      switch layers[index] {
      case .convolution1D(var convolution):
        convolution.filters = max(1, Int((Double(convolution.filters) * width).rounded()))
        convolution.kernelSize = max(1, Int((Double(convolution.kernelSize) * length).rounded()))
        layers[index] = .convolution1D(convolution)
      case .dropout:
        hasDropout = true
        if let rate = point[.dropout] { layers[index] = .dropout(Dropout(rate)) }
      default: break
      }
    }
    if !hasDropout, let rate = point[.dropout], rate > 0,
      let last = layers.lastIndex(where: { if case .dense = $0 { true } else { false } })
    {
      layers.insert(.dropout(Dropout(rate)), at: last)
    }
    return try Architecture(input: input, layers: layers)
  }
}
