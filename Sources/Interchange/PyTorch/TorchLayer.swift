import Runtime

/// A layer of `torch.nn`.
struct TorchLayer {
  let module: TorchModule
  /// Of what it is given, and then of what it makes.
  var layout: TorchLayout

  struct Missing: Error { var what: String }

  /// What it does; `nil` for a layer that is not known.
  mutating func operations() -> Result<[Operation], Missing>? {
    do {
      guard let operations = try known() else { return nil }
      if !operations.isEmpty { layout.isInput = false }
      return .success(operations)
    } catch let missing as Missing { return .failure(missing) } catch { return nil }
  }

  /// Classes that people write themselves and that cannot mean anything else. GELU can: some take x · σ(1.702 x).
  private static let plain: Set<String> = ["Flatten", "Identity", "Exp", "SiLU", "Mish"]

  private mutating func known() throws -> [Operation]? {
    guard module.isOfTorch || Self.plain.contains(module.className) else { return nil }
    switch module.className {
    case "Conv1d", "Conv2d": return try convolution()
    case "ConvTranspose1d":
      try requireMap()
      return [try transposed()]
    case "Linear":
      guard let weight = module.tensors["weight"], weight.shape.count == 2 else {
        throw Missing(what: "no weights")
      }
      let (kernel, bias) = (weight.transposed([1, 0]), module.tensors["bias"]?.values)
      switch layout.axes.last {
      case .channels: return [.dense(kernel: kernel, bias: bias)]
      case .positions: return [.mixing(kernel: kernel, bias: bias)]
      default: throw Missing(what: "its axis")
      }
    case "BatchNorm1d", "BatchNorm2d":
      try requireChannelsFirst()
      guard let mean = module.tensors["running_mean"], let variance = module.tensors["running_var"] else {
        throw Missing(what: "no running statistics")
      }
      return [
        .normalization(
          .init(
            gamma: module.tensors["weight"]?.values, beta: module.tensors["bias"]?.values, mean: mean.values,
            variance: variance.values, epsilon: module.number("eps") ?? 1e-5,
            momentum: module.number("momentum") ?? 0.1))
      ]
    case "MaxPool1d", "MaxPool2d": return [try pooling(.maximum)]
    case "AvgPool1d", "AvgPool2d":
      let pooling = try pooling(.average)
      guard case .pooling(_, let size, let stride, let margins) = pooling else { return [pooling] }
      let divisor = module.integer("divisor_override")
      var operations = [pooling]
      // Zeros beyond the ends count, unless they are not to.
      if case .explicit(let left, let right) = margins,
        divisor != nil || module.bool("count_include_pad") ?? true
      {
        operations = [
          .padding(left: left, right: right, value: 0),
          .pooling(.average, size: size, stride: stride, margins: .valid),
        ]
      }
      if let divisor {
        guard divisor != 0 else { throw Missing(what: "its divisor") }
        operations.append(.affine(scale: [Float(size) / Float(divisor)], shift: [0]))
      }
      return operations
    case "AdaptiveMaxPool1d", "AdaptiveMaxPool2d", "AdaptiveAvgPool1d", "AdaptiveAvgPool2d":
      return try adaptivePooling(module.className.contains("Max") ? .maximum : .average)
    case "Flatten": return try flatten()
    case "LayerNorm": return try layerNormalization()
    case "RMSNorm":
      guard layout.axes.last == .channels, module.integers("normalized_shape")?.count == 1 else {
        throw Missing(what: "its axes")
      }
      return [
        .rootMeanSquareNormalization(
          gamma: module.tensors["weight"]?.values, epsilon: module.number("eps") ?? Double(Float.ulpOfOne))
      ]
    case "GroupNorm", "InstanceNorm1d", "InstanceNorm2d":
      try requireChannelsFirst()
      return try groupNormalization()
    case "Dropout", "Dropout1d", "Dropout2d": return [.dropout(module.number("p") ?? 0.5)]
    // The latter do something in training only.
    case "Identity", "AlphaDropout", "FeatureAlphaDropout": return []
    case "ConstantPad1d", "ZeroPad1d":
      guard layout.axes.last == .positions else { throw Missing(what: "its axis") }
      guard let sizes = module.integers("padding"), let left = sizes.first, let right = sizes.last,
        sizes.count <= 2, (-1 << 20...1 << 20).contains(left), (-1 << 20...1 << 20).contains(right)
      else { throw Missing(what: "its sizes") }
      return Operation.padded(left: left, right: right, value: Float(module.number("value") ?? 0))
    case "Upsample", "UpsamplingNearest1d":
      try requireMap()
      let scales = module.doubles("scale_factor") ?? []
      guard module.text("mode") ?? "nearest" == "nearest", scales.count == 1, scales[0] >= 1,
        scales[0] <= 4096,
        scales[0] == scales[0].rounded()
      else { throw Missing(what: "other than whole copies of positions") }
      return [.upsampling(Int(scales[0]))]
    case "Unflatten":
      guard let sizes = module.integers("unflattened_size"),
        [1, -layout.axes.count].contains(module.integer("dim"))
      else { throw Missing(what: "its axes") }
      // A picture of one channel, whose rows are the bases.
      if layout.isInput, sizes == [1, 4] { return [] }
      guard layout.axes == [.channels], sizes.count == 2, sizes.allSatisfy({ $0 > 0 }) else {
        throw Missing(what: "its axes")
      }
      layout = .map
      return [.separate(length: sizes[1], channelsFirst: true)]
    case "GLU":
      try requireChannels(module.integer("dim") ?? -1)
      return [.gate]
    case "Softmax", "LogSoftmax":
      try requireChannels(softmaxAxis)
      return [module.className == "Softmax" ? .softmax : .logSoftmax]
    case "Softmin":
      try requireChannels(softmaxAxis)
      return [.affine(scale: [-1], shift: [0]), .softmax]
    case "PReLU":
      guard let slopes = module.tensors["weight"]?.values, let first = slopes.first else {
        throw Missing(what: "no weights")
      }
      if slopes.count > 1 { try requireChannelsFirst() }
      return [
        .function(slopes.count == 1 ? .leakyRelu(slope: Double(first)) : .parametricRelu(slopes: slopes))
      ]
    default: return function.map { [.function($0)] }
    }
  }

  /// PyTorch takes the batch for a tensor of three axes where none is given.
  private var softmaxAxis: Int { module.integer("dim") ?? (layout.axes.count == 2 ? 0 : 1) }

  /// Whether an axis is that of the channels, or of features.
  private func requireChannels(_ dim: Int) throws {
    switch layout.axis(dim) {
    case .channels: break
    case .positions: throw Missing(what: "over positions")
    default: throw Missing(what: "its axis")
    }
  }

  private func requireChannelsFirst() throws {
    guard layout.axes.first == .channels else { throw Missing(what: "positions as channels") }
  }

  /// Channels, then positions, and nothing else.
  private mutating func requireMap() throws {
    if layout.isInput { layout = .map }
    guard layout.axes == TorchLayout.map.axes else { throw Missing(what: "its axes") }
  }

  /// Several axes as one; those of a single place come and go.
  private mutating func flatten() throws -> [Operation] {
    func place(_ name: String, _ usual: Int) -> Int {
      let dim = module.integer(name) ?? usual
      return dim < 0 ? dim + layout.axes.count : dim - 1
    }
    // The input may have one axis more than it seems to.
    if layout.isInput, module.integer("start_dim") ?? 1 == 1, [2, 3].contains(module.integer("end_dim") ?? 3)
    {
      defer { layout = .features }
      return [.flatten(channelsFirst: layout.axes.first == .channels)]
    }
    let (first, last) = (place("start_dim", 1), place("end_dim", -1))
    guard first >= 0, first <= last, last < layout.axes.count else { throw Missing(what: "its axes") }
    let merged = layout.axes[first...last].filter { $0 != .idle }
    layout.axes.replaceSubrange(first...last, with: [merged.first ?? .idle])
    guard merged.count > 1 else { return [] }
    layout.axes = layout.axes.map { $0 == .positions ? .channels : $0 }
    return [.flatten(channelsFirst: merged[0] == .channels)]
  }

  private var function: Operation.Function? {
    switch module.className {
    case "ReLU": .relu
    case "LeakyReLU": .leakyRelu(slope: module.number("negative_slope") ?? 0.01)
    case "ELU": .elu(alpha: module.number("alpha") ?? 1)
    case "SELU": .selu
    case "GELU": .gelu(isApproximate: module.text("approximate") == "tanh")
    case "SiLU": .silu
    case "Sigmoid": .sigmoid
    case "Tanh": .tanh
    // Beyond the threshold it is x, which is the same in single precision from 17 on.
    case "Softplus" where (module.number("threshold") ?? 20) < 15: nil
    case "Softplus":
      if let beta = module.number("beta"), beta != 1 { .narrowed(.softplus, by: beta) } else { .softplus }
    case "ReLU6": .clipped(0, 6)
    case "Hardtanh": .clipped(module.number("min_val") ?? -1, module.number("max_val") ?? 1)
    case "CELU":
      // α · ELU(x / α), where ELU has an α of 1
      .narrowed(.elu(alpha: 1), by: 1 / (module.number("alpha") ?? 1))
    case "RReLU":
      // Outside training the mean of its slopes.
      .leakyRelu(slope: ((module.number("lower") ?? 1.0 / 8) + (module.number("upper") ?? 1.0 / 3)) / 2)
    case "Mish": .mish
    case "Hardswish": .hardSilu
    case "LogSigmoid": .logSigmoid
    case "Softsign": .softsign
    case "Hardsigmoid": .hardSigmoid(slope: 1.0 / 6)
    // Replaces what is not above the threshold; the values used are 0 or next to it.
    case "Threshold" where (module.number("threshold") ?? 0) == 0 && abs(module.number("value") ?? 0) <= 1e-6:
      .relu
    // A class that users write themselves, without a parameter.
    case "Exp" where module.tensors.isEmpty: .exponential
    default: nil
    }
  }
}
