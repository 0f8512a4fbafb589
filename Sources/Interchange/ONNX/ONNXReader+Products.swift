import Runtime

extension ONNXReader {
  /// `Gemm` and `MatMul` with constant weights.
  mutating func product(_ node: ONNXNode) throws {
    if constant(node, 0) == nil, constant(node, 1) == nil { return try weightedSum(node) }
    if let kernel = constant(node, 0)?.weights, node.type == "MatMul" {
      return try productFromLeft(node, kernel)
    }
    var value = try input(node)
    guard var kernel = constant(node, 1)?.weights, let output = node.outputs.first else {
      throw Missing(what: "a product with constants on the left")
    }
    if kernel.shape.count == 3, kernel.shape[0] == 1 {
      kernel = Weights(shape: Array(kernel.shape[1...]), values: kernel.values)
    }
    if kernel.shape.count == 3 { return try productOfGroups(node, kernel) }
    guard kernel.shape.count == 2 else { throw Missing(what: "its axes") }
    var bias: [Float]?
    if node.type == "Gemm" {
      guard (node.integer("transA") ?? 0) == 0 else { throw Missing(what: "transA") }
      if (node.integer("transB") ?? 0) != 0 { kernel = kernel.transposed([1, 0]) }
      let (alpha, beta) = (Float(node.number("alpha") ?? 1), Float(node.number("beta") ?? 1))
      if alpha != 1 { kernel.values = kernel.values.map { $0 * alpha } }
      bias = constant(node, 2)?.floats.map { $0 * beta }
      if let one = bias, one.count == 1 { bias = [Float](repeating: one[0], count: kernel.shape[1]) }
    }
    guard (bias ?? []).isEmpty || bias?.count == kernel.shape[1] else { throw Missing(what: "its axes") }
    try apply(node, kernel, bias, to: &value, along: value.axes.count - 1)
    value.tensor = output
    set(node, value)
  }

  /// A matrix (sizes of an axis before, after) on that axis.
  private mutating func apply(
    _ node: ONNXNode, _ kernel: Weights, _ bias: [Float]?, to value: inout Value, along place: Int
  ) throws {
    guard place >= 1, let axis = value.axes[safe: place], kernel.shape.count == 2,
      kernel.shape[0] == value.sizes[place], let output = node.outputs.first
    else { throw Missing(what: "its axes") }
    switch axis {
    case .features, .channels: graph.add(output, .dense(kernel: kernel, bias: bias), [value.tensor])
    case .positions where value.index(.channels) != nil:
      graph.add(output, .mixing(kernel: kernel, bias: bias), [value.tensor])
    default: throw Missing(what: "its axes")
    }
    value.tensor = output
    value.sizes[place] = kernel.shape[1]
  }

  /// The constant comes first, and its columns are the last axis but one.
  private mutating func productFromLeft(_ node: ONNXNode, _ kernel: Weights) throws {
    var value = try input(node, 1)
    guard kernel.shape.count == 2, value.axes.count >= 3 else { throw Missing(what: "its axes") }
    try apply(node, kernel.transposed([1, 0]), nil, to: &value, along: value.axes.count - 2)
    set(node, value)
  }

  /// A product with a matrix along one axis: `ncl,lk->nck`, in any order of what comes out.
  mutating func einsum(_ node: ONNXNode) throws {
    let isFirst = constant(node, 0) != nil
    var value = try input(node, isFirst ? 1 : 0)
    let sides = (node.text("equation") ?? "").filter { $0 != " " }.split(separator: ">")
    let factors = sides.first?.dropLast().split(separator: ",").map(Array.init) ?? []
    guard node.inputs.count == 2, sides.count == 2, factors.count == 2,
      let matrix = constant(node, isFirst ? 0 : 1)?.weights
    else { throw Missing(what: "more than a product with a matrix") }
    let (own, other, made) = (factors[isFirst ? 1 : 0], factors[isFirst ? 0 : 1], Array(sides[1]))
    guard own.count == value.axes.count, Set(own).count == own.count, other.count == 2,
      matrix.shape.count == 2,
      let old = other.first(where: { own.contains($0) && !made.contains($0) }),
      let new = other.first(where: { !own.contains($0) && made.contains($0) }),
      let place = own.firstIndex(of: old)
    else { throw Missing(what: "more than a product with a matrix") }
    try apply(node, other[0] == old ? matrix : matrix.transposed([1, 0]), nil, to: &value, along: place)
    let letters = own.map { $0 == old ? new : $0 }
    let order = made.compactMap { letters.firstIndex(of: $0) }
    guard order.sorted() == Array(letters.indices), made.count == letters.count else {
      throw Missing(what: "more than a product with a matrix")
    }
    set(
      node,
      Value(
        tensor: value.tensor, axes: order.map { value.axes[$0] }, sizes: order.map { value.sizes[$0] }))
  }

  /// Each position's channels times a matrix of its own: groups of features, of which each has its layer.
  private mutating func productOfGroups(_ node: ONNXNode, _ kernel: Weights) throws {
    var value = try input(node)
    guard let output = node.outputs.first, value.axes == [.positions, .batch, .channels],
      kernel.shape[0] == value.sizes[0], kernel.shape[1] == value.sizes[2]
    else { throw Missing(what: "its axes") }
    let (groups, units) = (kernel.shape[0], kernel.shape[2])
    graph.add(output + ":features", .flatten(channelsFirst: false), [value.tensor])
    graph.add(output + ":position", .singlePosition, [output + ":features"])
    // (groups, inputs, units) as (1, inputs, groups · units)
    let turned = kernel.transposed([1, 0, 2])
    let grouped = Weights(shape: [1, kernel.shape[1], groups * units], values: turned.values)
    graph.add(
      output + ":groups", .convolution(.init(kernel: grouped, groups: groups)), [output + ":position"])
    graph.add(output + ":joined", .flatten(channelsFirst: false), [output + ":groups"])
    graph.add(output, .separate(length: groups, channelsFirst: false), [output + ":joined"])
    value.sizes[2] = units
    set(node, value.named(output))
  }

  /// A number for each position, and the sum of the positions' channels with these weights, as attention pools them.
  private mutating func weightedSum(_ node: ONNXNode) throws {
    let (weights, map) = (try input(node, 0), try input(node, 1))
    guard let output = node.outputs.first, map.axes == [.batch, .positions, .channels],
      weights.axes == [.batch, .channels, .positions] || weights.axes == [.batch, .unit, .positions],
      weights.sizes[1] == 1, weights.sizes[2] == map.sizes[1]
    else { throw Missing(what: "a product of two tensors") }
    graph.add(output + ":spread", .ones(map.sizes[2]), [weights.tensor])
    graph.add(output + ":weighted", .product, [map.tensor, output + ":spread"])
    graph.add(output, .globalPooling(.sum), [output + ":weighted"])
    set(
      node, Value(tensor: output, axes: [.batch, .unit, .features], sizes: [map.sizes[0], 1, map.sizes[2]]))
  }

  /// `Max`, `Min`, `Sum` and `Mean` take any number of tensors: two at a time.
  mutating func combination(ofSeveral node: ONNXNode) throws {
    guard let output = node.outputs.first, var sum = node.inputs.first else {
      throw Missing(what: "its inputs")
    }
    let type = ["Sum": "Add", "Mean": "Add"][node.type] ?? node.type
    for (index, input) in node.inputs.enumerated().dropFirst() {
      let isLast = index == node.inputs.count - 1 && node.type != "Mean"
      let next = isLast ? output : "\(output):\(index)"
      try arithmetic(node.taking([sum, input], type: type, giving: next))
      sum = next
    }
    let whole = node.taking([sum], type: node.type, giving: output)
    if node.type == "Mean" {
      try emit(whole, .affine(scale: [1 / Float(node.inputs.count)], shift: [0]))
    } else if sum != output {
      set(whole, try input(whole))
    }
  }

  /// Two tensors, or a tensor and a constant a channel.
  mutating func arithmetic(_ node: ONNXNode) throws {
    guard let output = node.outputs.first, node.inputs.count == 2 else { throw Missing(what: "its inputs") }
    if constant(node, 0) == nil && constant(node, 1) == nil {
      return try combination(node, output)
    }
    let isFirst = constant(node, 0) != nil
    var value = try input(node, isFirst ? 1 : 0)
    guard let constant = constant(node, isFirst ? 0 : 1),
      let place = value.index(.channels) ?? value.index(.features)
    else { throw Missing(what: "its axes") }
    // The constant has a number, or one a channel, with sizes of one elsewhere.
    let channels = value.sizes[place]
    let trailing = value.axes.count - 1 - place
    let isPerChannel =
      constant.values.count == channels && constant.shape.count > trailing
      && constant.shape[constant.shape.count - 1 - trailing] == channels
    let length = value.size(.positions) ?? 1
    let isPerPlace = constant.values.count > 1 && !isPerChannel
    let spread = isPerPlace ? places(constant, over: value) : nil
    guard !isPerPlace || spread != nil else { throw Missing(what: "its axes") }
    let numbers =
      spread
      ?? (constant.values.count == 1
        ? [Float](repeating: constant.floats[0], count: channels) : constant.floats)
    let none = [Float](repeating: 0, count: numbers.count)
    let ones = [Float](repeating: 1, count: numbers.count)
    if node.type == "Max" || node.type == "Min" {
      // A bound; the same for all channels.
      guard constant.values.count == 1 else { throw Missing(what: "a bound for each channel") }
      let (least, most) =
        node.type == "Max" ? (constant.values[0], Double.infinity) : (-Double.infinity, constant.values[0])
      graph.add(output, .function(.clipped(least, most)), [value.tensor])
      value.tensor = output
      return set(node, value)
    }
    let scale: [Float]
    let shift: [Float]
    switch (node.type, isFirst) {
    case ("Add", _): (scale, shift) = (ones, numbers)
    case ("Sub", false): (scale, shift) = (ones, numbers.map { -$0 })
    case ("Sub", true): (scale, shift) = (ones.map { -$0 }, numbers)
    case ("Mul", _): (scale, shift) = (numbers, none)
    case ("Div", false): (scale, shift) = (numbers.map { 1 / $0 }, none)
    default: throw Missing(what: "division by a tensor")
    }
    guard !isPerPlace else {
      // Of features, which are the positions one after the other.
      graph.add(output + ":features", .flatten(channelsFirst: false), [value.tensor])
      graph.add(output + ":scaled", .affine(scale: scale, shift: shift), [output + ":features"])
      graph.add(output, .separate(length: length, channelsFirst: false), [output + ":scaled"])
      value.tensor = output
      return set(node, value)
    }
    graph.add(
      output,
      constant.values.count == 1
        ? .affine(scale: [scale[0]], shift: [shift[0]]) : .affine(scale: scale, shift: shift), [value.tensor])
    value.tensor = output
    set(node, value)
  }

  /// What a constant has for each channel of each position, position by position; `nil` where it does not spread over them.
  private func places(_ constant: ONNXConstant, over value: Value) -> [Float]? {
    guard let positions = value.index(.positions), let channels = value.index(.channels),
      constant.shape.count <= value.axes.count, value.sizes[positions] * value.sizes[channels] <= 1 << 22
    else { return nil }
    let ones = [Int](repeating: 1, count: value.axes.count - constant.shape.count)
    let shape = ones + constant.shape
    guard
      shape.indices.allSatisfy({ axis in
        shape[axis] == 1
          || (shape[axis] == value.sizes[axis] && (axis == positions || axis == channels))
      })
    else { return nil }
    let strides = shape.indices.map { shape[$0] == 1 ? 0 : shape[($0 + 1)...].reduce(1, *) }
    let numbers = constant.floats
    return (0..<value.sizes[positions]).flatMap { position in
      (0..<value.sizes[channels]).map { channel in
        numbers[position * strides[positions] + channel * strides[channels]]
      }
    }
  }

  /// A square, as the product with itself.
  mutating func power(_ node: ONNXNode) throws {
    guard let exponent = constant(node, 1)?.values, exponent.count == 1,
      let count = Int(exactly: exponent[0]), let output = node.outputs.first
    else { throw Missing(what: "its exponent") }
    let value = try input(node)
    guard graph.addPower(output, of: value.tensor, count) else { throw Missing(what: "its exponent") }
    set(node, value.named(output))
  }

  private mutating func combination(_ node: ONNXNode, _ output: String) throws {
    var (a, b) = (try input(node, 0), try input(node, 1))
    if node.type == "Mul", a.isGate(of: b) || b.isGate(of: a) {
      graph.add(output, .product, [a.tensor, b.tensor])
      if a.isGate(of: b) { a = b }
      a.tensor = output
      return set(node, a)
    }
    if a.axes != b.axes { (a, b) = (withoutSinglePosition(a), withoutSinglePosition(b)) }
    if a.isSpread(over: b) {
      a = spread(a, over: b, output + ":spread")
    } else if b.isSpread(over: a) {
      b = spread(b, over: a, output + ":spread")
    }
    guard node.type != "Div", a.axes == b.axes, a.sizes == b.sizes else {
      throw Missing(what: node.type == "Div" ? "division by a tensor" : "its axes")
    }
    func negative(_ tensor: String, _ part: String) -> String {
      graph.add(output + part, .affine(scale: [-1], shift: [0]), [tensor])
      return output + part
    }
    switch node.type {
    case "Sub": b.tensor = negative(b.tensor, ":negative")
    case "Min":
      // min(a, b) = -max(-a, -b)
      let inputs = [negative(a.tensor, ":first"), negative(b.tensor, ":second")]
      graph.add(output + ":largest", .maximum, inputs)
      a.tensor = negative(output + ":largest", ":smallest")
      return set(node, a)
    case ONNXIdioms.logAddExp:
      // log(exp a + exp b) = a + softplus(b − a)
      graph.add(output + ":difference", .addition, [b.tensor, negative(a.tensor, ":negative")])
      graph.add(output + ":softplus", .function(.softplus), [output + ":difference"])
      graph.add(output, .addition, [a.tensor, output + ":softplus"])
      return set(node, a.named(output))
    default: break
    }
    // x · σ(x)
    if node.type == "Mul" {
      if graph.nodes.last?.name == a.tensor { swap(&a, &b) }
      if let last = graph.nodes.last, last.name == b.tensor, last.inputs == [a.tensor],
        case .function(.sigmoid) = last.operation
      {
        graph.add(output, .function(.silu), [a.tensor])
        a.tensor = output
        return set(node, a)
      }
    }
    let operations: [String: Operation] = [
      "Add": .addition, "Sub": .addition, "Mul": .product, "Max": .maximum,
    ]
    guard let operation = operations[node.type] else { throw Missing(what: nil) }
    graph.add(output, operation, [a.tensor, b.tensor])
    a.tensor = output
    set(node, a)
  }
}

extension ONNXReader {
  /// A number for each position, or one alone, as all channels of `map`.
  private mutating func spread(_ value: Value, over map: Value, _ name: String) -> Value {
    graph.add(name, .ones(map.size(.channels) ?? map.size(.features) ?? 1), [value.tensor])
    return map.named(name)
  }
}

extension ONNXReader.Value {
  /// Whether it has one number where `map` has channels or features, and is as `map` elsewhere.
  fileprivate func isSpread(over map: Self) -> Bool {
    guard axes.count == map.axes.count else { return false }
    return axes.indices.allSatisfy { axis in
      let isOne = sizes[axis] == 1 && map.sizes[axis] > 1
      switch map.axes[axis] {
      case .channels: return isOne && [.channels, .unit].contains(axes[axis])
      case .features: return isOne && axes[axis] == .features
      default: return axes[axis] == map.axes[axis] && sizes[axis] == map.sizes[axis]
      }
    } && map.axes.contains { [.channels, .features].contains($0) }
  }

  /// Whether it has a number for each channel of `map`, and places of one where that has positions.
  func isGate(of map: Self) -> Bool {
    guard axes.count == map.axes.count, let place = map.index(.positions), map.sizes[place] > 1 else {
      return false
    }
    return axes.indices.allSatisfy { axis in
      switch map.axes[axis] {
      case .channels: [.channels, .features].contains(axes[axis]) && sizes[axis] == map.sizes[axis]
      case .positions: sizes[axis] == 1
      default: axes[axis] == map.axes[axis]
      }
    }
  }
}

extension Weights {
  /// Blocks of `size` rows in another order.
  func blocks(_ order: [Int], size: Int) -> Weights {
    let width = shape.dropFirst().reduce(1, *)
    return Weights(
      shape: shape, values: order.flatMap { values[$0 * size * width..<($0 + 1) * size * width] })
  }
}
