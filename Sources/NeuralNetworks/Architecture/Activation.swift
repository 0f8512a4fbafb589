import Foundation

/// Element-wise functions that a layer may apply to its output.
public enum Activation: String, Codable, CaseIterable, Sendable {
  case linear, relu, leakyRelu, elu, gelu, exponential, softplus, sigmoid, tanh, silu
}

extension Activation {
  /// f(x), with the constants Keras has: leaky ReLU slope 0.2, ELU α = 1, GELU exact (erf); SiLU is x · σ(x).
  public func value(_ x: Double) -> Double {
    switch self {
    case .linear: x
    case .relu: max(0, x)
    case .leakyRelu: x > 0 ? x : 0.2 * x
    case .elu: x > 0 ? x : expm1(x)
    case .gelu: x * normal(x)
    case .exponential: exp(x)
    case .softplus: max(x, 0) + log1p(exp(-abs(x)))
    case .sigmoid: 1 / (1 + exp(-x))
    case .tanh: Foundation.tanh(x)
    case .silu: x * Activation.sigmoid.value(x)
    }
  }

  /// f′(x); 0 at the kink of ReLU.
  public func derivative(_ x: Double) -> Double {
    switch self {
    case .linear: 1
    case .relu: x > 0 ? 1 : 0
    case .leakyRelu: x > 0 ? 1 : 0.2
    case .elu: x > 0 ? 1 : exp(x)
    case .gelu: normal(x) + x * exp(-x * x / 2) / (2 * Double.pi).squareRoot()
    case .exponential: exp(x)
    case .softplus: Activation.sigmoid.value(x)
    case .sigmoid: value(x) * (1 - value(x))
    case .tanh: 1 - value(x) * value(x)
    case .silu: Activation.sigmoid.value(x) * (1 + x * (1 - Activation.sigmoid.value(x)))
    }
  }

  /// The standard normal distribution function.
  private func normal(_ x: Double) -> Double { 0.5 * (1 + erf(x / 2.0.squareRoot())) }
}

extension Activation {
  /// As papers write it.
  var displayName: String {
    switch self {
    case .relu: "ReLU"
    case .leakyRelu: "leaky ReLU"
    case .elu: "ELU"
    case .gelu: "GELU"
    case .silu: "SiLU"
    case .linear, .exponential, .softplus, .sigmoid, .tanh: rawValue
    }
  }

  /// After a layer's other settings.
  var suffix: String { self == .linear ? "" : ", \(displayName)" }
}
