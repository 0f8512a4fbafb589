/// Mean over windows of `size` positions, `stride` apart; a last window that is not full is dropped.
public struct AveragePooling1D: LayerDefinition {
  public var size: Int
  public var stride: Int

  public init(_ size: Int = 2, stride: Int? = nil) {
    self.size = size
    self.stride = stride ?? size
  }

  public static let names = LayerNames(
    json: "averagePooling1D", type: "AveragePooling1D", keras: "average_pooling1d", short: "AvgPool")
  public static var keys: [String] { CodingKeys.allCases.map(\.rawValue) }
  public var kind: Layer.Kind { .averagePooling1D(self) }

  public func output(of inputs: [Shape]) throws -> Shape {
    let (length, channels) = try inputs[0].map()
    return .map(length: try Shape.windows(size: size, stride: stride, over: length), channels: channels)
  }

  public func facts(_ inputs: [Shape]) -> LayerFacts {
    LayerFacts(
      family: .pooling, detail: "\(size)", window: .sliding(span: size, stride: stride, left: 0),
      response: .linear)
  }

  enum CodingKeys: String, CodingKey, CaseIterable { case size, stride }

  public init(from decoder: any Decoder) throws {
    let c = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      try c.decode(Int.self, forKey: .size), stride: try c.decodeIfPresent(Int.self, forKey: .stride))
  }
}
