import Runtime

/// A layer of `torch.nn`.
struct TorchLayer {
  let module: TorchModule
  let isFirst: Bool
  let isFlat: Bool
  let isChannelsFirst: Bool

  struct Missing: Error { var what: String }

  /// What it does; `nil` for a layer that is not known.
  var operations: Result<[Operation], Missing>? {
    do {
      guard let operations = try known() else { return nil }
      return .success(operations)
    } catch let missing as Missing { return .failure(missing) } catch { return nil }
  }

  private func known() throws -> [Operation]? {
    switch module.className {
    case "Conv1d", "Conv2d": return [try convolution()]
    case "ConvTranspose1d": return [try transposed()]
    case "Linear":
      guard let weight = module.tensors["weight"], weight.shape.count == 2 else {
        throw Missing(what: "no weights")
      }
      return [.dense(kernel: weight.transposed([1, 0]), bias: module.tensors["bias"]?.values)]
    case "BatchNorm1d", "BatchNorm2d":
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
      // Zeros beyond the ends count, unless they are not to.
      guard case .pooling(_, let size, let stride, .explicit(let left, let right)) = pooling,
        module.bool("count_include_pad") ?? true
      else { return [pooling] }
      return [
        .padding(left: left, right: right, value: 0),
        .pooling(.average, size: size, stride: stride, margins: .valid),
      ]
    case "AdaptiveMaxPool1d", "AdaptiveMaxPool2d", "AdaptiveAvgPool1d", "AdaptiveAvgPool2d":
      let reduction: Operation.Reduction = module.className.contains("Max") ? .maximum : .average
      guard let sizes = module.integers("output_size"), sizes.count(where: { $0 != 1 }) <= 1,
        let most = sizes.max(),
        most > 0
      else { throw Missing(what: "its sizes") }
      return [most == 1 ? .globalPooling(reduction) : .adaptivePooling(reduction, count: most)]
    case "Flatten":
      guard module.integer("start_dim") ?? 1 == 1, [-1, 2, 3].contains(module.integer("end_dim") ?? -1) else {
        throw Missing(what: "its axes")
      }
      return [.flatten(channelsFirst: !isFirst || isChannelsFirst)]
    case "LayerNorm": return try layerNormalization()
    case "GroupNorm", "InstanceNorm1d", "InstanceNorm2d": return try groupNormalization()
    case "Dropout", "Dropout1d", "Dropout2d": return [.dropout(module.number("p") ?? 0.5)]
    // The latter do something in training only.
    case "Identity", "AlphaDropout", "FeatureAlphaDropout": return []
    case "ConstantPad1d", "ZeroPad1d":
      guard let sizes = module.integers("padding"), let left = sizes.first, let right = sizes.last,
        sizes.count <= 2, (0...1 << 20).contains(left), (0...1 << 20).contains(right)
      else { throw Missing(what: "its sizes") }
      return [.padding(left: left, right: right, value: Float(module.number("value") ?? 0))]
    case "Upsample", "UpsamplingNearest1d":
      let scales = module.doubles("scale_factor") ?? []
      guard module.text("mode") ?? "nearest" == "nearest", scales.count == 1, scales[0] >= 1,
        scales[0] <= 4096,
        scales[0] == scales[0].rounded()
      else { throw Missing(what: "other than whole copies of positions") }
      return [.upsampling(Int(scales[0]))]
    case "Unflatten":
      // A picture of one channel, whose rows are the bases.
      guard isFirst, module.integer("dim") == 1, module.integers("unflattened_size") == [1, 4] else {
        throw Missing(what: "its axes")
      }
      return []
    case "GLU":
      guard [1, -2].contains(module.integer("dim") ?? -1) || (isFlat && module.integer("dim") ?? -1 == -1)
      else {
        throw Missing(what: "over positions")
      }
      return [.gate]
    case "Softmax", "LogSoftmax":
      guard [nil, 1, -1].contains(module.integer("dim")) else { throw Missing(what: "its axis") }
      return [module.className == "Softmax" ? .softmax : .logSoftmax]
    case "Softmin":
      guard [nil, 1, -1].contains(module.integer("dim")) else { throw Missing(what: "its axis") }
      return [.affine(scale: [-1], shift: [0]), .softmax]
    case "PReLU":
      guard let slopes = module.tensors["weight"]?.values, let first = slopes.first else {
        throw Missing(what: "no weights")
      }
      return [
        .function(slopes.count == 1 ? .leakyRelu(slope: Double(first)) : .parametricRelu(slopes: slopes))
      ]
    default: return function.map { [.function($0)] }
    }
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
