import NeuralNetworks

/// A linear layer: the sum of a map of each of its inputs, and a bias of each output.
struct LinearLayer: Sendable {
  /// One for each input.
  let maps: [LinearMap]
  let bias: [Double]

  /// - Returns: `nil` for a layer that is not linear.
  init?(_ network: Network, layer: Int) {
    let architecture = network.architecture
    let shapes = architecture.sources[layer].map(architecture.shape(ofActivation:))
    let (x, y) = (shapes[0], architecture.shapes[layer])
    func values(_ role: TensorRole) -> [Double]? {
      architecture.tensor(layer, role).map { network.values($0).map(Double.init) }
    }
    func map(_ matrices: [LinearMap.Matrix], _ blocks: [LinearMap.Block], of shape: Shape? = nil) -> LinearMap
    {
      LinearMap(inputs: (shape ?? x).count, outputs: y.count, matrices: matrices, blocks: blocks)
    }
    /// Stretches of the input that go to stretches of the output as they are.
    func moved(_ stretches: [(from: Int, to: Int, count: Int)], of shape: Shape, share: Double = 1)
      -> LinearMap
    {
      map(
        [LinearMap.Matrix(rows: 1, columns: 1, values: [share])],
        stretches.flatMap { stretch in
          (0..<stretch.count).map {
            LinearMap.Block(input: stretch.from + $0, output: stretch.to + $0, matrix: 0)
          }
        }, of: shape)
    }
    func means(_ windows: [Range<Int>]) -> LinearMap {
      map(
        windows.map { LinearMap.Matrix(rows: 1, columns: 1, values: [1 / Double($0.count)]) },
        windows.enumerated().flatMap { index, window in
          window.flatMap { position in
            (0..<x.channels).map {
              LinearMap.Block(
                input: position * x.channels + $0, output: index * x.channels + $0, matrix: index)
            }
          }
        })
    }
    func shifted(left: Int) -> LinearMap {
      let kept = max(0, left)..<min(y.length, left + x.length)
      let stretch = (
        (kept.lowerBound - left) * x.channels, kept.lowerBound * x.channels, kept.count * x.channels
      )
      return moved([stretch], of: x)
    }
    var bias = [Double](repeating: 0, count: y.count)
    func repeated(_ values: [Double]) -> [Double] { bias.indices.map { values[$0 % values.count] } }

    switch architecture.layers[layer].kind {
    case .convolution1D(let convolution):
      guard convolution.reverseComplement != .maximum else { return nil }
      let left = convolution.margins(length: x.length).left
      let (matrices, taps) = convolution.matrices(values(.kernel)!, channels: x.channels)
      maps = [
        map(
          matrices,
          (0..<y.length).flatMap { position in
            taps.compactMap { tap in
              let place = position * convolution.stride + tap.offset - left
              guard 0..<x.length ~= place else { return nil }
              return LinearMap.Block(
                input: place * x.channels + tap.channel, output: position * y.channels + tap.filter,
                matrix: tap.matrix)
            }
          })
      ]
      if let own = values(.bias) { bias = repeated(own) }
    case .transposedConvolution1D(let transposed):
      let kernel = values(.kernel)!
      let size = x.channels * y.channels
      maps = [
        map(
          (0..<transposed.kernelSize).map {
            LinearMap.Matrix(
              rows: x.channels, columns: y.channels, values: Array(kernel[$0 * size..<($0 + 1) * size]))
          },
          (0..<x.length).flatMap { position in
            (0..<transposed.kernelSize).compactMap { tap in
              let place = position * transposed.stride + tap - transposed.cropped
              guard 0..<y.length ~= place else { return nil }
              return LinearMap.Block(input: position * x.channels, output: place * y.channels, matrix: tap)
            }
          })
      ]
      if let own = values(.bias) { bias = repeated(own) }
    case .dense:
      maps = [
        map(
          [LinearMap.Matrix(rows: x.count, columns: y.count, values: values(.kernel)!)],
          [LinearMap.Block(input: 0, output: 0, matrix: 0)])
      ]
      if let own = values(.bias) { bias = own }
    case .batchNormalization(let normalization):
      let (scale, shift, mean) = (values(.scale)!, values(.shift)!, values(.mean)!)
      let factors = zip(scale, values(.variance)!).map { $0 / ($1 + normalization.epsilon).squareRoot() }
      maps = [
        map(
          factors.map { LinearMap.Matrix(rows: 1, columns: 1, values: [$0]) },
          (0..<x.count).map { LinearMap.Block(input: $0, output: $0, matrix: $0 % factors.count) })
      ]
      bias = repeated(factors.indices.map { shift[$0] - factors[$0] * mean[$0] })
    case .averagePooling1D:
      guard case .sliding(let span, let stride, let left) = architecture.facts[layer].window else {
        return nil
      }
      maps = [
        means(
          (0..<y.length).map {
            max(0, $0 * stride - left)..<min(x.length, $0 * stride - left + span)
          })
      ]
    case .globalAveragePooling1D: maps = [means([0..<x.length])]
    case .cropping1D(let crop): maps = [shifted(left: -crop.left)]
    case .zeroPadding1D(let zeros): maps = [shifted(left: zeros.left)]
    case .concatenate:
      var first = 0
      maps = shapes.map { shape in
        defer { first += shape.channels }
        return moved(
          (0..<shape.length).map { ($0 * shape.channels, $0 * y.channels + first, shape.channels) }, of: shape
        )
      }
    case .addition: maps = shapes.map { moved([(0, 0, $0.count)], of: $0) }
    case .flatten, .reshape, .dropout: maps = [moved([(0, 0, x.count)], of: x)]
    case .activation(let activation):
      guard activation.function == .linear else { return nil }
      maps = [moved([(0, 0, x.count)], of: x)]
    case .maxPooling1D, .globalMaxPooling1D, .globalLogSumExpPooling1D, .softmax, .multiplication,
      .layerNormalization, .recurrent:
      return nil
    }
    self.bias = bias
  }
}

extension Convolution1D {
  /// Its weights as matrices, channels to filters, and where each stands: so far from the window's first position, its first channel and
  /// its first filter.
  fileprivate func matrices(_ kernel: [Double], channels: Int) -> (
    matrices: [LinearMap.Matrix], taps: [(offset: Int, channel: Int, filter: Int, matrix: Int)]
  ) {
    let (width, height) = (channels / groups, filters / groups)
    var matrices: [LinearMap.Matrix] = []
    var taps: [(offset: Int, channel: Int, filter: Int, matrix: Int)] = []
    for strand in 0..<(reverseComplement == .concatenation ? 2 : 1) {
      for tap in 0..<kernelSize {
        for group in 0..<groups {
          taps.append((tap * dilation, group * width, strand * filters + group * height, matrices.count))
          let values = (0..<width).flatMap { channel -> ArraySlice<Double> in
            // The other strand has taps and bases reversed.
            let row =
              strand == 0 ? tap * width + channel : (kernelSize - 1 - tap) * width + width - 1 - channel
            let start = row * filters + group * height
            return kernel[start..<start + height]
          }
          matrices.append(LinearMap.Matrix(rows: width, columns: height, values: values))
        }
      }
    }
    return (matrices, taps)
  }
}
