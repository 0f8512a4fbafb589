/// What a layer does to inputs of certain shapes. Receptive fields, folding, removal, DeepLIFT's rules, first values,
/// operation counts and diagrams are derived from this.
public struct LayerFacts: Equatable, Sendable {
  /// The color of its block in a diagram.
  public enum Family: Equatable, Sendable { case convolution, pooling, regularization, dense, other }

  /// Which positions of its input one position of its output sees.
  public enum Window: Equatable, Sendable {
    /// Its own.
    case pointwise
    /// `span` of them, `stride` further on for each output, the first one `left` before the input's first.
    case sliding(span: Int, stride: Int, left: Int)
    /// All.
    case all
    /// Different ones from output to output: a transposed convolution whose stride is not 1.
    case spread
  }

  /// What becomes of its input's channels.
  public enum Channels: Equatable, Sendable {
    /// Each stays what it is.
    case kept
    /// Each stays what it is, but its numbers depend on all the others.
    case normalized
    /// Channel c of every input goes into channel c.
    case matched
    /// Every output is a sum over them, with the kernel's weights.
    case weighted
    /// Equal parts of the outputs are such sums over equal parts of the inputs.
    case grouped(Int)
    /// As `weighted`, and over the outputs of the position before.
    case recurrent
    /// Channel c of position p becomes feature p · C + c.
    case flattened
    /// Feature p · C + c becomes channel c of position p.
    case separated
    /// Those of all inputs, one input after the other.
    case joined
    /// None can be taken away: why, after "filters cannot be removed: ".
    case tied(String)
  }

  /// How its output, before an activation of its own, answers to its input.
  public enum Response: Equatable, Sendable {
    /// Differences of the output are the gradient times those of the input.
    case linear
    /// A function of each element.
    case elementwise(Activation)
    /// The largest value of each window.
    case maximum
    /// In another way, for which `deepshap` has no rule: what that is.
    case other(String)
  }

  public struct Tensor: Equatable, Sendable {
    /// Its name after the layer's, such as `kernel`.
    public var part: String
    public var role: TensorRole
    public var shape: [Int]
  }

  public var family: Family
  /// Its settings in a few words, for diagrams; may be empty.
  public var detail: String
  public var window: Window
  public var channels: Channels
  public var response: Response
  /// Its parameters, kernel before bias.
  public var tensors: [Tensor]
  /// Multiplications and additions with its kernel for one sequence.
  public var operations: Int

  init(
    family: Family = .other, detail: String = "", window: Window = .pointwise, channels: Channels = .kept,
    response: Response = .linear, tensors: [Tensor] = [], operations: Int = 0
  ) {
    self.family = family
    self.detail = detail
    self.window = window
    self.channels = channels
    self.response = response
    self.tensors = tensors
    self.operations = operations
  }

  /// Kernel and bias of a weighted layer.
  static func weights(_ kernel: [Int], useBias: Bool) -> [Tensor] {
    [Tensor(part: "kernel", role: .kernel, shape: kernel)]
      + (useBias ? [Tensor(part: "bias", role: .bias, shape: [kernel.last!])] : [])
  }
}

/// What the numbers of a tensor are for.
public enum TensorRole: Equatable, Sendable {
  /// Multiplied with the input and summed; outputs along the last axis.
  case kernel
  /// Added to each output of a kernel.
  case bias
  /// Multiplied with the state of the position before.
  case recurrent
  /// Added to the gates of an LSTM: input, forget, candidate, output.
  case gateBias
  /// γ and β of a normalization.
  case scale, shift
  /// Running statistics of a normalization.
  case mean, variance

  /// Whether an optimizer moves it; running means and variances move by themselves.
  public var isTrainable: Bool {
    switch self {
    case .kernel, .bias, .recurrent, .gateBias, .scale, .shift: true
    case .mean, .variance: false
    }
  }

  /// What a number of `count` is before training, where it is not random. An LSTM begins by forgetting little (Jozefowicz,
  /// Zaremba & Sutskever 2015).
  func firstValue(_ index: Int, of count: Int) -> Float {
    switch self {
    case .scale, .variance: 1
    case .gateBias: (count / 4..<count / 2).contains(index) ? 1 : 0
    case .kernel, .recurrent, .bias, .shift, .mean: 0
    }
  }
}
