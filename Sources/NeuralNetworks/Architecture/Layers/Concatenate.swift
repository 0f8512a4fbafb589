/// Its inputs side by side: the channels of each position, (L, C₁), (L, C₂), … → (L, C₁ + C₂ + …), or features, in the
/// order in which the inputs are named.
public struct Concatenate: LayerDefinition {
  public init() {}

  public static let names = LayerNames(
    json: "concatenate", type: "Concatenate", keras: "concatenate", short: "Concat")
  public static let takesSeveralInputs = true
  public var kind: Layer.Kind { .concatenate }

  public func output(of inputs: [Shape]) throws -> Shape {
    let channels = inputs.reduce(0) { $0 + $1.channels }
    for other in inputs where other.length != inputs[0].length || other.isMap != inputs[0].isMap {
      throw LayerProblem("cannot put \(other) beside \(inputs[0]); the positions must be the same")
    }
    return inputs[0].isMap ? .map(length: inputs[0].length, channels: channels) : .features(channels)
  }

  public func facts(_ inputs: [Shape]) -> LayerFacts { LayerFacts(channels: .joined) }
}
