/// The transpose of a convolution: every input adds its channels, times the kernel, to `kernelSize` outputs.
///
/// Input (L, C) → output (L′, filters), kernel (kernelSize, C, filters): z[p, f] = b[f] + Σ x[i, c] · w[k, c, f] over all i, k, c
/// with i · stride + k = p + cropped. `valid` keeps all (L − 1) · stride + kernelSize positions, and with longer strides than
/// kernels L · stride; `same` keeps L · stride of them, the smaller half of what is too much cropped on the left, as Keras does
/// (whose kernels are (kernelSize, filters, C)).
public struct TransposedConvolution1D: WeightedLayer {
  public var filters: Int
  public var kernelSize: Int
  public var stride: Int
  public var padding: Padding
  public var useBias: Bool
  public var activation: Activation

  public init(
    filters: Int, kernelSize: Int, stride: Int = 1, padding: Padding = .valid, useBias: Bool = true,
    activation: Activation = .linear
  ) {
    self.filters = filters
    self.kernelSize = kernelSize
    self.stride = stride
    self.padding = padding
    self.useBias = useBias
    self.activation = activation
  }

  public static let names = LayerNames(
    json: "transposedConvolution1D", type: "Conv1DTranspose", keras: "conv1d_transpose", short: "ConvTransp")
  public static var keys: [String] { CodingKeys.allCases.map(\.rawValue) }
  public var kind: Layer.Kind { .transposedConvolution1D(self) }

  /// Positions taken off on the left.
  package var cropped: Int { padding == .same ? max(0, kernelSize - stride) / 2 : 0 }

  func outputLength(_ length: Int) -> Int {
    length * stride + (padding == .same ? 0 : max(0, kernelSize - stride))
  }

  public func output(of inputs: [Shape]) throws -> Shape {
    let (length, _) = try inputs[0].map()
    guard padding != .full else { throw LayerProblem("only convolutions have full padding") }
    guard (1...1 << 20).contains(filters), (1...1 << 16).contains(kernelSize), (1...1 << 16).contains(stride)
    else { throw LayerProblem("filters, kernelSize and stride must be positive and not absurdly large") }
    return .map(length: outputLength(length), channels: filters)
  }

  public func resized(units: Int, groups: Int) -> Self {
    var copy = self
    copy.filters = units
    return copy
  }

  public func facts(_ inputs: [Shape]) -> LayerFacts {
    LayerFacts(
      family: .convolution, detail: "\(filters) × \(kernelSize)" + activation.suffix,
      window: stride == 1 ? .sliding(span: kernelSize, stride: 1, left: kernelSize - 1 - cropped) : .spread,
      channels: .weighted,
      tensors: LayerFacts.weights([kernelSize, inputs[0].channels, filters], useBias: useBias),
      operations: 2 * inputs[0].count * kernelSize * filters)
  }

  enum CodingKeys: String, CodingKey, CaseIterable {
    case filters, kernelSize, stride, padding, useBias, activation
  }

  public init(from decoder: any Decoder) throws {
    let c = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      filters: try c.decode(Int.self, forKey: .filters),
      kernelSize: try c.decode(Int.self, forKey: .kernelSize),
      stride: try c.decodeIfPresent(Int.self, forKey: .stride) ?? 1,
      padding: try c.decodeIfPresent(Padding.self, forKey: .padding) ?? .valid,
      useBias: try c.decodeIfPresent(Bool.self, forKey: .useBias) ?? true,
      activation: try c.decodeIfPresent(Activation.self, forKey: .activation) ?? .linear)
  }
}
