/// (L, C) → L·C features, position by position.
public struct Flatten: LayerDefinition {
  public init() {}

  public static let names = LayerNames(json: "flatten", type: "Flatten", keras: "flatten")
  public var kind: Layer.Kind { .flatten }

  public func output(of inputs: [Shape]) throws -> Shape { .features(inputs[0].count) }

  public func facts(_ inputs: [Shape]) -> LayerFacts { LayerFacts(window: .all, channels: .flattened) }
}
