/// Batch, layer, group and instance normalization.
extension ONNXReader {
  mutating func normalization(_ node: ONNXNode) throws {
    let value = try input(node)
    let numbers = (1...4).compactMap { constant(node, $0)?.floats }
    guard numbers.count == 4, numbers.allSatisfy({ $0.count == numbers[0].count }),
      value.axes[safe: 1] == .channels || value.axes[safe: 1] == .features,
      (node.integer("training_mode") ?? 0) == 0
    else { throw Missing(what: "its axes or numbers") }
    try emit(
      node,
      .normalization(
        .init(
          gamma: numbers[0], beta: numbers[1], mean: numbers[2], variance: numbers[3],
          epsilon: node.number("epsilon") ?? 1e-5, momentum: 1 - (node.number("momentum") ?? 0.9))))
  }

  mutating func layerNormalization(_ node: ONNXNode) throws {
    let value = try input(node)
    let normalized = normalizedAxes(node, value)
    let (gamma, beta, epsilon) = (constant(node, 1), constant(node, 2), node.number("epsilon") ?? 1e-5)
    if normalized == [.channels] || normalized == [.features] {
      return try emit(
        node, .layerNormalization(gamma: gamma?.floats, beta: beta?.floats, epsilon: epsilon))
    }
    // Over channels and positions, with a scale and shift for each place, which may lie the other way round.
    guard Set(normalized) == [.channels, .positions], normalized.count == 2, value.axes.count == 3,
      let length = value.index(.positions).map({ value.sizes[$0] }), let output = node.outputs.first,
      [gamma, beta].allSatisfy({ $0?.shape.count ?? 2 == 2 })
    else { throw Missing(what: "its axes") }
    let order = normalized[0] == .channels ? [1, 0] : [0, 1]
    graph.add(output + ":features", .flatten(channelsFirst: false), [value.tensor])
    graph.add(
      output + ":normalized",
      .layerNormalization(
        gamma: gamma?.weights.transposed(order).values, beta: beta?.weights.transposed(order).values,
        epsilon: epsilon), [output + ":features"])
    try emit(node, .separate(length: length, channelsFirst: false), of: output + ":normalized")
  }

  /// From one axis on, or those that an idiom names.
  private func normalizedAxes(_ node: ONNXNode, _ value: Value) -> [Axis] {
    let rank = value.axes.count
    func place(_ axis: Int) -> Int { max(0, axis < 0 ? axis + rank : axis) }
    let first = place(node.integer("axis") ?? -1)
    let places =
      node.integers("axes").map { $0.map(place).sorted() } ?? Array(value.axes.indices.dropFirst(first))
    return places.compactMap { value.axes[safe: $0] }.filter { $0 != .unit }
  }

  mutating func rootMeanSquareNormalization(_ node: ONNXNode) throws {
    let value = try input(node)
    let normalized = normalizedAxes(node, value)
    guard normalized == [.channels] || normalized == [.features] else { throw Missing(what: "its axes") }
    try emit(
      node,
      .rootMeanSquareNormalization(
        gamma: constant(node, 1)?.floats, epsilon: node.number("epsilon") ?? 1e-5))
  }

  mutating func groupNormalization(_ node: ONNXNode) throws {
    let value = try input(node)
    guard value.axes[safe: 1] == .channels || value.axes[safe: 1] == .features else {
      throw Missing(what: "its axes")
    }
    let channels = value.sizes[1]
    let groups = node.type == "InstanceNormalization" ? channels : node.integer("num_groups") ?? 0
    guard groups > 0, channels % groups == 0 else { throw Missing(what: "its groups") }
    // A number for each channel, or before operator set 21 for each group.
    func spread(_ index: Int) throws -> [Float]? {
      guard node.inputs[safe: index] != nil else { return nil }
      guard let numbers = constant(node, index)?.floats, [groups, channels].contains(numbers.count) else {
        throw Missing(what: "its numbers")
      }
      return numbers.count == channels ? numbers : (0..<channels).map { numbers[$0 * groups / channels] }
    }
    try emit(
      node,
      .groupNormalization(
        groups: groups, gamma: try spread(1), beta: try spread(2), epsilon: node.number("epsilon") ?? 1e-5))
  }
}
