/// The channels of each position with mean 0 and variance 1, then scaled and shifted (Ba, Kiros & Hinton 2016,
/// arXiv:1607.06450): y = γ · (x − mean) / √(variance + ε) + β, mean and variance (divided by C) over the channels.
public struct LayerNormalization: LayerDefinition {
  public var epsilon: Double

  /// ε is 0.001 as in Keras; PyTorch has 0.00001.
  public init(epsilon: Double = 1e-3) { self.epsilon = epsilon }

  public static let names = LayerNames(
    json: "layerNormalization", type: "LayerNormalization", keras: "layer_normalization", short: "LayerNorm")
  public static var keys: [String] { CodingKeys.allCases.map(\.rawValue) }
  public var kind: Layer.Kind { .layerNormalization(self) }

  public func output(of inputs: [Shape]) throws -> Shape {
    guard epsilon > 0 else { throw LayerProblem("epsilon must be positive") }
    return inputs[0]
  }

  public func facts(_ inputs: [Shape]) -> LayerFacts {
    let shape = [inputs[0].channels]
    return LayerFacts(
      channels: .normalized, response: .other("a layer normalization"),
      tensors: [
        LayerFacts.Tensor(part: "gamma", role: .scale, shape: shape),
        LayerFacts.Tensor(part: "beta", role: .shift, shape: shape),
      ])
  }

  enum CodingKeys: String, CodingKey, CaseIterable { case epsilon }

  public init(from decoder: any Decoder) throws {
    let c = try decoder.container(keyedBy: CodingKeys.self)
    self.init(epsilon: try c.decodeIfPresent(Double.self, forKey: .epsilon) ?? 1e-3)
  }
}
