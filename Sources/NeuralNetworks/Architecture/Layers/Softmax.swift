import Foundation

/// exp(x) over the channels of each position, divided by their sum.
public struct Softmax: LayerDefinition {
  public init() {}

  public static let names = LayerNames(json: "softmax", type: "Softmax", keras: "softmax")
  public var kind: Layer.Kind { .softmax }

  public func facts(_ inputs: [Shape]) -> LayerFacts {
    LayerFacts(channels: .tied("a softmax over all of them follows"), response: .other("softmax"))
  }

  /// exp(x) / Σ exp(x), safe against overflow.
  public static func shares(_ x: [Double]) -> [Double] {
    let largest = x.max() ?? 0
    let powers = x.map { exp($0 - largest) }
    let sum = powers.reduce(0, +)
    return powers.map { $0 / sum }
  }
}
