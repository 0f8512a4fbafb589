/// Mean over windows of `size` positions, `stride` apart. `valid` drops a last window that is not full; with `same` padding
/// there are ⌈L / stride⌉ windows, and those at the ends take the positions that exist, as Keras has it.
public struct AveragePooling1D: LayerDefinition {
  public var size: Int
  public var stride: Int
  public var padding: Padding

  public init(_ size: Int = 2, stride: Int? = nil, padding: Padding = .valid) {
    self.size = size
    self.stride = stride ?? size
    self.padding = padding
  }

  /// Places beyond the ends of `length` inputs that windows reach into.
  func margins(length: Int) -> (left: Int, right: Int) {
    padding.margins(span: size, stride: stride, length: length)
  }

  public static let names = LayerNames(
    json: "averagePooling1D", type: "AveragePooling1D", keras: "average_pooling1d", short: "AvgPool")
  public static var keys: [String] { CodingKeys.allCases.map(\.rawValue) }
  public var kind: Layer.Kind { .averagePooling1D(self) }

  public func output(of inputs: [Shape]) throws -> Shape {
    let (length, channels) = try inputs[0].map()
    guard padding != .full else { throw LayerProblem("only convolutions have full padding") }
    guard padding == .valid || (1...1 << 20).contains(stride) else {
      throw LayerProblem("window and stride must be positive and not absurdly large")
    }
    let (left, right) = margins(length: length)
    return .map(
      length: try Shape.windows(size: size, stride: stride, over: left + length + right), channels: channels)
  }

  public func facts(_ inputs: [Shape]) -> LayerFacts {
    LayerFacts(
      family: .pooling, detail: "\(size)",
      window: .sliding(span: size, stride: stride, left: margins(length: inputs[0].length).left),
      response: .linear)
  }

  enum CodingKeys: String, CodingKey, CaseIterable { case size, stride, padding }

  public init(from decoder: any Decoder) throws {
    let c = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      try c.decode(Int.self, forKey: .size), stride: try c.decodeIfPresent(Int.self, forKey: .stride),
      padding: try c.decodeIfPresent(Padding.self, forKey: .padding) ?? .valid)
  }

  /// Without the padding that older files know nothing of.
  public func encode(to encoder: any Encoder) throws {
    var c = encoder.container(keyedBy: CodingKeys.self)
    try c.encode(size, forKey: .size)
    try c.encode(stride, forKey: .stride)
    if padding != .valid { try c.encode(padding, forKey: .padding) }
  }
}
