import Runtime

extension KerasReader {
  /// Adds a layer of Keras to the graph; the tensor it makes, or `nil` with a note of what is missing.
  mutating func add(_ layer: Layer) throws -> String? {
    let config = layer.config
    guard hasNoMask(layer) else { return refuse(layer, "masked positions") }
    if config["dtype"]["class_name"].text == "QuantizedDTypePolicy" {
      return refuse(layer, "quantized weights")
    }
    if let turned = withPositionsFirst(layer) {
      guard let made = try add(turned) else { return nil }
      if isFeatures(made) { return made }
      permuted[made + ":turned"] = made
      return made + ":turned"
    }
    switch layer.className {
    case "Conv1D", "Convolution1D", "AtrousConvolution1D", "ConvDNA", "ConvSequence":
      return try convolution(layer)
    case "Conv2D", "Convolution2D": return try planarConvolution(layer)
    case "DepthwiseConv1D", "SeparableConv1D": return try separable(layer)
    case "Conv1DTranspose", "Convolution1DTranspose", "Conv2DTranspose": return try transposed(layer)
    case "Dense":
      guard let kernel = array(layer, 0, rank: 2) else { return nil }
      let bias = hasBias(layer) ? array(layer, 1, rank: 1)?.values : nil
      if let source = layer.inputs.first, let original = permuted[source] {
        // Channels before positions: of each channel its positions.
        var turned = layer
        turned.inputs = [original]
        guard let made = activated(turned, .mixing(kernel: kernel, bias: bias)) else { return nil }
        permuted[made + ":turned"] = made
        return made + ":turned"
      }
      return activated(layer, .dense(kernel: kernel, bias: bias))
    case "TimeDistributed", "TimeDistributedDense":
      let inner = layer.className == "TimeDistributed" ? config["layer"] : JSON(["class_name": "Dense"])
      // What does the same at every position is the same without it.
      let kinds = [
        "Dense", "Activation", "ReLU", "LeakyReLU", "ELU", "Softmax", "Dropout", "BatchNormalization",
        "LayerNormalization",
      ]
      guard let name = inner["class_name"].text, kinds.contains(name) else {
        return refuse(layer, "TimeDistributed of \(inner["class_name"].text ?? "?")")
      }
      var dense = layer
      dense.className = name
      if layer.className == "TimeDistributed" { dense.config = inner["config"] }
      return try add(dense)
    case "MaxPooling1D", "AveragePooling1D", "MaxPooling2D", "AveragePooling2D", "MaxPool1D", "AvgPool1D":
      return pooling(layer, layer.className.hasPrefix("Max") ? .maximum : .average)
    case "GlobalMaxPooling1D", "GlobalMaxPooling2D", "GlobalMaxPool1D":
      return globalPooling(layer, .maximum)
    case "GlobalAveragePooling1D", "GlobalAveragePooling2D", "GlobalAvgPool1D",
      "GlobalAveragePooling1D_Mask0":
      return globalPooling(layer, .average)
    case "Flatten": return flatten(layer)
    case "Activation":
      if let softmax = Self.softmax(config["activation"]) { return plain(layer, softmax) }
      return function(config["activation"], of: layer).flatMap { plain(layer, .function($0)) }
    case "ReLU":
      guard (config["threshold"].number ?? 0) == 0 else { return refuse(layer, "threshold of ReLU") }
      let slope = config["negative_slope"].number ?? 0
      guard let most = config["max_value"].number else {
        return plain(layer, .function(slope == 0 ? .relu : .leakyRelu(slope: slope)))
      }
      guard slope != 0 else { return plain(layer, .function(.clipped(0, most))) }
      return chain(layer, [.function(.leakyRelu(slope: slope)), .function(.clipped(-.infinity, most))])
    case "PReLU":
      guard let slopes = layer.arrays.first else {
        return refuse(layer, "its weights are missing or of another shape")
      }
      if slopes.values.count == 1 {
        return plain(layer, .function(.leakyRelu(slope: Double(slopes.values[0]))))
      }
      let isByPosition = slopes.shape.count == 2 && slopes.shape[0] > 1
      guard isByPosition || slopes.shape.dropLast().allSatisfy({ $0 == 1 }) else {
        return refuse(layer, "slopes for some of the channels")
      }
      guard isByPosition else { return plain(layer, .function(.parametricRelu(slopes: slopes.values))) }
      guard !layer.inputs.isEmpty else { return nil }
      // Slopes of features, which are those of the positions one after the other.
      let channels = slopes.shape[1] == 1 ? layer.inputs.first.flatMap { shape($0)?.channels } ?? 1 : 1
      let all = slopes.values.flatMap { [Float](repeating: $0, count: channels) }
      let (features, sloped) = (layer.output + ":features", layer.output + ":sloped")
      graph.add(features, .flatten(channelsFirst: false), layer.inputs)
      graph.add(sloped, .function(.parametricRelu(slopes: all)), [features])
      graph.add(layer.output, .separate(length: slopes.shape[0], channelsFirst: false), [sloped])
      return layer.output
    case "LeakyReLU":
      let slope = config["negative_slope"].number ?? config["alpha"].number ?? 0.3
      return plain(layer, .function(.leakyRelu(slope: slope)))
    case "ELU": return plain(layer, .function(.elu(alpha: config["alpha"].number ?? 1)))
    case "ThresholdedReLU": return plain(layer, .function(.threshold(config["theta"].number ?? 1)))
    case "Softmax", "LogSoftmax":
      if isLastAxis(layer) { return plain(layer, layer.className == "Softmax" ? .softmax : .logSoftmax) }
      guard layer.className == "Softmax", let input = layer.inputs.first, hasPositionsFirst(layer),
        [1, -2].contains(layer.config["axis"].integer), let shape = shape(input), shape.isMap
      else { return refuse(layer, "its axis") }
      graph.addSoftmaxOverPositions(
        layer.output, of: input, length: shape.length, channels: shape.channels)
      return layer.output
    case "Rescaling":
      guard let scale = config["scale"].number, config["offset"].number != nil || !config["offset"].exists
      else {
        return refuse(layer, "a scale or offset for each channel")
      }
      return plain(layer, .affine(scale: [Float(scale)], shift: [Float(config["offset"].number ?? 0)]))
    case "UpSampling1D":
      guard let size = config["size"].integers?.first ?? config["length"].integer,
        (1...1 << 12).contains(size)
      else {
        return refuse(layer, "its size")
      }
      return plain(layer, .upsampling(size))
    case "RepeatVector":
      guard let count = config["n"].integer, (1...1 << 12).contains(count), !layer.inputs.isEmpty else {
        return refuse(layer, "its size")
      }
      graph.add(layer.output + ":position", .separate(length: 1, channelsFirst: false), layer.inputs)
      graph.add(layer.output, .upsampling(count), [layer.output + ":position"])
      return layer.output
    case "BatchNormalization": return normalization(layer)
    case "LayerNormalization": return layerNormalization(layer)
    case "RMSNormalization":
      guard isLastAxis(layer) else { return refuse(layer, "its axes") }
      return plain(
        layer,
        .rootMeanSquareNormalization(
          gamma: layer.arrays.first?.values, epsilon: config["epsilon"].number ?? 1e-6))
    case "EinsumDense": return einsum(layer)
    case "GroupNormalization": return groupNormalization(layer)
    case "Dropout", "SpatialDropout1D", "SpatialDropout2D":
      return plain(layer, .dropout(config["rate"].number ?? config["p"].number ?? 0))
    // They do something in training only, or nothing.
    case "Identity", "GaussianNoise", "GaussianDropout", "AlphaDropout", "ActivityRegularization":
      return layer.inputs.first
    case "Cropping1D", "ZeroPadding1D":
      let sizes = (config["cropping"].exists ? config["cropping"] : config["padding"]).integers ?? [1]
      guard let left = sizes.first, let right = sizes.last, left >= 0, right >= 0 else {
        return refuse(layer, "its sizes")
      }
      return plain(
        layer,
        layer.className == "Cropping1D"
          ? .cropping(left: left, right: right) : .padding(left: left, right: right, value: 0))
    case "Add", "Merge", "Concatenate", "Multiply", "Maximum", "Average", "Subtract", "Minimum", "TrueDivide",
      "Divide":
      return merge(layer)
    case "Flip": return turn(layer)
    case "GetItem", "SlicingOpLambda": return slice(layer)
    case "TFOpLambda": return try tensorFlow(layer)
    case "LSTM", "GRU", "SimpleRNN", "Bidirectional": return recurrent(layer)
    case "Reshape", "Permute": return reshape(layer)
    case "Embedding": return embedding(layer)
    case "Masking": return masking(layer)
    case "Lambda": return lambda(layer)
    default: return operation(layer)
    }
  }

  /// Notes that a layer, or something about it, cannot be represented.
  mutating func refuse(_ layer: Layer, _ what: String?) -> String? {
    graph.refuse("layer \(layer.name) (\(layer.className))" + (what.map { ": \($0)" } ?? ""))
    return nil
  }

  mutating func plain(_ layer: Layer, _ operation: Operation) -> String? {
    guard !layer.inputs.isEmpty, hasPositionsFirst(layer) else { return nil }
    graph.add(layer.output, operation, layer.inputs)
    return layer.output
  }

  /// Adds several operations, one after the other.
  mutating func chain(_ layer: Layer, _ operations: [Operation]) -> String? {
    guard !layer.inputs.isEmpty, hasPositionsFirst(layer) else { return nil }
    var inputs = layer.inputs
    for (index, operation) in operations.enumerated() {
      let name = index == operations.count - 1 ? layer.output : "\(layer.output):step\(index + 1)"
      graph.add(name, operation, inputs)
      inputs = [name]
    }
    return inputs.first
  }

  /// Notes a layer that is given positions and channels the other way round.
  private mutating func hasPositionsFirst(_ layer: Layer) -> Bool {
    guard layer.inputs.contains(where: { permuted[$0] != nil }) else { return true }
    _ = refuse(layer, "positions as channels")
    return false
  }

  /// An operation and the layer's activation after it.
  mutating func activated(_ layer: Layer, _ operation: Operation) -> String? {
    let activation = layer.config["activation"]
    guard !layer.inputs.isEmpty, hasPositionsFirst(layer) else {
      _ = Self.softmax(activation) != nil ? nil : function(activation, of: layer)
      return nil
    }
    if let softmax = Self.softmax(activation) {
      graph.add(layer.output + ":linear", operation, layer.inputs)
      graph.add(layer.output, softmax, [layer.output + ":linear"])
      return layer.output
    }
    guard let function = function(activation, of: layer) else { return nil }
    guard function != .linear else { return plain(layer, operation) }
    graph.add(layer.output + ":linear", operation, layer.inputs)
    graph.add(layer.output, .function(function), [layer.output + ":linear"])
    return layer.output
  }

  private static func softmax(_ json: JSON) -> Operation? {
    switch json.text ?? json["class_name"].text {
    case "softmax": .softmax
    case "Softmax" where json["config"]["axis"].integer ?? -1 == -1: .softmax
    case "log_softmax": .logSoftmax
    default: nil
    }
  }

  /// A layer's array of the given number of dimensions; `nil` with a note if it is not there.
  mutating func array(_ layer: Layer, _ index: Int, rank: Int) -> Weights? {
    guard layer.arrays.indices.contains(index), layer.arrays[index].shape.count == rank else {
      _ = refuse(layer, "its weights are missing or of another shape")
      return nil
    }
    return layer.arrays[index]
  }

  func hasBias(_ layer: Layer) -> Bool {
    layer.config["use_bias"].bool ?? layer.config["bias"].bool ?? true
  }

  /// An activation by name, or as Keras 3 writes its layers; nothing is linear.
  mutating func function(_ json: JSON, of layer: Layer) -> Operation.Function? {
    let name = json.text ?? json["class_name"].text ?? json["config"].text
    switch name {
    case nil where !json.exists, "linear": return .linear
    case "relu": return .relu
    case "ReLU":
      let own = json["config"]
      let slope = own["negative_slope"].number ?? 0
      let most = own["max_value"].number
      guard own["threshold"].number ?? 0 == 0, most == nil || slope == 0 else {
        _ = refuse(layer, "activation ReLU with its options")
        return nil
      }
      return most.map { .clipped(0, $0) } ?? (slope == 0 ? .relu : .leakyRelu(slope: slope))
    case "selu": return .selu
    case "elu", "celu": return .elu(alpha: 1)
    case "sigmoid": return .sigmoid
    case "tanh": return .tanh
    case "softplus": return .softplus
    case "softsign": return .softsign
    case "exponential", "exp": return .exponential
    case "swish", "silu": return .silu
    case "gelu": return .gelu(isApproximate: false)
    case "relu6": return .clipped(0, 6)
    case "mish": return .mish
    case "hard_silu", "hard_swish": return .hardSilu
    case "hard_tanh": return .clipped(-1, 1)
    case "log_sigmoid": return .logSigmoid
    // Keras 3 made it relu6(x + 3) / 6, as PyTorch has it.
    case "hard_sigmoid": return .hardSigmoid(slope: file.version >= 3 ? 1.0 / 6 : 0.2)
    case "leaky_relu": return .leakyRelu(slope: 0.2)
    case "ELU": return .elu(alpha: json["config"]["alpha"].number ?? 1)
    case "LeakyReLU":
      return .leakyRelu(
        slope: json["config"]["negative_slope"].number ?? json["config"]["alpha"].number ?? 0.3)
    default:
      _ = refuse(layer, "activation \(name ?? "?")")
      return nil
    }
  }

  private mutating func globalPooling(_ layer: Layer, _ reduction: Operation.Reduction) -> String? {
    guard isChannelsLast(layer) else { return nil }
    guard layer.config["keepdims"].bool == true, !layer.inputs.isEmpty else {
      return plain(layer, .globalPooling(reduction))
    }
    graph.add(layer.output + ":features", .globalPooling(reduction), layer.inputs)
    graph.add(layer.output, .singlePosition, [layer.output + ":features"])
    return layer.output
  }

  /// Whether a tensor has no positions any more.
  func isFeatures(_ tensor: String?) -> Bool {
    var name = tensor
    while let node = graph.nodes.last(where: { $0.name == name }) {
      switch node.operation {
      case .flatten, .globalPooling, .logSumExp: return true
      case .recurrent(let layer): return !layer.returnsSequences
      case .dense, .function, .dropout, .normalization, .layerNormalization, .addition, .concatenation,
        .softmax, .logSoftmax, .affine, .product, .maximum:
        name = node.inputs.first
      default: return false
      }
    }
    return false
  }

  /// Recognized by its name alone, for its body is Python's byte code, which nobody runs or reads here.
  private mutating func lambda(_ layer: Layer) -> String? {
    let name = layer.name.split(separator: "/").last.map(String.init) ?? layer.name
    if ["logcount_predictions", "logsumexp"].contains(where: { name == $0 || name.hasSuffix("_" + $0) }) {
      return plain(layer, .logSumExp)
    }
    return refuse(layer, "a Python function")
  }
}
