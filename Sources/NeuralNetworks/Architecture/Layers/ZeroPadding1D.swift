/// Puts zeros on both ends: (L, C) → (left + L + right, C).
public struct ZeroPadding1D: LayerDefinition {
  public var left: Int
  public var right: Int

  public init(left: Int, right: Int) { (self.left, self.right) = (left, right) }

  /// The same on both sides.
  public init(_ each: Int) { self.init(left: each, right: each) }

  public static let names = LayerNames(
    json: "zeroPadding1D", type: "ZeroPadding1D", keras: "zero_padding1d", short: "Pad")
  public static var keys: [String] { CodingKeys.allCases.map(\.rawValue) }
  public var kind: Layer.Kind { .zeroPadding1D(self) }

  enum CodingKeys: String, CodingKey, CaseIterable { case left, right }

  public func output(of inputs: [Shape]) throws -> Shape {
    let (length, channels) = try inputs[0].map()
    guard (0...1 << 20).contains(left), (0...1 << 20).contains(right) else {
      throw LayerProblem("zeros on a side must be from 0 to 1048576")
    }
    return .map(length: left + length + right, channels: channels)
  }

  public func facts(_ inputs: [Shape]) -> LayerFacts {
    LayerFacts(detail: "\(left) + \(right)", window: .sliding(span: 1, stride: 1, left: left))
  }
}
