/// An activation as a layer of its own.
public struct ActivationLayer: LayerDefinition {
  public var function: Activation

  public init(_ function: Activation) { self.function = function }

  public static let names = LayerNames(json: "activation", type: "Activation", keras: "activation")
  public static var keys: [String] { CodingKeys.allCases.map(\.rawValue) }
  public var kind: Layer.Kind { .activation(self) }

  enum CodingKeys: String, CodingKey, CaseIterable { case function }

  public func facts(_ inputs: [Shape]) -> LayerFacts {
    LayerFacts(detail: function.displayName, response: .elementwise(function))
  }
}
