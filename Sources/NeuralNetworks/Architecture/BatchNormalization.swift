/// Each channel with mean 0 and variance 1 over the minibatch and all positions, then scaled and shifted (Ioffe & Szegedy 2015).
///
/// y = γ · (x − mean) / √(variance + ε) + β. Training takes mean and variance (divided by n) of the minibatch and moves
/// the running ones towards them; otherwise the running ones are taken. Parameters of C channels: gamma and beta, which
/// are trained; moving_mean and moving_variance, which are not.
public struct BatchNormalization: Codable, Equatable, Sendable {
  /// What `momentum` means and which variance is kept.
  public enum Convention: String, Codable, CaseIterable, Sendable {
    /// running = momentum · running + (1 − momentum) · batch, variance divided by n. Momentum 0.99, ε 0.001.
    case keras
    /// running = (1 − momentum) · running + momentum · batch, running variance divided by n − 1. Momentum 0.1, ε 1e-5.
    case pytorch
  }

  public var convention: Convention
  public var momentum: Double
  public var epsilon: Double

  /// Momentum and epsilon are those of the convention unless given.
  public init(_ convention: Convention = .keras, momentum: Double? = nil, epsilon: Double? = nil) {
    self.convention = convention
    self.momentum = momentum ?? (convention == .keras ? 0.99 : 0.1)
    self.epsilon = epsilon ?? (convention == .keras ? 1e-3 : 1e-5)
  }

  /// What remains of a running value in each minibatch.
  var retained: Double { convention == .keras ? momentum : 1 - momentum }

  /// What a minibatch variance (divided by n) of `count` values is multiplied with before it is kept.
  func runningVarianceScale(count: Int) -> Double {
    convention == .keras || count < 2 ? 1 : Double(count) / Double(count - 1)
  }
}
