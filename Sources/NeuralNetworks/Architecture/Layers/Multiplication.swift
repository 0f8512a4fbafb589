/// The product of its inputs, element by element. The shapes must be the same, but for features (C) beside positions of C
/// channels: these gate the channels of every position, as squeeze-and-excitation does (Hu, Shen & Sun 2018).
public struct Multiplication: LayerDefinition {
  public init() {}

  public static let names = LayerNames(json: "multiplication", type: "Multiply", keras: "multiply")
  public static let takesSeveralInputs = true
  public var kind: Layer.Kind { .multiplication }

  public func output(of inputs: [Shape]) throws -> Shape {
    let whole = inputs.first(where: \.isMap) ?? inputs[0]
    for other in inputs where other != whole && other != .features(whole.channels) {
      throw LayerProblem("multiplies \(whole) with \(other); the shapes, or the channels, must be the same")
    }
    return whole
  }

  public func facts(_ inputs: [Shape]) -> LayerFacts {
    LayerFacts(channels: .matched, response: .other("a product of activations"))
  }
}
