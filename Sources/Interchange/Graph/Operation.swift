import NeuralNetworks

/// What becomes of tensors on the way through a network.
enum Operation: Hashable {
  /// Zeros at the ends of the positions.
  enum Margins: Hashable {
    case valid
    /// As many as keep the length at a stride of one, the smaller half on the left.
    case same
    case explicit(left: Int, right: Int)
    /// A number on the left, and as many on the right as the last window wants that begins before the end.
    case ceiling(padding: Int)
  }

  /// Element by element.
  enum Function: Hashable {
    case linear, relu, selu, sigmoid, tanh, softplus, softsign, exponential, silu
    case leakyRelu(slope: Double)
    case elu(alpha: Double)
    /// Exact, by the error function, or by its approximation with tanh.
    case gelu(isApproximate: Bool)
    /// min(1, max(0, slope · x + 0.5))
    case hardSigmoid(slope: Double)
    /// Zero up to the threshold, the value beyond.
    case threshold(Double)
    /// Leaky ReLU with a slope for each channel (He, Zhang, Ren & Sun 2015).
    case parametricRelu(slopes: [Float])
    /// min(most, max(least, x)); infinite where there is no bound.
    case clipped(Double, Double)
    /// x · tanh(softplus(x)), x · hardSigmoid(x), log σ(x), |x|.
    case mish, hardSilu, logSigmoid, absolute
    /// f(by · x) / by
    indirect case narrowed(Function, by: Double)
    /// The error function, of which exporters make GELU.
    case erf
  }

  enum Reduction: String { case maximum, average, sum }

  /// Kernel (size, channels / groups, filters), bias (filters).
  struct Convolution: Hashable {
    var kernel: Weights
    var bias: [Float]?
    var stride = 1
    var margins = Margins.valid
    var dilation = 1
    var groups = 1
    /// Each filter on both strands, and what becomes of the two scores; only in networks on their way to MotifKit.
    var strands: StrandMerge?
  }

  /// Kernel (size, filters, channels) as Keras lays it, bias (filters).
  struct TransposedConvolution: Hashable {
    var kernel: Weights
    var bias: [Float]?
    var stride = 1
    var margins = Margins.valid
  }

  /// Gates in Keras's order: i f c o of an LSTM, z r h of a GRU.
  struct Recurrent: Hashable {
    enum Cell: String { case lstm, gru }
    enum Direction { case forward, backward, both }

    /// Kernel (inputs, gates · units), recurrent kernel (units, gates · units), bias (gates · units); of a GRU that resets after
    /// the product (2, gates · units).
    struct Parameters: Hashable {
      var kernel: Weights
      var recurrent: Weights
      var bias: Weights?
    }

    var cell: Cell
    var units: Int
    var direction: Direction
    /// All positions, or the last one only.
    var returnsSequences: Bool
    var resetsAfter: Bool
    var activation: Function
    var recurrentActivation: Function
    var forward: Parameters?
    var backward: Parameters?
  }

  struct Normalization: Hashable {
    var gamma: [Float]?
    var beta: [Float]?
    var mean: [Float]
    var variance: [Float]
    var epsilon: Double
    var momentum: Double?
  }

  case convolution(Convolution)
  case transposedConvolution(TransposedConvolution)
  /// Kernel (inputs, units), bias (units); on a map, position by position.
  case dense(kernel: Weights, bias: [Float]?)
  /// Kernel (positions, units), bias (units): the positions of each channel as what a dense layer is given, and its units as
  /// the new ones (Tolstikhin and others 2021).
  case mixing(kernel: Weights, bias: [Float]?)
  case function(Function)
  /// Over the channels of each position, or over features.
  case softmax
  /// Its logarithm.
  case logSoftmax
  /// scale · x + shift: one number of each, or one for each channel.
  case affine(scale: [Float], shift: [Float])
  case normalization(Normalization)
  case layerNormalization(gamma: [Float]?, beta: [Float]?, epsilon: Double)
  /// x / √(mean of x² + ε) over the channels of each position, or over features (Zhang & Sennrich 2019).
  case rootMeanSquareNormalization(gamma: [Float]?, epsilon: Double)
  /// Over all positions of each of some groups of neighboring channels (Wu & He 2018); with a group a channel, instance
  /// normalization (Ulyanov, Vedaldi & Lempitsky 2016). Gamma and beta are those of channels.
  case groupNormalization(groups: Int, gamma: [Float]?, beta: [Float]?, epsilon: Double)
  /// The first half of the channels times the sigmoid of the second (Dauphin, Fan, Auli & Grangier 2017).
  case gate
  case recurrent(Recurrent)
  case pooling(Reduction, size: Int, stride: Int, margins: Margins)
  /// To a number of windows of the same size.
  case adaptivePooling(Reduction, count: Int)
  /// Over all positions.
  case globalPooling(Reduction)
  /// log Σ exp over all positions of each channel, or over features.
  case logSumExp
  /// Position by position, or channel by channel as PyTorch and ONNX lay features out.
  case flatten(channelsFirst: Bool)
  /// Features as the channels of a single position.
  case singlePosition
  /// Features as a number of positions, in the order of `flatten`.
  case separate(length: Int, channelsFirst: Bool)
  case dropout(Double)
  case cropping(left: Int, right: Int)
  case padding(left: Int, right: Int, value: Float)
  /// Each position a number of times.
  case upsampling(Int)
  /// All channels a number of times, one copy after the other.
  case tiling(Int)
  /// The positions back to front, and with them the channels, which makes of bases those of the other strand.
  case reversal(channels: Bool)
  case addition
  case product
  /// The larger one, element by element.
  case maximum
  /// Of channels or features.
  case concatenation
  /// The positions of one tensor after those of another.
  case succession
}

extension Operation {
  /// More positions at the ends, or fewer where a number is below zero.
  static func padded(left: Int, right: Int, value: Float) -> [Operation] {
    var operations: [Operation] = []
    if left < 0 || right < 0 { operations.append(.cropping(left: max(0, -left), right: max(0, -right))) }
    if left > 0 || right > 0 {
      operations.append(.padding(left: max(0, left), right: max(0, right), value: value))
    }
    return operations
  }
}
