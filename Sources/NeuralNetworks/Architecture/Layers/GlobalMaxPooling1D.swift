/// Maximum over all positions of each channel.
public struct GlobalMaxPooling1D: LayerDefinition {
  public init() {}

  public static let names = LayerNames(
    json: "globalMaxPooling1D", type: "GlobalMaxPooling1D", keras: "global_max_pooling1d", short: "GlobalMax")
  public var kind: Layer.Kind { .globalMaxPooling1D }

  public func output(of inputs: [Shape]) throws -> Shape { .features(try inputs[0].map().channels) }

  public func facts(_ inputs: [Shape]) -> LayerFacts {
    LayerFacts(family: .pooling, window: .all, response: .maximum)
  }
}
