/// The sum of its inputs, whose shapes must be the same: of those it names, or of the layer before it and the input of
/// the `layers` layers before it (He et al. 2016).
public struct Addition: LayerDefinition {
  /// How many layers the skip connection passes; `nil` where the inputs have names.
  public var layers: Int?

  public init(layers: Int? = nil) { self.layers = layers }

  public static let names = LayerNames(json: "addition", type: "Add", keras: "add")
  public static var keys: [String] { CodingKeys.allCases.map(\.rawValue) }
  public static var takesSeveralInputs: Bool { true }
  public var kind: Layer.Kind { .addition(self) }

  enum CodingKeys: String, CodingKey, CaseIterable { case layers }

  public func output(of inputs: [Shape]) throws -> Shape {
    for other in inputs.dropFirst() where other != inputs[0] {
      throw LayerProblem("adds \(other) to \(inputs[0]); the shapes must be the same")
    }
    return inputs[0]
  }

  public func facts(_ inputs: [Shape]) -> LayerFacts {
    LayerFacts(channels: .matched)
  }
}

/// A residual block (He et al. 2016): input + layers(input).
///
/// It stands for its layers and an `Addition` after them.
public struct Residual {
  let layers: [Layer]

  public init(@NetworkBuilder layers: () -> [Layer]) {
    let layers = layers()
    self.layers = layers + [.addition(Addition(layers: layers.count))]
  }
}
