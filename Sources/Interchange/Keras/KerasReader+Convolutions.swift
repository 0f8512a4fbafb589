extension KerasReader {
  /// `nil` with a note for padding that is none of Keras's.
  private mutating func margins(_ layer: Layer, kernelSize: Int, dilation: Int = 1) -> Operation.Margins? {
    switch layer.config["padding"].text ?? layer.config["border_mode"].text ?? "valid" {
    case "valid": return .valid
    case "same", "half": return .same
    case "causal": return .explicit(left: (kernelSize - 1) * dilation, right: 0)
    case "full": return .explicit(left: kernelSize - 1, right: kernelSize - 1)
    case let other:
      _ = refuse(layer, "padding \(other)")
      return nil
    }
  }

  mutating func isChannelsLast(_ layer: Layer) -> Bool {
    guard plane == nil, layer.config["data_format"].text == "channels_first" else { return true }
    _ = refuse(layer, "positions as channels")
    return false
  }

  mutating func convolution(_ layer: Layer) throws -> String? {
    guard isChannelsLast(layer), var kernel = layer.arrays.first else {
      return refuse(layer, "its weights are missing or of another shape")
    }
    // Keras 1 kept a dimension of one: (size, 1, channels, filters), or (filters, channels, size, 1) on Theano.
    if kernel.shape.count == 4, kernel.shape[1] == 1 {
      kernel = Weights(shape: [kernel.shape[0], kernel.shape[2], kernel.shape[3]], values: kernel.values)
    } else if kernel.shape.count == 4, kernel.shape[3] == 1 {
      kernel = Weights(shape: Array(kernel.shape[..<3]), values: kernel.values).transposed([2, 1, 0])
    }
    guard kernel.shape.count == 3 else { return refuse(layer, "its weights are missing or of another shape") }
    if file.isTheano { kernel = kernel.flipped([0]) }
    let dilation = layer.config["dilation_rate"].integers?.first ?? layer.config["atrous_rate"].integer ?? 1
    guard let margins = margins(layer, kernelSize: kernel.shape[0], dilation: dilation) else { return nil }
    return activated(
      layer,
      .convolution(
        .init(
          kernel: kernel, bias: hasBias(layer) ? array(layer, 1, rank: 1)?.values : nil,
          stride: layer.config["strides"].integers?.first ?? layer.config["subsample_length"].integer ?? 1,
          margins: margins, dilation: dilation, groups: layer.config["groups"].integer ?? 1)))
  }

  /// A convolution over a picture whose one axis is used up by it.
  mutating func planarConvolution(_ layer: Layer) throws -> String? {
    guard let plane, var kernel = array(layer, 0, rank: 4) else {
      return refuse(layer, "a convolution over two axes")
    }
    // (filters, channels, rows, columns) → (rows, columns, channels, filters); Keras 2 always keeps the latter.
    if file.version < 2, plane.isChannelsFirst { kernel = kernel.transposed([2, 3, 1, 0]) }
    if file.isTheano { kernel = kernel.flipped([0, 1]) }
    let strides = plane.split(
      layer.config["strides"].integers ?? layer.config["subsample"].integers ?? [1, 1])
    let dilations = plane.split(layer.config["dilation_rate"].integers ?? [1, 1])
    guard let (along, across) = plane.split(Array(kernel.shape[..<2])), let strides, let dilations else {
      return refuse(layer, "a convolution over two axes")
    }
    let isFirst = graph.inputs.contains { $0.name == layer.inputs.first }
    guard across == (isFirst && plane.hasBasesAsRows ? 4 : 1), across == 1 || kernel.shape[2] == 1,
      let margins = margins(layer, kernelSize: along), across == 1 || margins == .valid
    else { return refuse(layer, "a convolution over two axes") }
    // (positions, across · channels, filters)
    let ordered = plane.positions == 0 ? kernel : kernel.transposed([1, 0, 2, 3])
    guard let flat = ordered.reshaped([along, across * kernel.shape[2], kernel.shape[3]]) else { return nil }
    return activated(
      layer,
      .convolution(
        .init(
          kernel: flat, bias: hasBias(layer) ? array(layer, 1, rank: 1)?.values : nil, stride: strides.along,
          margins: margins, dilation: dilations.along, groups: layer.config["groups"].integer ?? 1)))
  }

  /// A convolution in each channel, and for `SeparableConv1D` one over the channels after it.
  mutating func separable(_ layer: Layer) throws -> String? {
    guard isChannelsLast(layer), let depthwise = array(layer, 0, rank: 3) else { return nil }
    let isSeparable = layer.className == "SeparableConv1D"
    let (size, channels, multiplier) = (depthwise.shape[0], depthwise.shape[1], depthwise.shape[2])
    let dilation = layer.config["dilation_rate"].integers?.first ?? 1
    let biasIndex = isSeparable ? 2 : 1
    let bias = hasBias(layer) ? array(layer, biasIndex, rank: 1)?.values : nil
    guard let margins = margins(layer, kernelSize: size, dilation: dilation),
      let kernel = depthwise.reshaped([size, 1, channels * multiplier])
    else { return nil }
    var convolution = Operation.Convolution(
      kernel: kernel, bias: isSeparable ? nil : bias, stride: layer.config["strides"].integers?.first ?? 1,
      margins: margins, dilation: dilation, groups: channels)
    guard isSeparable else { return activated(layer, .convolution(convolution)) }
    guard let pointwise = array(layer, 1, rank: 3), !layer.inputs.isEmpty else { return nil }
    convolution.bias = nil
    graph.add(layer.output + ":depthwise", .convolution(convolution), layer.inputs)
    var second = layer
    second.inputs = [layer.output + ":depthwise"]
    return activated(second, .convolution(.init(kernel: pointwise, bias: bias)))
  }

  mutating func transposed(_ layer: Layer) throws -> String? {
    let isColumn = layer.className == "Conv2DTranspose"
    guard isChannelsLast(layer), var kernel = array(layer, 0, rank: isColumn ? 4 : 3) else { return nil }
    if isColumn {
      // (size, 1, filters, channels) over positions that are the rows of a picture one column wide.
      guard kernel.shape[1] == 1, plane == nil, layer.inputs.allSatisfy(columns.contains) else {
        return refuse(layer, "a convolution over two axes")
      }
      kernel = Weights(shape: [kernel.shape[0], kernel.shape[2], kernel.shape[3]], values: kernel.values)
      columns.insert(layer.output)
    }
    guard let margins = margins(layer, kernelSize: kernel.shape[0]) else { return nil }
    if (layer.config["dilation_rate"].integers?.first ?? 1) != 1 { return refuse(layer, "dilation") }
    if layer.config["output_padding"].integers?.first != nil { return refuse(layer, "output padding") }
    return activated(
      layer,
      .transposedConvolution(
        .init(
          kernel: kernel, bias: hasBias(layer) ? array(layer, 1, rank: 1)?.values : nil,
          stride: layer.config["strides"].integers?.first ?? 1, margins: margins)))
  }

  mutating func pooling(_ layer: Layer, _ reduction: Operation.Reduction) -> String? {
    guard isChannelsLast(layer) else { return nil }
    let config = layer.config
    var sizes = config["pool_size"].integers ?? config["pool_length"].integers ?? [2]
    var strides = config["strides"].integers ?? config["stride"].integers ?? sizes
    if let plane, sizes.count == 2 {
      guard let size = plane.split(sizes), let stride = plane.split(strides), size.across == 1 else {
        return refuse(layer, "pooling over two axes")
      }
      (sizes, strides) = ([size.along], [stride.along])
    }
    guard let size = sizes.first, let stride = strides.first, sizes.count == 1,
      let margins = margins(layer, kernelSize: size)
    else { return refuse(layer, "its sizes") }
    return plain(layer, .pooling(reduction, size: size, stride: stride, margins: margins))
  }
}

extension Weights {
  /// The same with some axes back to front.
  func flipped(_ axes: Set<Int>) -> Weights {
    var strides = [Int](repeating: 1, count: shape.count)
    for axis in shape.indices.dropLast().reversed() { strides[axis] = strides[axis + 1] * shape[axis + 1] }
    let flipped = values.indices.map { place in
      values[
        shape.indices.reduce(0) { sum, axis in
          let index = place / strides[axis] % shape[axis]
          return sum + (axes.contains(axis) ? shape[axis] - 1 - index : index) * strides[axis]
        }]
    }
    return Weights(shape: shape, values: flipped)
  }
}
