/// `valid`: only windows that lie inside; `same`: zeros around, so that a stride of one keeps the length
/// (left gets the smaller half, as in Keras).
public enum Padding: String, Codable, Sendable {
  case valid, same
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
public struct Convolution1D: Codable, Equatable, Sendable {
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
  public func margins(length: Int) -> (left: Int, right: Int) {
    guard padding == .same else { return (0, 0) }
    let outputs = (length + stride - 1) / stride
    let total = max(0, (outputs - 1) * stride + span - length)
    return (total / 2, total - total / 2)
  }
}
