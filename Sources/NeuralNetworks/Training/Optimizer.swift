/// How gradients move parameters; formulae and defaults are Keras's.
public enum Optimizer: Codable, Equatable, Sendable {
  /// Adam (Kingma & Ba 2015): m += (1 − β₁)(g − m), v += (1 − β₂)(g² − v),
  /// w −= rate · √(1 − β₂ᵗ) / (1 − β₁ᵗ) · m / (√v + ε). PyTorch's ε is 1e-8. With `weightDecay` it is AdamW.
  case adam(beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-7)
  /// Gradient descent: m = momentum · m − rate · g, w += m; with `nesterov` w += momentum · m − rate · g.
  case sgd(momentum: Double = 0, nesterov: Bool = false)
  /// RMSprop (Tieleman & Hinton 2012): v += (1 − ρ)(g² − v), d = rate · g / √(v + ε); w −= d, or with momentum
  /// m = momentum · m + d, w −= m.
  case rmsprop(rho: Double = 0.9, momentum: Double = 0, epsilon: Double = 1e-7)

  /// The names of what it remembers of each parameter.
  var memories: [String] {
    switch self {
    case .adam: ["mean", "square"]
    case .sgd(let momentum, _): momentum == 0 ? [] : ["momentum"]
    case .rmsprop(_, let momentum, _): momentum == 0 ? ["square"] : ["square", "momentum"]
    }
  }

  /// What is wrong with its numbers, if something is.
  var problem: String? {
    func share(_ name: String, _ value: Double) -> String? {
      value >= 0 && value < 1 ? nil : "\(name) must be at least 0 and below 1, not \(value)"
    }
    func positive(_ name: String, _ value: Double) -> String? {
      value > 0 && value.isFinite ? nil : "\(name) must be above 0, not \(value)"
    }
    switch self {
    case .adam(let beta1, let beta2, let epsilon):
      return share("beta1", beta1) ?? share("beta2", beta2) ?? positive("epsilon", epsilon)
    case .sgd(let momentum, _): return share("momentum", momentum)
    case .rmsprop(let rho, let momentum, let epsilon):
      return share("rho", rho) ?? share("momentum", momentum) ?? positive("epsilon", epsilon)
    }
  }
}
