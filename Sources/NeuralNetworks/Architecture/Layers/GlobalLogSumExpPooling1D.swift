/// log Σ exp x over all positions of each channel: a maximum to which every position adds.
public struct GlobalLogSumExpPooling1D: LayerDefinition {
  public init() {}

  public static let names = LayerNames(
    json: "globalLogSumExpPooling1D", type: "GlobalLogSumExpPooling1D", keras: "global_log_sum_exp_pooling1d",
    short: "GlobalLSE")
  public var kind: Layer.Kind { .globalLogSumExpPooling1D }

  public func output(of inputs: [Shape]) throws -> Shape { .features(try inputs[0].map().channels) }

  public func facts(_ inputs: [Shape]) -> LayerFacts {
    LayerFacts(family: .pooling, window: .all, response: .other("logsumexp"))
  }
}
