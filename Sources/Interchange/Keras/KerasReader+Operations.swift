/// Operations on tensors that stand between layers: Keras 3 keeps each as a layer of its own (keras/src/ops), Keras 2 as a call of
/// TensorFlow's function by name.
extension KerasReader {
  /// An operation by its class in Keras 3.
  mutating func operation(_ layer: Layer) -> String? {
    let config = layer.config
    if let function = Self.function(layer.className, config) { return plain(layer, .function(function)) }
    switch layer.className {
    case "Negative": return plain(layer, .affine(scale: [-1], shift: [0]))
    case "Square": return power(layer, 2)
    case "Expm1": return chain(layer, [.function(.exponential), .affine(scale: [1], shift: [-1])])
    case "Power" where layer.constant?.isFirst == false: return power(layer, layer.constant?.value)
    case "Celu":
      // α · ELU(x / α), where ELU has an α of 1
      return plain(layer, .function(.narrowed(.elu(alpha: 1), by: 1 / (config["alpha"].number ?? 1))))
    case "Glu":
      guard isLastAxis(layer) else { return refuse(layer, "its axis") }
      return plain(layer, .gate)
    case "Mean", "Max", "Sum", "Amax", "Logsumexp", "Min", "Amin": return reduction(layer)
    case "Transpose", "Swapaxes": return transposition(layer)
    case "ExpandDims": return expansion(layer)
    case "Squeeze": return squeezing(layer)
    case "Pad": return padding(layer)
    case "Repeat":
      guard config["axis"].integer == 1, let count = config["repeats"].integer, (1...1 << 12).contains(count),
        !isFeatures(layer.inputs.first)
      else { return refuse(layer, "its axis") }
      return plain(layer, .upsampling(count))
    default: return refuse(layer, nil)
    }
  }

  private static func function(_ className: String, _ config: JSON) -> Operation.Function? {
    switch className {
    case "Relu": .relu
    case "Relu6": .clipped(0, 6)
    case "Selu": .selu
    case "Elu": .elu(alpha: config["alpha"].number ?? 1)
    case "LeakyRelu": .leakyRelu(slope: config["negative_slope"].number ?? 0.2)
    case "Sigmoid": .sigmoid
    case "LogSigmoid": .logSigmoid
    case "HardSigmoid": .hardSigmoid(slope: 1.0 / 6)
    case "HardSilu": .hardSilu
    case "Mish": .mish
    case "Silu": .silu
    case "Gelu": .gelu(isApproximate: config["approximate"].bool ?? true)
    case "Tanh": .tanh
    case "Softplus": .softplus
    case "Softsign": .softsign
    case "Exp": .exponential
    case "Erf": .erf
    case "Absolute", "Abs": .absolute
    case "Clip":
      if let least = config["x_min"].number, let most = config["x_max"].number {
        .clipped(least, most)
      } else {
        nil
      }
    default: nil
    }
  }

  /// The shape of a tensor for one sequence; `nil` where the input's length is open, or something before it could not be read.
  func shape(_ tensor: String) -> GraphShape? {
    graph.inputs.first?.length.flatMap { try? graph.shapes(length: $0)[tensor] }
  }

  private mutating func power(_ layer: Layer, _ exponent: Double?) -> String? {
    guard let input = layer.inputs.first, layer.inputs.count == 1, permuted[input] == nil,
      let count = exponent.flatMap({ Int(exactly: $0) }), graph.addPower(layer.output, of: input, count)
    else { return refuse(layer, "its exponent") }
    return layer.output
  }

  /// The mean, maximum, minimum, sum or logsumexp over positions, or over features; mean and sum over channels too.
  private mutating func reduction(_ layer: Layer) -> String? {
    let keeps = layer.config["keepdims"].bool == true
    guard let input = layer.inputs.first, let axes = layer.config["axis"].integers, axes.count == 1 else {
      return refuse(layer, "its axes")
    }
    let isFeatures = isFeatures(input)
    let axis = axes[0] < 0 ? axes[0] + (isFeatures ? 2 : 3) : axes[0]
    if axis == 2, keeps, let channels = shape(input)?.channels, ["Mean", "Sum"].contains(layer.className) {
      let weight = layer.className == "Sum" ? 1 : 1 / Float(channels)
      let kernel = Weights(shape: [channels, 1], values: .init(repeating: weight, count: channels))
      return plain(layer, .dense(kernel: kernel, bias: nil))
    }
    guard axis == 1 else { return refuse(layer, "over channels") }
    if ["Min", "Amin"].contains(layer.className) {
      // min x = −max −x
      let negative = Operation.affine(scale: [-1], shift: [0])
      guard !isFeatures else { return refuse(layer, "of features") }
      return chain(
        layer, [negative, .globalPooling(.maximum), negative] + (keeps ? [.singlePosition] : []))
    }
    let reductions: [String: Operation.Reduction] = [
      "Mean": .average, "Max": .maximum, "Amax": .maximum, "Sum": .sum,
    ]
    let operation = reductions[layer.className].map { Operation.globalPooling($0) } ?? .logSumExp
    guard isFeatures else {
      return keeps ? chain(layer, [operation, .singlePosition]) : plain(layer, operation)
    }
    if case .logSumExp = operation { return plain(layer, operation) }
    guard let count = shape(input)?.count else { return refuse(layer, "over features of an open number") }
    return chain(layer, [.separate(length: count, channelsFirst: false), operation])
  }

  private mutating func transposition(_ layer: Layer) -> String? {
    let axes = layer.config["axes"].integers
    let pair = [layer.config["axis1"].integer, layer.config["axis2"].integer].compactMap {
      $0.map { $0 < 0 ? $0 + 3 : $0 }
    }
    guard axes == [0, 2, 1] || Set(pair) == [1, 2], !isFeatures(layer.inputs.first) else {
      return refuse(layer, "its order of axes")
    }
    return reshape(layer.as("Permute", ["dims": [2, 1]]))
  }

  /// An axis of one more: features with a position, positions as a picture one column wide, or the input as a picture.
  mutating func expansion(_ layer: Layer) -> String? {
    guard let input = layer.inputs.first, let axis = layer.config["axis"].integers?.first,
      layer.config["axis"].integers?.count == 1
    else { return refuse(layer, "its axes") }
    let isFeatures = isFeatures(input)
    guard let shape = shape(input) else { return refuse(layer, "of a sequence of any length") }
    var sizes = isFeatures ? [shape.count] : [shape.length, shape.channels]
    if permuted[input] != nil { sizes.reverse() }
    let place = axis < 0 ? axis + sizes.count + 2 : axis
    guard (1...sizes.count + 1).contains(place) else { return refuse(layer, "its axes") }
    sizes.insert(1, at: place - 1)
    return reshape(layer.as("Reshape", ["target_shape": sizes]))
  }

  /// The axis across the positions of a picture goes.
  private mutating func squeezing(_ layer: Layer) -> String? {
    guard let input = layer.inputs.first else { return nil }
    let idle = plane.map { ($0.positions == 0 ? 2 : 1) + ($0.isChannelsFirst ? 1 : 0) }
    let axes = layer.config["axis"].integers.map { $0.map { $0 < 0 ? $0 + 4 : $0 } }
    if let axes, plane != nil || columns.contains(input), axes == [idle ?? 2] {
      return plain(layer, .function(.linear))
    }
    if let shape = shape(input), shape.isMap, shape.length == 1, layer.config["axis"].integers == [1] {
      return plain(layer, .flatten(channelsFirst: false))
    }
    return refuse(layer, "its axes")
  }

  private mutating func padding(_ layer: Layer) -> String? {
    let widths = layer.config["pad_width"].array?.compactMap(\.integers) ?? []
    let value =
      layer.arguments["kwargs"]["constant_values"].number ?? layer.config["constant_values"].number ?? 0
    guard widths.count == 3, widths[0] == [0, 0], widths[2] == [0, 0], widths[1].count == 2,
      widths[1].allSatisfy({ (0...1 << 20).contains($0) }), !isFeatures(layer.inputs.first),
      layer.config["mode"].text?.lowercased() ?? "constant" == "constant"
    else { return refuse(layer, "of more than the ends of the positions") }
    return plain(layer, .padding(left: widths[1][0], right: widths[1][1], value: Float(value)))
  }

  /// Left out where nothing after it looks at the mask: rows of zeros stay rows of zeros.
  mutating func masking(_ layer: Layer) -> String? {
    guard layer.config["mask_value"].number ?? 0 == 0 else { return refuse(layer, "another value than 0") }
    masked.insert(layer.output)
    return plain(layer, .function(.linear))
  }

  /// Convolutions drop the mask; what else takes masked positions may compute without them.
  func hasNoMask(_ layer: Layer) -> Bool {
    masked.isDisjoint(with: layer.inputs)
      || ["Conv1D", "Convolution1D", "SeparableConv1D", "DepthwiseConv1D"].contains(layer.className)
  }
}

extension KerasReader.Layer {
  /// The same under another class with other options.
  func `as`(_ className: String, _ config: [String: Any]) -> Self {
    var result = self
    (result.className, result.config) = (className, JSON(config))
    return result
  }
}
