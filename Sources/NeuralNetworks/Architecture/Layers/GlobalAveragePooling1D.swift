/// Mean over all positions of each channel.
public struct GlobalAveragePooling1D: LayerDefinition {
  public init() {}

  public static let names = LayerNames(
    json: "globalAveragePooling1D", type: "GlobalAveragePooling1D", keras: "global_average_pooling1d",
    short: "GlobalAvg")
  public var kind: Layer.Kind { .globalAveragePooling1D }

  public func output(of inputs: [Shape]) throws -> Shape { .features(try inputs[0].map().channels) }

  public func facts(_ inputs: [Shape]) -> LayerFacts {
    LayerFacts(family: .pooling, window: .all, response: .linear)
  }
}
