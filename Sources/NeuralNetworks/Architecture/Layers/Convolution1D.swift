/// `valid`: only windows that lie inside; `same`: zeros around, so that a stride of one keeps the length
/// (left gets the smaller half, as in Keras); `full`, of convolutions: every window that touches the input.
public enum Padding: String, Codable, Sendable {
  case valid, same, full

  /// Places on the left and on the right of `length` inputs.
  func margins(span: Int, stride: Int, length: Int) -> (left: Int, right: Int) {
    switch self {
    case .valid: return (0, 0)
    case .full: return (span - 1, span - 1)
    case .same:
      let outputs = (length + stride - 1) / stride
      let total = max(0, (outputs - 1) * stride + span - length)
      return (total / 2, total - total / 2)
    }
  }
}

/// What becomes of a filter's two scores, of the sequence and of its reverse complement.
public enum StrandMerge: String, Codable, CaseIterable, Sendable {
  /// The larger one, position by position: `filters` channels, the same for both strands.
  case maximum
  /// Both: `filters` channels of the sequence, then `filters` of its reverse complement (Shrikumar, Greenside & Kundaje
  /// 2017), each at the position where its window begins on the given strand.
  case concatenation
}

/// Cross-correlation along the sequence, `filters` kernels of `kernelSize` positions.
///
/// Input (L, C) → output (L', filters), kernel (kernelSize, C / groups, filters). With `groups` > 1 the channels fall into
/// as many equal parts, and each part of the filters sees its part of the channels only; `groups` = C is a depthwise
/// convolution.
public struct Convolution1D: WeightedLayer {
  public var filters: Int
  public var kernelSize: Int
  public var stride: Int
  public var padding: Padding
  public var dilation: Int
  public var groups: Int
  /// For the first layer: each filter scores both strands.
  public var reverseComplement: StrandMerge?
  public var useBias: Bool
  public var activation: Activation

  public init(
    filters: Int, kernelSize: Int, stride: Int = 1, padding: Padding = .valid, dilation: Int = 1,
    groups: Int = 1, reverseComplement: StrandMerge? = nil, useBias: Bool = true,
    activation: Activation = .linear
  ) {
    self.filters = filters
    self.kernelSize = kernelSize
    self.stride = stride
    self.padding = padding
    self.dilation = dilation
    self.groups = groups
    self.reverseComplement = reverseComplement
    self.useBias = useBias
    self.activation = activation
  }

  /// Channels that come out.
  public var outputChannels: Int { reverseComplement == .concatenation ? 2 * filters : filters }

  /// Positions from the first tap to the last.
  public var span: Int { (kernelSize - 1) * dilation + 1 }

  /// Zeros on the left and on the right of `length` inputs.
  package func margins(length: Int) -> (left: Int, right: Int) {
    padding.margins(span: span, stride: stride, length: length)
  }
}

extension Convolution1D {
  public static let names = LayerNames(json: "convolution1D", type: "Conv1D", keras: "conv1d")
  public static var keys: [String] { CodingKeys.allCases.map(\.rawValue) }
  public var kind: Layer.Kind { .convolution1D(self) }

  public func output(of inputs: [Shape]) throws -> Shape {
    let (length, channels) = try inputs[0].map()
    guard (1...1 << 20).contains(filters), (1...1 << 16).contains(kernelSize),
      (1...1 << 16).contains(dilation), (1...1 << 20).contains(stride)
    else {
      throw LayerProblem("filters, kernelSize, stride and dilation must be positive and not absurdly large")
    }
    guard groups > 0, channels % groups == 0, filters % groups == 0 else {
      throw LayerProblem("\(groups) groups do not divide \(channels) channels and \(filters) filters")
    }
    guard groups == 1 || reverseComplement == nil else {
      throw LayerProblem("a convolution that scores both strands cannot have groups")
    }
    let (left, right) = margins(length: length)
    return .map(
      length: try Shape.windows(size: span, stride: stride, over: length + left + right),
      channels: outputChannels)
  }

  public func resized(units: Int, groups: Int) -> Self {
    var copy = self
    (copy.filters, copy.groups) = (units, groups)
    return copy
  }

  public func facts(_ inputs: [Shape]) -> LayerFacts {
    let width = inputs[0].channels / groups
    let length = inputs[0].length
    let (left, right) = margins(length: length)
    let positions = (length + left + right - span) / stride + 1
    return LayerFacts(
      family: .convolution,
      detail: "\(filters) × \(kernelSize)" + (dilation > 1 ? ", dilation \(dilation)" : "")
        + activation.suffix,
      window: .sliding(span: span, stride: stride, left: left),
      channels: groups > 1 ? .grouped(groups) : .weighted,
      response: reverseComplement == .maximum ? .other("the maximum over strands") : .linear,
      tensors: LayerFacts.weights([kernelSize, width, filters], useBias: useBias),
      operations: 2 * positions * outputChannels * kernelSize * width)
  }
}

// Parameters that a file leaves out have the values that the initializer gives them.
extension Convolution1D {
  enum CodingKeys: String, CodingKey, CaseIterable {
    case filters, kernelSize, stride, padding, dilation, groups, reverseComplement, useBias, activation
  }

  public init(from decoder: any Decoder) throws {
    let c = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      filters: try c.decode(Int.self, forKey: .filters),
      kernelSize: try c.decode(Int.self, forKey: .kernelSize),
      stride: try c.decodeIfPresent(Int.self, forKey: .stride) ?? 1,
      padding: try c.decodeIfPresent(Padding.self, forKey: .padding) ?? .valid,
      dilation: try c.decodeIfPresent(Int.self, forKey: .dilation) ?? 1,
      groups: try c.decodeIfPresent(Int.self, forKey: .groups) ?? 1,
      reverseComplement: try c.decodeIfPresent(StrandMerge.self, forKey: .reverseComplement),
      useBias: try c.decodeIfPresent(Bool.self, forKey: .useBias) ?? true,
      activation: try c.decodeIfPresent(Activation.self, forKey: .activation) ?? .linear)
  }
}
