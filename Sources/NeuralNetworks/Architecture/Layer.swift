/// Element-wise functions that a layer may apply to its output.
public enum Activation: String, Codable, CaseIterable, Sendable {
  case linear, relu, leakyRelu, elu, gelu, exponential, softplus, sigmoid, tanh
}

/// `valid`: only windows that lie inside; `same`: zeros around, so that a stride of one keeps the length
/// (left gets the smaller half, as in Keras).
public enum Padding: String, Codable, Sendable {
  case valid, same
}

/// Cross-correlation along the sequence, `filters` kernels of `kernelSize` positions.
///
/// Input (L, C) → output (L', filters), kernel (kernelSize, C, filters).
public struct Convolution1D: Codable, Equatable, Sendable {
  public var filters: Int
  public var kernelSize: Int
  public var stride: Int
  public var padding: Padding
  public var dilation: Int
  public var useBias: Bool
  public var activation: Activation

  public init(
    filters: Int, kernelSize: Int, stride: Int = 1, padding: Padding = .valid, dilation: Int = 1,
    useBias: Bool = true, activation: Activation = .linear
  ) {
    self.filters = filters
    self.kernelSize = kernelSize
    self.stride = stride
    self.padding = padding
    self.dilation = dilation
    self.useBias = useBias
    self.activation = activation
  }

  /// Positions from the first tap to the last.
  public var span: Int { (kernelSize - 1) * dilation + 1 }

  /// Zeros on the left and on the right of `length` inputs.
  public func margins(length: Int) -> (left: Int, right: Int) {
    guard padding == .same else { return (0, 0) }
    let outputs = (length + stride - 1) / stride
    let total = max(0, (outputs - 1) * stride + span - length)
    return (total / 2, total - total / 2)
  }
}

/// Maximum over windows of `size` positions, `stride` apart; a last window that is not full is dropped.
public struct MaxPooling1D: Codable, Equatable, Sendable {
  public var size: Int
  public var stride: Int

  public init(_ size: Int = 2, stride: Int? = nil) {
    self.size = size
    self.stride = stride ?? size
  }
}

/// Mean over windows of `size` positions, `stride` apart; a last window that is not full is dropped.
public struct AveragePooling1D: Codable, Equatable, Sendable {
  public var size: Int
  public var stride: Int

  public init(_ size: Int = 2, stride: Int? = nil) {
    self.size = size
    self.stride = stride ?? size
  }
}

/// Maximum over all positions of each channel.
public struct GlobalMaxPooling1D: Codable, Equatable, Sendable {
  public init() {}
}

/// Mean over all positions of each channel.
public struct GlobalAveragePooling1D: Codable, Equatable, Sendable {
  public init() {}
}

/// Zeroes each value with probability `rate` in training and scales the others by 1 / (1 − rate).
public struct Dropout: Codable, Equatable, Sendable {
  public var rate: Double

  public init(_ rate: Double) { self.rate = rate }
}

/// (L, C) → L·C features, position by position.
public struct Flatten: Codable, Equatable, Sendable {
  public init() {}
}

/// Every output from every input feature: kernel (inputs, units).
public struct Dense: Codable, Equatable, Sendable {
  public var units: Int
  public var useBias: Bool
  public var activation: Activation

  public init(_ units: Int, useBias: Bool = true, activation: Activation = .linear) {
    self.units = units
    self.useBias = useBias
    self.activation = activation
  }
}

/// An activation as a layer of its own.
public struct ActivationLayer: Codable, Equatable, Sendable {
  public var function: Activation

  public init(_ function: Activation) { self.function = function }
}

/// One layer of a network.
public enum Layer: Equatable, Sendable {
  case convolution1D(Convolution1D)
  case maxPooling1D(MaxPooling1D)
  case averagePooling1D(AveragePooling1D)
  case globalMaxPooling1D
  case globalAveragePooling1D
  case dropout(Dropout)
  case flatten
  case dense(Dense)
  case activation(ActivationLayer)

  /// The name Keras gives a layer of this kind.
  public var kind: String {
    switch self {
    case .convolution1D: "conv1d"
    case .maxPooling1D: "max_pooling1d"
    case .averagePooling1D: "average_pooling1d"
    case .globalMaxPooling1D: "global_max_pooling1d"
    case .globalAveragePooling1D: "global_average_pooling1d"
    case .dropout: "dropout"
    case .flatten: "flatten"
    case .dense: "dense"
    case .activation: "activation"
    }
  }
}
