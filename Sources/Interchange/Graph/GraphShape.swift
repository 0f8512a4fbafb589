import NeuralNetworks

/// What a tensor of the graph is for one sequence.
enum GraphShape: Equatable {
  case map(length: Int, channels: Int)
  case features(Int)

  struct Failure: Error { var reason: String }

  var isMap: Bool { if case .map = self { true } else { false } }
  var length: Int { if case .map(let length, _) = self { length } else { 1 } }
  var channels: Int {
    switch self {
    case .map(_, let channels): channels
    case .features(let count): count
    }
  }
  var count: Int { length * channels }

  /// The same positions or none, with other channels.
  func with(channels: Int) -> GraphShape {
    switch self {
    case .map(let length, _): .map(length: length, channels: channels)
    case .features: .features(channels)
    }
  }
}

extension Operation {
  /// Places a window of `span` takes over `length` positions.
  static func windows(length: Int, span: Int, stride: Int, margins: Margins) throws -> Int {
    guard length > 0, span > 0, stride > 0 else { throw GraphShape.Failure(reason: "impossible sizes") }
    switch margins {
    case .same: return (length + stride - 1) / stride
    // As PyTorch and ONNX count: no window begins beyond the end.
    case .ceiling(let padding):
      return min((max(0, length + 2 * padding - span) + stride - 1) / stride, (length + padding - 1) / stride)
        + 1
    case .valid, .explicit:
      let (left, right) = margins.sizes
      guard length + left + right >= span else {
        throw GraphShape.Failure(reason: "a window of \(span) over \(length + left + right) positions")
      }
      return (length + left + right - span) / stride + 1
    }
  }

  /// The shape of what it makes.
  ///
  /// Throws `GraphShape.Failure` when it does not fit what it is given.
  func shape(_ inputs: [GraphShape]) throws -> GraphShape {
    guard let first = inputs.first else { throw GraphShape.Failure(reason: "no input") }
    func map() throws -> (length: Int, channels: Int) {
      guard case .map(let length, let channels) = first else {
        throw GraphShape.Failure(reason: "no positions")
      }
      return (length, channels)
    }
    func expect(_ needed: Int, _ given: Int) throws {
      guard needed == given else {
        throw GraphShape.Failure(
          reason: "weights for \(needed) channels or features, but it is given \(given)")
      }
    }
    switch self {
    case .convolution(let layer):
      let (length, channels) = try map()
      guard layer.groups > 0, layer.kernel.shape.count == 3, layer.dilation > 0 else {
        throw GraphShape.Failure(reason: "impossible sizes")
      }
      try expect(layer.kernel.shape[1] * layer.groups, channels)
      let span = (layer.kernel.shape[0] - 1) * layer.dilation + 1
      let count = try Self.windows(length: length, span: span, stride: layer.stride, margins: layer.margins)
      let filters = layer.kernel.shape[2]
      return .map(length: count, channels: layer.strands == .concatenation ? 2 * filters : filters)
    case .transposedConvolution(let layer):
      let (length, channels) = try map()
      try expect(layer.kernel.shape[2], channels)
      // With a kernel shorter than its stride Keras keeps the last stride whole, PyTorch does not.
      let full =
        layer.margins == .valid
        ? length * layer.stride + max(0, layer.kernel.shape[0] - layer.stride)
        : (length - 1) * layer.stride + layer.kernel.shape[0]
      let (left, right) = layer.margins.sizes
      let result = layer.margins == .same ? length * layer.stride : full - left - right
      guard result > 0 else { throw GraphShape.Failure(reason: "nothing left of its output") }
      return .map(length: result, channels: layer.kernel.shape[1])
    case .dense(let kernel, _):
      try expect(kernel.shape[0], first.channels)
      return first.with(channels: kernel.shape[1])
    case .mixing(let kernel, _):
      let (length, channels) = try map()
      guard kernel.shape[0] == length else {
        throw GraphShape.Failure(
          reason: "weights for \(kernel.shape[0]) positions, but it is given \(length)")
      }
      return .map(length: kernel.shape[1], channels: channels)
    case .function(.parametricRelu(let slopes)):
      try expect(slopes.count, first.channels)
      return first
    case .affine(let scale, let shift):
      for numbers in [scale, shift] where numbers.count != 1 { try expect(numbers.count, first.channels) }
      return first
    case .function, .softmax, .logSoftmax, .dropout: return first
    case .upsampling(let count):
      let (length, channels) = try map()
      let (product, overflow) = length.multipliedReportingOverflow(by: count)
      guard count > 0, !overflow, product <= 1 << 24 else {
        throw GraphShape.Failure(reason: "impossible sizes")
      }
      return .map(length: product, channels: channels)
    case .tiling(let count):
      guard (1...1 << 12).contains(count), first.channels <= 1 << 16 else {
        throw GraphShape.Failure(reason: "impossible sizes")
      }
      return first.with(channels: first.channels * count)
    case .reversal:
      _ = try map()
      return first
    case .normalization(let layer):
      try expect(layer.mean.count, first.channels)
      return first
    case .layerNormalization(let gamma, let beta, _):
      if let count = (gamma ?? beta)?.count { try expect(count, first.channels) }
      return first
    case .rootMeanSquareNormalization(let gamma, _):
      if let gamma { try expect(gamma.count, first.channels) }
      return first
    case .groupNormalization(let groups, let gamma, let beta, _):
      for count in [gamma?.count, beta?.count].compactMap({ $0 }) { try expect(count, first.channels) }
      guard groups > 0, first.channels % groups == 0 else {
        throw GraphShape.Failure(reason: "\(first.channels) channels in \(groups) groups of the same size")
      }
      return first
    case .gate:
      guard first.channels % 2 == 0 else {
        throw GraphShape.Failure(reason: "half of \(first.channels) channels")
      }
      return first.with(channels: first.channels / 2)
    case .recurrent(let layer):
      let (length, channels) = try map()
      for parameters in [layer.forward, layer.backward].compactMap({ $0 }) {
        try expect(parameters.kernel.shape[0], channels)
      }
      let units = layer.direction == .both ? 2 * layer.units : layer.units
      return layer.returnsSequences ? .map(length: length, channels: units) : .features(units)
    case .pooling(_, let size, let stride, let margins):
      let (length, channels) = try map()
      return .map(
        length: try Self.windows(length: length, span: size, stride: stride, margins: margins),
        channels: channels)
    case .adaptivePooling(_, let count):
      let (length, channels) = try map()
      guard count > 0, length % count == 0 else {
        throw GraphShape.Failure(reason: "\(length) positions as \(count) windows of the same size")
      }
      return .map(length: count, channels: channels)
    case .globalPooling: return .features(try map().channels)
    case .logSumExp:
      if case .map(_, let channels) = first { return .features(channels) }
      return .features(1)
    case .separate(let length, _):
      guard case .features(let count) = first, length > 0, count % length == 0 else {
        throw GraphShape.Failure(reason: "\(first.count) values as \(length) positions")
      }
      return .map(length: length, channels: count / length)
    case .flatten: return .features(first.count)
    case .singlePosition: return .map(length: 1, channels: first.count)
    case .cropping(let left, let right):
      let (length, channels) = try map()
      guard left + right < length else { throw GraphShape.Failure(reason: "more cropped than there is") }
      return .map(length: length - left - right, channels: channels)
    case .padding(let left, let right, _):
      let (length, channels) = try map()
      return .map(length: length + left + right, channels: channels)
    case .addition, .maximum:
      guard inputs.allSatisfy({ $0 == first }) else {
        throw GraphShape.Failure(reason: "inputs of different shapes")
      }
      return first
    case .product:
      // Features, or a single position, gate the channels of every position.
      let whole = inputs.max { $0.length < $1.length } ?? first
      let map = inputs.first { $0.isMap && $0.length == whole.length } ?? whole
      guard inputs.allSatisfy({ $0 == map || ($0.length == 1 && $0.channels == map.channels) }) else {
        throw GraphShape.Failure(reason: "inputs of different shapes")
      }
      return map
    case .succession:
      _ = try map()
      guard inputs.allSatisfy({ $0.isMap && $0.channels == first.channels }) else {
        throw GraphShape.Failure(reason: "inputs of different shapes")
      }
      return .map(length: inputs.reduce(0) { $0 + $1.length }, channels: first.channels)
    case .concatenation:
      guard inputs.allSatisfy({ $0.with(channels: 1) == first.with(channels: 1) }) else {
        throw GraphShape.Failure(reason: "inputs of different shapes")
      }
      return first.with(channels: inputs.reduce(0) { $0 + $1.channels })
    }
  }
}

extension Operation.Margins {
  /// Zeros on both sides where they are given in numbers.
  var sizes: (left: Int, right: Int) {
    if case .explicit(let left, let right) = self { (left, right) } else { (0, 0) }
  }
}
