/// Zeroes each value with probability `rate` in training and scales the others by 1 / (1 − rate).
public struct Dropout: LayerDefinition {
  public var rate: Double

  public init(_ rate: Double) { self.rate = rate }

  public static let names = LayerNames(json: "dropout", type: "Dropout", keras: "dropout")
  public static var keys: [String] { CodingKeys.allCases.map(\.rawValue) }
  public var kind: Layer.Kind { .dropout(self) }

  enum CodingKeys: String, CodingKey, CaseIterable { case rate }

  public func output(of inputs: [Shape]) throws -> Shape {
    guard rate >= 0, rate < 1 else { throw LayerProblem("a rate must be at least 0 and below 1") }
    return inputs[0]
  }

  public func facts(_ inputs: [Shape]) -> LayerFacts {
    LayerFacts(family: .regularization, detail: "\(rate)")
  }
}
