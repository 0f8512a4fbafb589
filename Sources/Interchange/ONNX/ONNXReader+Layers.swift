import Runtime

extension ONNXReader {
  typealias Missing = ONNXNode.Missing

  /// Types of numbers in `TensorProto.DataType` that are no whole ones.
  static let floating: Set<Int> = [1, 10, 11, 16]

  /// Every operator that `apply` knows.
  static let operations: Set<String> = [
    "Conv", "ConvTranspose", "BatchNormalization", "LayerNormalization", "MaxPool", "AveragePool",
    "GlobalMaxPool", "GlobalAveragePool",
    "ReduceMax", "ReduceMean", "ReduceSum", "ReduceLogSumExp", "Flatten", "Reshape", "Transpose", "Squeeze",
    "Unsqueeze",
    "Gemm", "MatMul", "Add", "Sub", "Mul", "Div", "Max", "Concat", "Slice", "Pad", "Identity", "Dropout",
    "Cast", "LSTM", "GRU", "RNN", "Sum", "Mean",
    "Relu", "LeakyRelu", "Elu", "Selu", "Gelu", "Sigmoid", "Tanh", "Softplus", "Softsign", "Exp",
    "HardSigmoid", "Softmax",
    "ThresholdedRelu", "PRelu", "Clip", "HardSwish", "Mish", "Erf", "Abs", "Neg", "Min", "Log", "LogSoftmax",
    "Pow", "Erfc",
    "Gather", "GatherND", "Shape", "ConstantOfShape", "Expand", "Tile", "Split", "GroupNormalization",
    "InstanceNormalization", "Resize", "Celu", "Einsum", "RMSNormalization",
  ]

  mutating func apply(_ node: ONNXNode) throws {
    switch node.type {
    case "Conv", "ConvTranspose": try convolution(node)
    case "BatchNormalization": try normalization(node)
    case "LayerNormalization": try layerNormalization(node)
    case "GroupNormalization", "InstanceNormalization": try groupNormalization(node)
    case "RMSNormalization": try rootMeanSquareNormalization(node)
    case "Einsum": try einsum(node)
    case "Resize": try resize(node)
    case "MaxPool": try pooling(node, .maximum)
    case "AveragePool": try pooling(node, .average)
    case "GlobalMaxPool", "GlobalAveragePool":
      let value = try input(node)
      try globalPooling(
        node, node.type == "GlobalMaxPool" ? .maximum : .average,
        axes: Array(value.axes.indices.dropFirst(2)), keeps: true)
    case "ReduceMax", "ReduceMean", "ReduceSum", "ReduceLogSumExp": try reduction(node)
    case "Flatten", "Reshape": try reshape(node)
    case "Transpose":
      var value = try input(node)
      let order = node.integers("perm") ?? value.axes.indices.reversed()
      guard order.sorted() == Array(value.axes.indices) else { throw Missing(what: "its order of axes") }
      value = Value(
        tensor: value.tensor, axes: order.map { value.axes[$0] }, sizes: order.map { value.sizes[$0] })
      set(node, value)
    case "Squeeze", "Unsqueeze": try squeeze(node)
    case "Gemm", "MatMul": try product(node)
    case "Max", "Min", "Sum", "Mean", ONNXIdioms.logAddExp: try combination(ofSeveral: node)
    case "Add", "Sub", "Mul", "Div": try arithmetic(node)
    case "Neg": try emit(node, .affine(scale: [-1], shift: [0]))
    case "Pow": try power(node)
    case "Erfc":
      // 1 − erf x
      let value = try input(node)
      let name = (node.outputs.first ?? node.name) + ":erf"
      graph.add(name, .function(.erf), [value.tensor])
      try emit(node, .affine(scale: [-1], shift: [1]), of: name)
    case "Gather", "GatherND": try gather(node)
    case "Split": try split(node)
    case "Expand", "Tile": try tile(node)
    case "Log": try logarithm(node)
    case "Concat": try concatenation(node)
    case "Slice": try slice(node)
    case "Pad": try pad(node)
    case "Identity": set(node, try input(node))
    case "Cast":
      let value = try input(node)
      // Bases are whole numbers already.
      guard
        Self.floating.contains(node.integer("to") ?? 1)
          || graph.inputs.contains(where: { $0.name == value.tensor })
      else { throw Missing(what: "whole numbers") }
      set(node, value)
    case "Dropout": try emit(node, .dropout(constant(node, 1)?.values.first ?? node.number("ratio") ?? 0.5))
    case "LSTM", "GRU", "RNN": try recurrent(node)
    case "Softmax", "LogSoftmax":
      let value = try input(node)
      let rank = value.axes.count
      let axis = node.integer("axis") ?? (version < 13 ? 1 : -1)
      let place = axis < 0 ? axis + rank : axis
      // Before operator set 13 all axes from this one on were one.
      guard version >= 13 || value.sizes.dropFirst(place).count(where: { $0 > 1 }) <= 1 else {
        throw Missing(what: "over several axes")
      }
      switch value.axes[safe: place] {
      case .features, .channels: try emit(node, node.type == "Softmax" ? .softmax : .logSoftmax)
      case .positions where node.type == "Softmax":
        guard let output = node.outputs.first, let length = value.size(.positions) else { return }
        graph.addSoftmaxOverPositions(
          output, of: value.tensor, length: length, channels: value.size(.channels) ?? 1)
        set(node, value.named(output))
      default: throw Missing(what: "its axis")
      }
    default:
      guard let function = try function(node) else { throw Missing(what: nil) }
      try emit(node, .function(function))
    }
  }

  private func function(_ node: ONNXNode) throws -> Operation.Function? {
    switch node.type {
    case "PRelu": return try slopes(node)
    case "Clip":
      // Bounds are attributes before operator set 11.
      func bound(_ index: Int, _ name: String, _ none: Double) throws -> Double {
        guard let input = node.inputs[safe: index], !input.isEmpty else { return node.number(name) ?? none }
        guard let value = constant(node, index)?.values.first else {
          throw Missing(what: "bounds that are no constants")
        }
        return value
      }
      return .clipped(try bound(1, "min", -.infinity), try bound(2, "max", .infinity))
    default: return plainFunction(node)
    }
  }

  private func plainFunction(_ node: ONNXNode) -> Operation.Function? {
    switch node.type {
    // α · ELU(x / α), where ELU has an α of 1
    case "Celu": .narrowed(.elu(alpha: 1), by: 1 / (node.number("alpha") ?? 1))
    case "HardSwish": .hardSilu
    case "Mish": .mish
    case "Erf": .erf
    case "Abs": .absolute
    case "Relu": .relu
    case "LeakyRelu": .leakyRelu(slope: node.number("alpha") ?? 0.01)
    case "Elu": .elu(alpha: node.number("alpha") ?? 1)
    case "Selu"
    where abs((node.number("alpha") ?? 1.67326) - 1.67326) < 1e-4
      && abs((node.number("gamma") ?? 1.0507) - 1.0507) < 1e-4:
      .selu
    case "Gelu": .gelu(isApproximate: node.text("approximate") == "tanh")
    case "Sigmoid": .sigmoid
    case "Tanh": .tanh
    case "Softplus": .softplus
    case "Softsign": .softsign
    case "Exp": .exponential
    case "ThresholdedRelu": .threshold(node.number("alpha") ?? 1)
    case "HardSigmoid" where (node.number("beta") ?? 0.5) == 0.5:
      .hardSigmoid(slope: node.number("alpha") ?? 0.2)
    default: nil
    }
  }

  /// A slope, or one a channel.
  private func slopes(_ node: ONNXNode) throws -> Operation.Function {
    let value = try input(node)
    guard let place = value.index(.channels) ?? value.index(.features), let constant = constant(node, 1)
    else {
      throw Missing(what: "slopes that are no constants")
    }
    let channels = value.sizes[place]
    if constant.values.count == 1 { return .leakyRelu(slope: constant.values[0]) }
    let axis = constant.shape.count - (value.axes.count - place)
    guard constant.values.count == channels, constant.shape[safe: axis] == channels else {
      throw Missing(what: "a slope for each position")
    }
    return .parametricRelu(slopes: constant.floats)
  }

  /// Of a sigmoid or softmax, which it makes one function.
  private mutating func logarithm(_ node: ONNXNode) throws {
    let value = try input(node)
    guard let last = graph.nodes.last, last.name == value.tensor else { throw Missing(what: nil) }
    var earlier = value
    switch last.operation {
    case .function(.sigmoid), .softmax: earlier.tensor = last.inputs[0]
    default: throw Missing(what: nil)
    }
    known[node.inputs[0]] = .value(earlier)
    if case .softmax = last.operation {
      try emit(node, .logSoftmax)
    } else {
      try emit(node, .function(.logSigmoid))
    }
    known[node.inputs[0]] = .value(value)
  }

  /// The tensor an operation takes.
  func input(_ node: ONNXNode, _ index: Int = 0) throws -> Value {
    guard let name = node.inputs[safe: index], case .value(let value) = known[name] else {
      throw Missing(what: "its input")
    }
    return value
  }

  mutating func set(_ node: ONNXNode, _ value: Value) {
    if let output = node.outputs.first { known[output] = .value(value) }
  }

  /// Adds an operation that keeps the shape.
  mutating func emit(_ node: ONNXNode, _ operation: Operation, of tensor: String? = nil) throws {
    var value = try input(node)
    guard let output = node.outputs.first else { return }
    graph.add(output, operation, [tensor ?? value.tensor])
    value.tensor = output
    set(node, value)
  }

  /// Sizes along positions of an attribute with one number an axis after batch and channels; the others must be `idle`.
  private func along(_ value: Value, _ sizes: [Int]?, idle: Int) throws -> Int {
    guard let sizes else { return idle }
    let spatial = Array(value.axes.dropFirst(2))
    guard sizes.count == spatial.count else { throw Missing(what: "its sizes") }
    var result = idle
    for (axis, size) in zip(spatial, sizes) {
      if axis == .positions {
        result = size
      } else if size != idle {
        throw Missing(what: "more than one axis")
      }
    }
    return result
  }

  private func margins(_ node: ONNXNode, _ value: Value) throws -> Operation.Margins {
    switch node.text("auto_pad") ?? "NOTSET" {
    case "VALID": return .valid
    case "SAME_UPPER": return .same
    case "NOTSET":
      guard let pads = node.integers("pads") else { return .valid }
      guard pads.count % 2 == 0, pads.allSatisfy({ (0...1 << 20).contains($0) }) else {
        throw Missing(what: "its padding")
      }
      let left = try along(value, Array(pads.prefix(pads.count / 2)), idle: 0)
      let right = try along(value, Array(pads.suffix(pads.count / 2)), idle: 0)
      return left == 0 && right == 0 ? .valid : .explicit(left: left, right: right)
    default: throw Missing(what: "its padding")
    }
  }

  private mutating func convolution(_ node: ONNXNode) throws {
    var value = try input(node)
    guard let kernel = constant(node, 1)?.weights, let output = node.outputs.first else {
      throw Missing(what: "a kernel that is no constant")
    }
    // A picture of 4 × length with one channel: the kernel covers the bases, which are its channels then.
    var weights = kernel
    let spatial = Array(value.axes.dropFirst(2))
    if value.axes[safe: 1] == .unit, let bases = value.axes.firstIndex(of: .channels), bases >= 2 {
      guard kernel.shape.count == 4, kernel.shape[1] == 1, kernel.shape[bases] == value.sizes[bases],
        value.sizes[bases] == 4, ["NOTSET", "VALID"].contains(node.text("auto_pad") ?? "NOTSET")
      else { throw Missing(what: "more than one axis") }
      let positions = bases == 2 ? 3 : 2
      // (filters, bases, size)
      let order = kernel.transposed([0, bases, positions, 1])
      weights = Weights(shape: Array(order.shape[..<3]), values: order.values)
      value = Value(
        tensor: value.tensor,
        axes: bases == 2 ? [.batch, .channels, .unit, .positions] : [.batch, .channels, .positions, .unit],
        sizes: bases == 2
          ? [value.sizes[0], 4, 1, value.sizes[positions]] : [value.sizes[0], 4, value.sizes[positions], 1])
    } else {
      guard value.axes[safe: 1] == .channels, spatial.contains(.positions),
        kernel.shape.count == value.axes.count
      else {
        if value.axes == [.batch, .features, .unit] { return try singlePosition(node, value) }
        throw Missing(what: "its axes")
      }
      let sizes = zip(spatial, kernel.shape.dropFirst(2))
      guard sizes.allSatisfy({ $0 == .positions || $1 == 1 }) else {
        throw Missing(what: "more than one axis")
      }
      let size = sizes.first { $0.0 == .positions }?.1 ?? 1
      weights = Weights(shape: [kernel.shape[0], kernel.shape[1], size], values: kernel.values)
    }
    let bias = constant(node, 2)?.floats
    let stride = try along(value, node.integers("strides"), idle: 1)
    let dilation = try along(value, node.integers("dilations"), idle: 1)
    let groups = node.integer("group") ?? 1
    var margins = try margins(node, value)
    guard stride >= 1, dilation >= 1, groups >= 1 else { throw Missing(what: "its sizes") }
    let size = weights.shape[2]
    if node.type == "ConvTranspose" {
      let added = try along(value, node.integers("output_padding"), idle: 0)
      guard groups == 1, dilation == 1, (0...1 << 20).contains(added) else {
        throw Missing(what: "groups or dilation")
      }
      if let wanted = node.integers("output_shape") {
        // Sizes, with or without batch and channels, in place of padding: what is too much goes, the larger half on the right.
        let length = try along(value, Array(wanted.suffix(spatial.count)), idle: 1)
        let full = ((value.index(.positions).map { value.sizes[$0] } ?? 1) - 1) * stride + added + size
        guard (1...full).contains(length) else { throw Missing(what: "the shape of its output") }
        let (smaller, larger) = ((full - length) / 2, (full - length + 1) / 2)
        margins =
          node.text("auto_pad") == "SAME_UPPER"
          ? .explicit(left: smaller, right: larger) : .explicit(left: larger, right: smaller)
      }
      if margins == .same {
        margins = .explicit(left: max(0, size - stride) / 2, right: max(0, size - stride + 1) / 2)
      }
      margins = .explicit(left: margins.sizes.left, right: margins.sizes.right - added)
      // (channels, filters, size) → (size, filters, channels)
      graph.add(
        output,
        .transposedConvolution(
          .init(kernel: weights.transposed([2, 1, 0]), bias: bias, stride: stride, margins: margins)),
        [value.tensor])
    } else {
      graph.add(
        output,
        .convolution(
          .init(
            kernel: weights.transposed([2, 1, 0]), bias: bias, stride: stride, margins: margins,
            dilation: dilation,
            groups: groups)), [value.tensor])
    }
    try setLast(node, value)
  }

  /// Channels after an operation of the graph, whose shapes are known from the graph itself.
  mutating func setLast(_ node: ONNXNode, _ value: Value) throws {
    guard let output = node.outputs.first, let last = graph.nodes.last else { return }
    var value = value
    let channels = value.index(.channels).map { value.sizes[$0] } ?? 1
    let length = value.index(.positions).map { value.sizes[$0] } ?? 1
    let shape = try shapeFailures { try last.operation.shape([.map(length: length, channels: channels)]) }
    if let place = value.index(.channels) { value.sizes[place] = shape.channels }
    if let place = value.index(.positions) { value.sizes[place] = shape.length }
    value.tensor = output
    set(node, value)
  }

  private func shapeFailures(_ body: () throws -> GraphShape) throws -> GraphShape {
    do { return try body() } catch let failure as GraphShape.Failure { throw Missing(what: failure.reason) }
  }

  /// A convolution of size 1 over features that have a position of their own.
  private mutating func singlePosition(_ node: ONNXNode, _ value: Value) throws {
    let name = value.tensor + ":position"
    graph.add(name, .singlePosition, [value.tensor])
    known[node.inputs[0]] = .value(
      Value(tensor: name, axes: [.batch, .channels, .positions], sizes: value.sizes))
    try convolution(node)
  }

  private mutating func pooling(_ node: ONNXNode, _ reduction: Operation.Reduction) throws {
    var value = try input(node)
    guard value.axes[safe: 1] == .channels, let output = node.outputs.first else {
      throw Missing(what: "its axes")
    }
    let size = try along(value, node.integers("kernel_shape"), idle: 1)
    let stride = try along(value, node.integers("strides"), idle: 1)
    var margins = try margins(node, value)
    guard size >= 1, stride >= 1, try along(value, node.integers("dilations"), idle: 1) == 1
    else { throw Missing(what: "dilation") }
    if (node.integer("ceil_mode") ?? 0) != 0 {
      // The last window may reach beyond the end.
      let length = value.index(.positions).map { value.sizes[$0] } ?? 1
      let (left, right) = margins.sizes
      let (_, rest) = Operation.Margins.ceiling(padding: left).sizes(
        length: length, span: size, stride: stride)
      if rest != right {
        guard left == right, margins != .same, reduction == .maximum else {
          throw Missing(what: "ceil mode with padding or means")
        }
        margins = .explicit(left: left, right: rest)
      }
    }
    if reduction == .average, margins != .valid, (node.integer("count_include_pad") ?? 0) != 0 {
      // Means that count the zeros at the ends.
      guard case .explicit(let left, let right) = margins else { throw Missing(what: "its padding") }
      let name = output + ":padding"
      graph.add(name, .padding(left: left, right: right, value: 0), [value.tensor])
      value.tensor = name
      if let place = value.index(.positions) { value.sizes[place] += left + right }
      margins = .valid
    }
    graph.add(output, .pooling(reduction, size: size, stride: stride, margins: margins), [value.tensor])
    try setLast(node, value)
  }

  private mutating func globalPooling(
    _ node: ONNXNode, _ reduction: Operation.Reduction, axes: [Int], keeps: Bool
  ) throws {
    var value = try input(node)
    guard let output = node.outputs.first,
      axes.allSatisfy({ [.positions, .unit].contains(value.axes[safe: $0]) }),
      let place = value.index(.positions), axes.contains(place), let channels = value.index(.channels)
    else { throw Missing(what: "its axes") }
    graph.add(output, .globalPooling(reduction), [value.tensor])
    value.tensor = output
    value.axes[channels] = .features
    for axis in axes { (value.axes[axis], value.sizes[axis]) = (.unit, 1) }
    if !keeps { value.remove(axes) }
    set(node, value)
  }

  private mutating func reduction(_ node: ONNXNode) throws {
    var value = try input(node)
    let rank = value.axes.count
    let axes = (node.integers("axes") ?? constant(node, 1)?.integers ?? []).map { $0 < 0 ? $0 + rank : $0 }
    let keeps = (node.integer("keepdims") ?? 1) != 0
    if node.type == "ReduceLogSumExp" {
      guard let output = node.outputs.first, axes.count == 1, let axis = value.axes[safe: axes[0]],
        axis == .features || axis == .positions
      else { throw Missing(what: "its axes") }
      if axis == .positions {
        guard let channels = value.index(.channels) else { throw Missing(what: "its axes") }
        value.axes[channels] = .features
        value.axes[axes[0]] = .unit
      }
      graph.add(output, .logSumExp, [value.tensor])
      value.tensor = output
      value.sizes[axes[0]] = 1
      if !keeps, axis == .positions { value.remove(axes) }
      return set(node, value)
    }
    let reductions: [String: Operation.Reduction] = [
      "ReduceMax": .maximum, "ReduceMean": .average, "ReduceSum": .sum,
    ]
    guard let reduction = reductions[node.type] else { throw Missing(what: nil) }
    if value.axes.contains(.parts) { return try reductionOfParts(node, value, axes, reduction, keeps: keeps) }
    if axes.count == 1, let axis = value.axes[safe: axes[0]], [.features, .channels].contains(axis) {
      return try sumOfChannels(node, value, place: axes[0], reduction, keeps: keeps)
    }
    try globalPooling(node, reduction, axes: axes, keeps: keeps)
  }

  /// Of channels that stand as a table, its rows or columns: element by element, each a part of the channels.
  private mutating func reductionOfParts(
    _ node: ONNXNode, _ given: Value, _ axes: [Int], _ reduction: Operation.Reduction, keeps: Bool
  ) throws {
    var value = given
    guard let output = node.outputs.first, axes.count == 1, !keeps, let parts = value.index(.parts),
      let rows = [Axis.channels, .features].compactMap(value.index).first, [rows, parts].contains(axes[0]),
      value.sizes[axes[0]] <= 64
    else { throw Missing(what: "its axes") }
    let (height, width) = (value.sizes[rows], value.sizes[parts])
    let taken = (0..<value.sizes[axes[0]]).map { index in
      axes[0] == parts ? (0..<height).map { $0 * width + index } : (0..<width).map { index * width + $0 }
    }
    let names = try taken.enumerated().map { index, places in
      try select("\(output):taken\(index)", value, places, of: height * width)
      return "\(output):taken\(index)"
    }
    switch reduction {
    case .maximum: graph.add(output, .maximum, names)
    case .sum: graph.add(output, .addition, names)
    case .average:
      graph.add(output + ":sum", .addition, names)
      graph.add(output, .affine(scale: [1 / Float(names.count)], shift: [0]), [output + ":sum"])
    }
    value.axes[parts] = value.axes[rows]
    value.remove(axes)
    set(node, value.named(output))
  }

  /// The sum or mean of the features, or of each position's channels.
  private mutating func sumOfChannels(
    _ node: ONNXNode, _ given: Value, place: Int, _ reduction: Operation.Reduction, keeps: Bool
  ) throws {
    guard let output = node.outputs.first, reduction != .maximum else { throw Missing(what: "its axes") }
    var value = given
    let count = value.sizes[place]
    let weight = reduction == .sum ? 1 : 1 / Float(count)
    let kernel = Weights(shape: [count, 1], values: [Float](repeating: weight, count: count))
    graph.add(output, .dense(kernel: kernel, bias: nil), [value.tensor])
    (value.tensor, value.sizes[place]) = (output, 1)
    if keeps { return set(node, value) }
    // Positions with one number each are features.
    if let positions = value.index(.positions) {
      graph.add(output + ":features", .flatten(channelsFirst: true), [output])
      value.tensor = output + ":features"
      value.axes[positions] = .features
    }
    value.remove([place])
    set(node, value)
  }
}

extension ONNXReader.Value {
  func size(_ axis: ONNXReader.Axis) -> Int? { index(axis).map { sizes[$0] } }

  /// The same axes of another tensor.
  func named(_ tensor: String) -> Self {
    var value = self
    value.tensor = tensor
    return value
  }

  mutating func remove(_ places: [Int]) {
    axes = axes.indices.filter { !places.contains($0) }.map { axes[$0] }
    sizes = sizes.indices.filter { !places.contains($0) }.map { sizes[$0] }
  }
}

extension Collection {
  /// The element at a place, `nil` outside.
  subscript(safe index: Index) -> Element? { indices.contains(index) ? self[index] : nil }
}
