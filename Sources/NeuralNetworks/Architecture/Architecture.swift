import Runtime
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
  /// (kernelSize, inputChannels / groups, outputChannels), (inputs, units) or (channels).
  public let shape: [Int]
  /// Where its numbers start among all parameters.
  public let offset: Int
  /// Index of its layer.
  public let layer: Int
  /// Whether an optimizer moves it; running means and variances move by themselves.
  public let isTrainable: Bool

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
      let inputShape = shape
      shape = try layer.output(of: shape) { fail(index, $0) }
      if case .convolution1D(let layer) = layer, layer.reverseComplement != nil, index > 0 {
        throw fail(index, "only the first layer can score both strands")
      }
      if case .addition(let addition) = layer {
        guard addition.layers >= 1, addition.layers <= index else {
          throw fail(index, "passes \(addition.layers) layers, but \(index) stand before it")
        }
        let start = index - addition.layers
        let skipped = start == 0 ? .map(length: input.length, channels: 4) : shapes[start - 1]
        guard skipped == shape else {
          throw fail(index, "adds \(skipped) to \(shape); the shapes must be the same")
        }
      }
      guard shape.length <= Self.limit / max(1, shape.channels) else {
        throw fail(index, "too large an output")
      }
      for part in layer.parameters(input: inputShape) {
        var count = 1
        for size in part.shape {
          let (product, overflow) = count.multipliedReportingOverflow(by: size)
          guard !overflow, product <= Self.limit - offset else { throw fail(index, "too many parameters") }
          count = product
        }
        tensors.append(
          ParameterTensor(
            name: "\(names[index]).\(part.name)", shape: part.shape, offset: offset, layer: index,
            isTrainable: part.isTrainable))
        offset += count
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
  public var trainableParameterCount: Int {
    tensors.reduce(0) { $0 + ($1.isTrainable ? $1.count : 0) }
  }

  /// The shape a layer is given.
  public func inputShape(_ layer: Int) -> Shape {
    layer == 0 ? .map(length: input.length, channels: 4) : shapes[layer - 1]
  }

  /// Kernel and bias of a layer, where it has them.
  public func tensor(_ layer: Int, _ part: String) -> ParameterTensor? {
    tensors.first { $0.layer == layer && $0.name == "\(names[layer]).\(part)" }
  }

  /// Layers whose input an addition takes again further on.
  var forks: Set<Int> {
    Set(
      layers.indices.compactMap {
        if case .addition(let layer) = layers[$0] { $0 - layer.layers } else { nil }
      })
  }

  /// Indices of the convolutions, first to last.
  public var convolutions: [Int] {
    layers.indices.filter { if case .convolution1D = layers[$0] { true } else { false } }
  }
}
