/// Element-wise functions that a layer may apply to its output.
public enum Activation: String, Codable, CaseIterable, Sendable {
  case linear, relu, leakyRelu, elu, gelu, exponential, softplus, sigmoid, tanh
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

/// exp(x) over the channels of each position, divided by their sum.
public struct Softmax: Codable, Equatable, Sendable {
  public init() {}
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
  case softmax
  case batchNormalization(BatchNormalization)
  case addition(Addition)

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
    case .softmax: "softmax"
    case .batchNormalization: "batch_normalization"
    case .addition: "add"
    }
  }
}
