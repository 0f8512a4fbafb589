import Sequences

/// What a network takes: one-hot DNA of a fixed length, (length, 4).
public struct NetworkInput: Codable, Equatable, Sendable {
  public var length: Int

  public static func dna(length: Int) -> NetworkInput { NetworkInput(length: length) }
}

/// The shape of one sequence's activations.
public enum Shape: Equatable, Sendable {
  /// Positions × channels.
  case map(length: Int, channels: Int)
  case features(Int)

  public var length: Int {
    if case .map(let length, _) = self { length } else { 1 }
  }
  public var channels: Int {
    switch self {
    case .map(_, let channels): channels
    case .features(let count): count
    }
  }
  public var count: Int { length * channels }
}

/// A named array of parameters, row-major.
public struct ParameterTensor: Equatable, Sendable {
  /// `conv1d.kernel`, `dense_1.bias`, …
  public let name: String
  /// (kernelSize, inputChannels, outputChannels), (inputs, units) or (outputs).
  public let shape: [Int]
  /// Where its numbers start among all parameters.
  public let offset: Int
  /// Index of its layer.
  public let layer: Int

  public var count: Int { shape.reduce(1, *) }
  public var range: Range<Int> { offset..<offset + count }
}

/// Input and layers of a network, checked: every shape is known and every parameter has its place.
public struct Architecture: Equatable, Sendable {
  public let input: NetworkInput
  public let layers: [Layer]
  /// The output shape of each layer.
  public let shapes: [Shape]
  /// `conv1d`, `conv1d_1`, …, as Keras numbers them.
  public let names: [String]
  /// All parameters in order of layers, kernel before bias.
  public let tensors: [ParameterTensor]

  /// The most parameters or activations a network may have; a file that asks for more is refused.
  static let limit = 1 << 28

  /// Throws `InputError` when a layer does not fit the one before it.
  public init(input: NetworkInput, layers: [Layer]) throws {
    func fail(_ index: Int, _ reason: String) -> InputError {
      InputError("layer \(index + 1) (\(layers[index].kind)): \(reason)")
    }
    guard (1...Self.limit / 4).contains(input.length) else {
      throw InputError(
        "a network's input length must be between 1 and \(Self.limit / 4), not \(input.length)")
    }
    guard !layers.isEmpty, layers.count <= 1000 else {
      throw InputError("a network needs between 1 and 1000 layers, not \(layers.count)")
    }
    var shape = Shape.map(length: input.length, channels: 4)
    var shapes: [Shape] = []
    var names: [String] = []
    var tensors: [ParameterTensor] = []
    var kinds: [String: Int] = [:]
    var offset = 0
    for (index, layer) in layers.enumerated() {
      let seen = kinds[layer.kind, default: 0]
      kinds[layer.kind] = seen + 1
      names.append(seen == 0 ? layer.kind : "\(layer.kind)_\(seen)")
      func add(_ part: String, _ shape: [Int]) throws {
        var count = 1
        for size in shape {
          let (product, overflow) = count.multipliedReportingOverflow(by: size)
          guard !overflow, product <= Self.limit - offset else { throw fail(index, "too many parameters") }
          count = product
        }
        let name = "\(names[index]).\(part)"
        tensors.append(ParameterTensor(name: name, shape: shape, offset: offset, layer: index))
        offset += count
      }
      shape = try layer.output(of: shape) { fail(index, $0) }
      guard shape.length <= Self.limit / max(1, shape.channels) else {
        throw fail(index, "too large an output")
      }
      switch layer {
      case .convolution1D(let layer):
        let channels = shapes.last?.channels ?? 4
        try add("kernel", [layer.kernelSize, channels, layer.filters])
        if layer.useBias { try add("bias", [layer.filters]) }
      case .dense(let layer):
        try add("kernel", [(shapes.last ?? .map(length: input.length, channels: 4)).count, layer.units])
        if layer.useBias { try add("bias", [layer.units]) }
      default: break
      }
      shapes.append(shape)
    }
    self.input = input
    self.layers = layers
    self.shapes = shapes
    self.names = names
    self.tensors = tensors
  }

  public var parameterCount: Int { tensors.last?.range.upperBound ?? 0 }

  /// The shape a layer is given.
  public func inputShape(_ layer: Int) -> Shape {
    layer == 0 ? .map(length: input.length, channels: 4) : shapes[layer - 1]
  }

  /// Kernel and bias of a layer, where it has them.
  public func tensor(_ layer: Int, _ part: String) -> ParameterTensor? {
    tensors.first { $0.layer == layer && $0.name == "\(names[layer]).\(part)" }
  }

  /// Indices of the convolutions, first to last.
  public var convolutions: [Int] {
    layers.indices.filter { if case .convolution1D = layers[$0] { true } else { false } }
  }
}

extension Layer {
  /// The shape that comes out of this layer, or `fail` with the reason why none does.
  func output(of shape: Shape, fail: (String) -> InputError) throws -> Shape {
    func windows(size: Int, stride: Int, over length: Int) throws -> Int {
      guard (1...1 << 20).contains(size), (1...1 << 20).contains(stride) else {
        throw fail("window and stride must be positive and not absurdly large")
      }
      guard length >= size else { throw fail("a window of \(size) does not fit into \(length) positions") }
      return (length - size) / stride + 1
    }
    func map() throws -> (length: Int, channels: Int) {
      guard case .map(let length, let channels) = shape else {
        throw fail("needs positions, but the layer before it has none left")
      }
      return (length, channels)
    }
    switch self {
    case .convolution1D(let layer):
      let (length, _) = try map()
      guard (1...1 << 20).contains(layer.filters), (1...1 << 16).contains(layer.kernelSize),
        (1...1 << 16).contains(layer.dilation), (1...1 << 20).contains(layer.stride)
      else { throw fail("filters, kernelSize, stride and dilation must be positive and not absurdly large") }
      let (left, right) = layer.margins(length: length)
      return .map(
        length: try windows(size: layer.span, stride: layer.stride, over: length + left + right),
        channels: layer.filters)
    case .maxPooling1D(let layer):
      let (length, channels) = try map()
      return .map(
        length: try windows(size: layer.size, stride: layer.stride, over: length), channels: channels)
    case .averagePooling1D(let layer):
      let (length, channels) = try map()
      return .map(
        length: try windows(size: layer.size, stride: layer.stride, over: length), channels: channels)
    case .globalMaxPooling1D, .globalAveragePooling1D: return .features(try map().channels)
    case .flatten: return .features(shape.count)
    case .dropout(let layer):
      guard layer.rate >= 0, layer.rate < 1 else { throw fail("a rate must be at least 0 and below 1") }
      return shape
    case .activation: return shape
    case .dense(let layer):
      guard case .features = shape else {
        throw fail("needs features: put Flatten or a global pooling before it")
      }
      guard (1...1 << 20).contains(layer.units) else { throw fail("units must be positive") }
      return .features(layer.units)
    }
  }
}
