/// Every output from every input feature: kernel (inputs, units).
public struct Dense: WeightedLayer {
  public var units: Int
  public var useBias: Bool
  public var activation: Activation

  public init(_ units: Int, useBias: Bool = true, activation: Activation = .linear) {
    self.units = units
    self.useBias = useBias
    self.activation = activation
  }

  public static let names = LayerNames(json: "dense", type: "Dense", keras: "dense")
  public static var keys: [String] { CodingKeys.allCases.map(\.rawValue) }
  public var kind: Layer.Kind { .dense(self) }

  public func output(of inputs: [Shape]) throws -> Shape {
    guard case .features = inputs[0] else {
      throw LayerProblem("needs features: put Flatten or a global pooling before it")
    }
    guard (1...1 << 20).contains(units) else { throw LayerProblem("units must be from 1 to 1048576") }
    return .features(units)
  }

  public func resized(units: Int, groups: Int) -> Self {
    var copy = self
    copy.units = units
    return copy
  }

  public func facts(_ inputs: [Shape]) -> LayerFacts {
    LayerFacts(
      family: .dense, detail: activation == .linear ? "" : activation.displayName, window: .all,
      channels: .weighted, tensors: LayerFacts.weights([inputs[0].count, units], useBias: useBias),
      operations: 2 * units * inputs[0].count)
  }

  enum CodingKeys: String, CodingKey, CaseIterable { case units, useBias, activation }

  public init(from decoder: any Decoder) throws {
    let c = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      try c.decode(Int.self, forKey: .units),
      useBias: try c.decodeIfPresent(Bool.self, forKey: .useBias) ?? true,
      activation: try c.decodeIfPresent(Activation.self, forKey: .activation) ?? .linear)
  }
}
