import Runtime
import Sequences

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
      let (length, channels) = try map()
      guard (1...1 << 20).contains(layer.filters), (1...1 << 16).contains(layer.kernelSize),
        (1...1 << 16).contains(layer.dilation), (1...1 << 20).contains(layer.stride)
      else { throw fail("filters, kernelSize, stride and dilation must be positive and not absurdly large") }
      guard layer.groups > 0, channels % layer.groups == 0, layer.filters % layer.groups == 0 else {
        throw fail("\(layer.groups) groups do not divide \(channels) channels and \(layer.filters) filters")
      }
      guard layer.groups == 1 || layer.reverseComplement == nil else {
        throw fail("a convolution that scores both strands cannot have groups")
      }
      let (left, right) = layer.margins(length: length)
      return .map(
        length: try windows(size: layer.span, stride: layer.stride, over: length + left + right),
        channels: layer.outputChannels)
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
    case .activation, .softmax, .addition: return shape
    case .batchNormalization(let layer):
      guard layer.epsilon > 0, (0...1).contains(layer.momentum) else {
        throw fail("epsilon must be positive and momentum from 0 to 1")
      }
      return shape
    case .dense(let layer):
      guard case .features = shape else {
        throw fail("needs features: put Flatten or a global pooling before it")
      }
      guard (1...1 << 20).contains(layer.units) else { throw fail("units must be positive") }
      return .features(layer.units)
    }
  }
}

extension Layer {
  /// Names and shapes of this layer's parameters, kernel before bias.
  func parameters(input: Shape) -> [(name: String, shape: [Int], isTrainable: Bool)] {
    func weights(_ kernel: [Int], useBias: Bool) -> [(name: String, shape: [Int], isTrainable: Bool)] {
      [("kernel", kernel, true)] + (useBias ? [("bias", [kernel.last!], true)] : [])
    }
    switch self {
    case .convolution1D(let layer):
      return weights(
        [layer.kernelSize, input.channels / layer.groups, layer.filters], useBias: layer.useBias)
    case .dense(let layer): return weights([input.count, layer.units], useBias: layer.useBias)
    case .batchNormalization:
      return [
        ("gamma", [input.channels], true), ("beta", [input.channels], true),
        ("moving_mean", [input.channels], false), ("moving_variance", [input.channels], false),
      ]
    default: return []
    }
  }
}
