import Foundation

/// Element-wise functions that a layer may apply to its output.
public enum Activation: String, Codable, CaseIterable, Sendable {
  case linear, relu, leakyRelu, elu, gelu, exponential, softplus, sigmoid, tanh, silu
  /// Leaky ReLU with the slope of Keras's layer, 0.3, and of PyTorch's, 0.01.
  case leakyReluKeras, leakyReluTorch
  case selu, softsign
  /// GELU by its approximation with tanh.
  case geluTanh
  /// min(1, max(0, x / 6 + 1 / 2)) of Keras 3 and PyTorch, and min(1, max(0, x / 5 + 1 / 2)) of Keras 1 and 2.
  case hardSigmoid, hardSigmoidKeras2
}

extension Activation {
  /// f(x), with the constants Keras has: leaky ReLU slope 0.2, ELU α = 1, GELU exact (erf); SiLU is x · σ(x), softsign
  /// x / (1 + |x|); SELU as in Klambauer, Unterthiner, Mayr & Hochreiter 2017.
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
    case .leakyReluKeras: x > 0 ? x : 0.3 * x
    case .leakyReluTorch: x > 0 ? x : 0.01 * x
    case .selu: Self.seluScale * (x > 0 ? x : Self.seluAlpha * expm1(x))
    case .softsign: x / (1 + abs(x))
    case .geluTanh: x * Self.sigmoid.value(2 * bend(x))
    case .hardSigmoid: min(1, max(0, x / 6 + 0.5))
    case .hardSigmoidKeras2: min(1, max(0, 0.2 * x + 0.5))
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
    case .leakyReluKeras: x > 0 ? 1 : 0.3
    case .leakyReluTorch: x > 0 ? 1 : 0.01
    case .selu: Self.seluScale * (x > 0 ? 1 : Self.seluAlpha * exp(x))
    case .softsign: 1 / ((1 + abs(x)) * (1 + abs(x)))
    case .geluTanh:
      Self.sigmoid.value(2 * bend(x))
        + 2 * x * Self.sigmoid.derivative(2 * bend(x)) * (2 / Double.pi).squareRoot() * (1 + 0.134145 * x * x)
    case .hardSigmoid: abs(x) < 3 ? 1.0 / 6 : 0
    case .hardSigmoidKeras2: abs(x) < 2.5 ? 0.2 : 0
    }
  }

  private static let seluScale = 1.0507009873554804934193349852946
  private static let seluAlpha = 1.6732632423543772848170429916717

  /// √(2/π) · (x + 0.044715 x³): tanh of it stands for erf(x / √2) (Hendrycks & Gimpel 2016).
  private func bend(_ x: Double) -> Double { (2 / Double.pi).squareRoot() * (x + 0.044715 * x * x * x) }

  /// The standard normal distribution function.
  private func normal(_ x: Double) -> Double { 0.5 * (1 + erf(x / 2.0.squareRoot())) }
}

extension Activation {
  /// As papers write it.
  var displayName: String {
    switch self {
    case .relu: "ReLU"
    case .leakyRelu: "leaky ReLU"
    case .leakyReluKeras: "leaky ReLU 0.3"
    case .leakyReluTorch: "leaky ReLU 0.01"
    case .selu: "SELU"
    case .geluTanh: "GELU by tanh"
    case .hardSigmoid: "hard sigmoid"
    case .hardSigmoidKeras2: "hard sigmoid of Keras 2"
    case .elu: "ELU"
    case .gelu: "GELU"
    case .silu: "SiLU"
    case .linear, .exponential, .softplus, .softsign, .sigmoid, .tanh: rawValue
    }
  }

  /// After a layer's other settings.
  var suffix: String { self == .linear ? "" : ", \(displayName)" }
}
