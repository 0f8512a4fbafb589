/// Each channel with mean 0 and variance 1 over the minibatch and all positions, then scaled and shifted (Ioffe & Szegedy 2015).
///
/// y = γ · (x − mean) / √(variance + ε) + β. Training takes mean and variance (divided by n) of the minibatch and moves
/// the running ones towards them; otherwise the running ones are taken. Parameters of C channels: gamma and beta, which
/// are trained; moving_mean and moving_variance, which are not.
public struct BatchNormalization: LayerDefinition {
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

extension BatchNormalization {
  public static let names = LayerNames(
    json: "batchNormalization", type: "BatchNormalization", keras: "batch_normalization")
  public static var keys: [String] { CodingKeys.allCases.map(\.rawValue) }
  public var kind: Layer.Kind { .batchNormalization(self) }

  public func output(of inputs: [Shape]) throws -> Shape {
    guard epsilon > 0, (0...1).contains(momentum) else {
      throw LayerProblem("epsilon must be positive and momentum from 0 to 1")
    }
    return inputs[0]
  }

  public func facts(_ inputs: [Shape]) -> LayerFacts {
    let shape = [inputs[0].channels]
    return LayerFacts(
      tensors: [
        LayerFacts.Tensor(part: "gamma", role: .scale, shape: shape),
        LayerFacts.Tensor(part: "beta", role: .shift, shape: shape),
        LayerFacts.Tensor(part: "moving_mean", role: .mean, shape: shape),
        LayerFacts.Tensor(part: "moving_variance", role: .variance, shape: shape),
      ])
  }

  enum CodingKeys: String, CodingKey, CaseIterable { case convention, momentum, epsilon }

  public init(from decoder: any Decoder) throws {
    let c = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      try c.decodeIfPresent(Convention.self, forKey: .convention) ?? .keras,
      momentum: try c.decodeIfPresent(Double.self, forKey: .momentum),
      epsilon: try c.decodeIfPresent(Double.self, forKey: .epsilon))
  }
}
