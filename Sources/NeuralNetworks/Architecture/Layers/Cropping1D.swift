/// Takes positions off both ends: (L, C) → (L − left − right, C). BPNet's skip connections need it, since valid
/// convolutions shorten what they are added to.
public struct Cropping1D: LayerDefinition {
  public var left: Int
  public var right: Int

  public init(left: Int, right: Int) { (self.left, self.right) = (left, right) }

  /// The same on both sides.
  public init(_ each: Int) { self.init(left: each, right: each) }

  public static let names = LayerNames(
    json: "cropping1D", type: "Cropping1D", keras: "cropping1d", short: "Crop")
  public static var keys: [String] { CodingKeys.allCases.map(\.rawValue) }
  public var kind: Layer.Kind { .cropping1D(self) }

  enum CodingKeys: String, CodingKey, CaseIterable { case left, right }

  public func output(of inputs: [Shape]) throws -> Shape {
    let (length, channels) = try inputs[0].map()
    guard left >= 0, right >= 0, left <= length, right < length - left else {
      throw LayerProblem("takes \(left) and \(right) positions off \(length), which leaves none")
    }
    return .map(length: length - left - right, channels: channels)
  }

  public func facts(_ inputs: [Shape]) -> LayerFacts {
    LayerFacts(detail: "\(left) + \(right)", window: .sliding(span: 1, stride: 1, left: -left))
  }
}
