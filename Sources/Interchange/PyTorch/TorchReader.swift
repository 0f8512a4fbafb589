import Runtime

/// Turns modules of PyTorch into a graph.
///
/// Only `nn.Sequential` says in data what is computed; what other modules do is program text, which is not in the file.
/// Layers: pytorch.org/docs, `torch.nn`.
struct TorchReader {
  var graph = NetworkGraph()
  private var tensor: String
  /// Whether the input is a picture whose rows are the bases.
  private var isFirst = true

  /// - Parameters:
  ///   - length: of the input; found from the weights where these leave no choice.
  ///   - isChannelsFirst: whether the network takes (channels, positions), as PyTorch's layers do.
  /// - Throws: `InputError` when the length cannot be told.
  static func graph(_ module: TorchModule, file: String, length: Int?, isChannelsFirst: Bool) throws
    -> NetworkGraph
  {
    var reader = TorchReader()
    reader.graph.normalization = .pytorch
    reader.graph.inputs = [.init(name: "input", length: length, channels: 4)]
    if module.className == "Sequential" {
      reader.add(module, path: [], isChannelsFirst: isChannelsFirst)
    } else {
      reader.graph.refuse(
        "module \(module.className): what it computes is program text, which is not in the file (give --architecture or --recipe)"
      )
      reader.list(module, path: [])
    }
    reader.graph.outputs = [reader.tensor]
    return try reader.graph.measured(file: file)
  }

  private init() { tensor = "input" }

  private mutating func add(_ module: TorchModule, path: [String], isChannelsFirst: Bool) {
    for (name, child) in module.children {
      let path = path + [name]
      if child.className == "Sequential" {
        add(child, path: path, isChannelsFirst: isChannelsFirst)
        continue
      }
      let name = path.joined(separator: ".")
      guard
        let operations = TorchLayer(module: child, isFirst: isFirst, isChannelsFirst: isChannelsFirst)
          .operations
      else {
        graph.refuse("layer \(name) (\(child.className))")
        continue
      }
      switch operations {
      case .failure(let missing): graph.refuse("layer \(name) (\(child.className)): \(missing.what)")
      case .success(let operations):
        for (index, operation) in operations.enumerated() {
          let output = operations.count == 1 ? name : "\(name):\(index)"
          graph.add(output, operation, [tensor])
          tensor = output
          isFirst = false
        }
      }
    }
  }

  /// Notes every kind of layer in a module that is not known either.
  private mutating func list(_ module: TorchModule, path: [String]) {
    for (name, child) in module.children {
      let path = path + [name]
      if child.children.isEmpty {
        let layer = TorchLayer(module: child, isFirst: false, isChannelsFirst: true).operations
        if layer == nil { graph.refuse("layer \(path.joined(separator: ".")) (\(child.className))") }
      } else {
        list(child, path: path)
      }
    }
  }
}

/// A layer of `torch.nn`.
struct TorchLayer {
  let module: TorchModule
  let isFirst: Bool
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
    case "Dropout", "Dropout1d", "Dropout2d": return [.dropout(module.number("p") ?? 0.5)]
    case "Identity": return []
    case "Softmax", "LogSoftmax":
      guard [nil, 1, -1].contains(module.integer("dim")) else { throw Missing(what: "its axis") }
      return [module.className == "Softmax" ? .softmax : .logSoftmax]
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

  /// Sizes along the positions; the other axis must be idle.
  private func along(_ sizes: [Int], idle: Int, across: Int) throws -> Int {
    if sizes.count == 1 { return sizes[0] }
    guard sizes.count == 2 else { throw Missing(what: "its sizes") }
    if sizes[across] == idle { return sizes[1 - across] }
    throw Missing(what: "more than one axis")
  }

  private func convolution() throws -> Operation {
    guard var weight = module.tensors["weight"], weight.shape.count >= 3 else {
      throw Missing(what: "no weights")
    }
    var across = 0
    if weight.shape.count == 4 {
      let (rows, columns) = (weight.shape[2], weight.shape[3])
      if isFirst, weight.shape[1] == 1, rows == 4 || columns == 4 {
        // A picture of 4 × length: the bases are its rows.
        across = rows == 4 ? 0 : 1
        weight = weight.transposed(across == 0 ? [0, 2, 3, 1] : [0, 3, 2, 1])
      } else if rows == 1 || columns == 1 {
        across = rows == 1 ? 0 : 1
      } else {
        throw Missing(what: "more than one axis")
      }
      weight = Weights(
        shape: [weight.shape[0], weight.shape[1], weight.values.count / (weight.shape[0] * weight.shape[1])],
        values: weight.values)
    }
    if let mode = module.text("padding_mode"), mode != "zeros" { throw Missing(what: "padding mode \(mode)") }
    let stride = try along(module.integers("stride") ?? [1], idle: 1, across: across)
    let dilation = try along(module.integers("dilation") ?? [1], idle: 1, across: across)
    var margins = Operation.Margins.valid
    switch module.text("padding") {
    case "same": margins = .same
    case "valid": break
    default:
      let padding = try along(module.integers("padding") ?? [0], idle: 0, across: across)
      guard (0...1 << 20).contains(padding) else { throw Missing(what: "its padding") }
      if padding > 0 { margins = .explicit(left: padding, right: padding) }
    }
    return .convolution(
      .init(
        kernel: weight.transposed([2, 1, 0]), bias: module.tensors["bias"]?.values, stride: stride,
        margins: margins,
        dilation: dilation, groups: module.integer("groups") ?? 1))
  }

  private func transposed() throws -> Operation {
    guard let weight = module.tensors["weight"], weight.shape.count == 3 else {
      throw Missing(what: "no weights")
    }
    guard module.integer("groups") ?? 1 == 1, module.integers("dilation") ?? [1] == [1] else {
      throw Missing(what: "groups or dilation")
    }
    let padding = module.integers("padding")?.first ?? 0
    let added = module.integers("output_padding")?.first ?? 0
    guard (0...1 << 20).contains(padding), (0...1 << 20).contains(added) else {
      throw Missing(what: "its padding")
    }
    return .transposedConvolution(
      .init(
        kernel: weight.transposed([2, 1, 0]), bias: module.tensors["bias"]?.values,
        stride: module.integers("stride")?.first ?? 1,
        margins: .explicit(left: padding, right: padding - added)))
  }

  private func pooling(_ reduction: Operation.Reduction) throws -> Operation {
    guard let sizes = module.integers("kernel_size") else { throw Missing(what: "no size") }
    let across = sizes.count == 2 && sizes[1] == 1 ? 1 : 0
    let size = try along(sizes, idle: 1, across: across)
    let stride = try module.integers("stride").map { try along($0, idle: 1, across: across) } ?? size
    let padding = try along(module.integers("padding") ?? [0], idle: 0, across: across)
    guard (0...1 << 20).contains(padding) else { throw Missing(what: "its padding") }
    let isCeiling = module.bool("ceil_mode") == true
    guard !isCeiling || (padding == 0 && reduction == .maximum) else {
      throw Missing(what: "ceil mode with padding or means")
    }
    guard module.integers("dilation")?.allSatisfy({ $0 == 1 }) ?? true else {
      throw Missing(what: "dilation")
    }
    return .pooling(
      reduction, size: size, stride: stride,
      margins: isCeiling ? .ceiling : padding == 0 ? .valid : .explicit(left: padding, right: padding))
  }
}
