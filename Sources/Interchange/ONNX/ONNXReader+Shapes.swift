import Runtime

extension ONNXReader {
  mutating func reshape(_ node: ONNXNode) throws {
    var value = try input(node)
    let sizes: [Int]?
    if node.type == "Flatten" {
      let axis = node.integer("axis") ?? 1
      sizes = axis == 1 ? [value.sizes[0], value.sizes.dropFirst().reduce(1, *)] : nil
    } else {
      sizes = constant(node, 1)?.integers.flatMap { Self.reshaped(value.sizes, to: $0) }
    }
    guard let sizes, let output = node.outputs.first else {
      throw Missing(what: "a shape that is not constant")
    }
    // One number for each position, which stands as MotifKit writes it.
    if value.axes == [.batch, .features], sizes.count == 3, sizes[2] == 1, sizes[1] == value.sizes[1],
      takers[output] == ["Transpose"]
    {
      graph.add(output, .separate(length: sizes[1], channelsFirst: false), [value.tensor])
      return set(node, Value(tensor: output, axes: [.batch, .positions, .channels], sizes: sizes))
    }
    let plain = value.axes.indices.filter { value.axes[$0] != .unit }
    // Only sizes of one come or go.
    if plain.map({ value.sizes[$0] }).filter({ $0 != 1 }) == sizes.filter({ $0 != 1 }),
      let axes = respread(value, sizes)
    {
      value.axes = axes
      value.sizes = sizes
      return set(node, value)
    }
    let axes = plain.map { value.axes[$0] }
    // Channels as a table whose rows or columns are put together.
    var isFlattened = false
    if case .flatten = graph.nodes.last(where: { $0.name == value.tensor })?.operation { isFlattened = true }
    if !isFlattened, let place = [Axis.channels, .features].compactMap(value.index).first,
      sizes.count == value.axes.count + 1,
      takers[output]?.allSatisfy({ $0.hasPrefix("Reduce") }) == true, sizes.indices.contains(place + 1),
      sizes[place] * sizes[place + 1] == value.sizes[place],
      Array(sizes[..<place]) + sizes[(place + 2)...] == Array(value.sizes[..<place])
        + value.sizes[(place + 1)...]
    {
      value.axes.insert(.parts, at: place + 1)
      value.sizes = sizes
      return set(node, value)
    }
    switch axes {
    case [.batch, .channels, .positions], [.batch, .positions, .channels]:
      guard sizes.count >= 2, sizes[0] == value.sizes[0], sizes.dropFirst(2).allSatisfy({ $0 == 1 }) else {
        throw Missing(what: "its shape")
      }
      graph.add(output, .flatten(channelsFirst: axes[1] == .channels), [value.tensor])
      set(
        node,
        Value(
          tensor: output, axes: [.batch, .features] + sizes.dropFirst(2).map { _ in .unit }, sizes: sizes))
    // Positions of their own: after a transposition the channels stand first, as convolutions want them.
    case [.batch, .features] where sizes.count == 3 && sizes[0] == value.sizes[0]:
      let isTransposed = takers[output] == ["Transpose"]
      graph.add(
        output, .separate(length: isTransposed ? sizes[1] : sizes[2], channelsFirst: !isTransposed),
        [value.tensor])
      let axes: [Axis] = isTransposed ? [.batch, .positions, .channels] : [.batch, .channels, .positions]
      set(node, Value(tensor: output, axes: axes, sizes: sizes))
    // Groups of features, where sequences stand last.
    case [.features, .batch] where sizes.count == 3 && sizes[2] == value.sizes[1]:
      graph.add(output, .separate(length: sizes[0], channelsFirst: false), [value.tensor])
      set(node, Value(tensor: output, axes: [.positions, .channels, .batch], sizes: sizes))
    case [.positions, .channels, .batch] where sizes.count == 2 && sizes[1] == value.sizes[2]:
      graph.add(output, .flatten(channelsFirst: false), [value.tensor])
      set(node, Value(tensor: output, axes: [.features, .batch], sizes: sizes))
    // Both directions of a recurrent layer side by side.
    case [.positions, .batch, .directions, .channels], [.batch, .positions, .directions, .channels],
      [.batch, .directions, .channels], [.batch, .directions, .channels, .positions]:
      guard sizes.count == axes.count - 1 else { throw Missing(what: "its shape") }
      var merged = axes.filter { $0 != .directions }
      if !axes.contains(.positions) { merged[merged.count - 1] = .features }
      set(node, Value(tensor: value.tensor, axes: merged, sizes: sizes))
    default: throw Missing(what: "its shape")
    }
  }

  /// The axes under sizes that differ from a value's by ones only.
  private func respread(_ value: Value, _ sizes: [Int]) -> [Axis]? {
    var rest = zip(value.axes, value.sizes).filter { $0.0 != .unit }[...]
    var axes: [Axis] = []
    for size in sizes {
      // One sequence at a time: its positions stand for the batch, and get it back when there is room.
      if size != 1, let next = rest.first, next == (.batch, 1) { rest = rest.dropFirst() }
      if size == 1, axes.isEmpty, !value.axes.contains(.batch) {
        axes.append(.batch)
      } else if let next = rest.first, next.1 == size {
        axes.append(next.0)
        rest = rest.dropFirst()
      } else if size == 1 {
        axes.append(.unit)
      } else {
        return nil
      }
    }
    return rest.isEmpty ? axes : nil
  }

  mutating func squeeze(_ node: ONNXNode) throws {
    var value = try input(node)
    let given = node.integers("axes") ?? constant(node, 1)?.integers
    if node.type == "Squeeze" {
      let rank = value.axes.count
      let axes = (given ?? value.axes.indices.filter { value.sizes[$0] == 1 && value.axes[$0] == .unit })
        .map { $0 < 0 ? $0 + rank : $0 }
      guard axes.allSatisfy({ value.sizes[safe: $0] == 1 }) else { throw Missing(what: "its axes") }
      // Features that lose the position they had.
      if axes.contains(where: { value.axes[$0] == .positions }), let output = node.outputs.first {
        graph.add(output, .flatten(channelsFirst: true), [value.tensor])
        value.tensor = output
        value.axes = value.axes.map { $0 == .channels ? .features : $0 }
      }
      // The only direction of a recurrent layer's last state.
      if axes.contains(where: { value.axes[$0] == .directions }), value.index(.positions) == nil {
        value.axes = value.axes.map { $0 == .channels ? .features : $0 }
      }
      value.remove(axes)
    } else {
      guard let axes = given else { throw Missing(what: "its axes") }
      let rank = value.axes.count + axes.count
      for axis in axes.map({ $0 < 0 ? $0 + rank : $0 }).sorted() {
        guard (0...value.axes.count).contains(axis) else { throw Missing(what: "its axes") }
        value.axes.insert(.unit, at: axis)
        value.sizes.insert(1, at: axis)
      }
    }
    set(node, value)
  }

  mutating func concatenation(_ node: ONNXNode) throws {
    var values = try node.inputs.indices.map { try input(node, $0) }
    if Set(values.map(\.axes)).count > 1 { values = values.map { withoutSinglePosition($0) } }
    guard var value = values.first, let output = node.outputs.first else { return }
    let axis = node.integer("axis") ?? 1
    let place = axis < 0 ? axis + value.axes.count : axis
    guard values.allSatisfy({ $0.axes == value.axes }), let which = value.axes[safe: place],
      [.channels, .features, .positions].contains(which)
    else { throw Missing(what: "its axes") }
    value.sizes[place] = values.reduce(0) { $0 + $1.sizes[place] }
    // All parts of a tensor in its order are the tensor.
    let taken = values.compactMap { parts[$0.tensor] }
    if taken.count == values.count, Set(taken.map(\.source)).count == 1,
      taken.flatMap(\.places) == Array(0..<value.sizes[place]), taken[0].count == value.sizes[place]
    {
      value.tensor = taken[0].source
      return set(node, value)
    }
    graph.add(output, which == .positions ? .succession : .concatenation, values.map(\.tensor))
    value.tensor = output
    set(node, value)
  }

  /// A map's only position as features, as a pooling over all positions gives them.
  mutating func withoutSinglePosition(_ value: Value) -> Value {
    guard let place = value.index(.positions), value.sizes[place] == 1, let channels = value.index(.channels)
    else { return value }
    let name = value.tensor + ":features"
    if !graph.nodes.contains(where: { $0.name == name }) {
      graph.add(name, .flatten(channelsFirst: true), [value.tensor])
    }
    var value = value.named(name)
    (value.axes[place], value.axes[channels]) = (.unit, .features)
    return value
  }

  mutating func pad(_ node: ONNXNode) throws {
    var value = try input(node)
    guard let pads = node.integers("pads") ?? constant(node, 1)?.integers, pads.count == 2 * value.axes.count,
      node.text("mode") ?? "constant" == "constant",
      node.inputs[safe: 2].map({ $0.isEmpty || constant(node, 2) != nil }) ?? true,
      let output = node.outputs.first, let place = value.index(.positions),
      pads.indices.allSatisfy({ $0 % value.axes.count == place || pads[$0] == 0 })
    else { throw Missing(what: "more than numbers at the ends of the positions") }
    let (left, right) = (pads[place], pads[place + value.axes.count])
    let range = -1 << 20...1 << 20
    guard range.contains(left), range.contains(right), value.sizes[place] + min(0, left) + min(0, right) > 0
    else { throw Missing(what: "its sizes") }
    let filling = Float(constant(node, 2)?.values.first ?? node.number("value") ?? 0)
    for (index, operation) in Operation.padded(left: left, right: right, value: filling).enumerated() {
      let name = "\(output):padded\(index + 1)"
      graph.add(name, operation, [value.tensor])
      value.tensor = name
    }
    value.sizes[place] += left + right
    set(node, value)
  }

  /// Whole copies of each position.
  mutating func resize(_ node: ONNXNode) throws {
    var value = try input(node)
    guard node.text("mode") ?? "nearest" == "nearest", let place = value.index(.positions),
      let output = node.outputs.first
    else { throw Missing(what: "other than copies of positions") }
    let length = value.sizes[place]
    let scales = constant(node, 2)?.values ?? []
    let sizes = constant(node, 3)?.integers ?? []
    let factors =
      scales.count == value.axes.count
      ? scales
      : sizes.count == value.axes.count ? zip(sizes, value.sizes).map { Double($0) / Double($1) } : []
    guard factors.count == value.axes.count,
      factors.indices.allSatisfy({ $0 == place || factors[$0] == 1 }),
      let factor = Int(exactly: factors[place]), (1...1 << 12).contains(factor)
    else { throw Missing(what: "other than whole copies of positions") }
    // The place p of the output is the place floor(p / factor) of the input by these.
    let rounding = node.text("nearest_mode") ?? "round_prefer_floor"
    switch node.text("coordinate_transformation_mode") ?? "half_pixel" {
    case "asymmetric" where rounding == "floor" || (factor <= 2 && rounding == "round_prefer_floor"): break
    case "half_pixel", "pytorch_half_pixel":
      guard rounding.hasPrefix("round") else { throw Missing(what: "its places") }
    default: throw Missing(what: "its places")
    }
    graph.add(output, .upsampling(factor), [value.tensor])
    value.tensor = output
    value.sizes[place] = length * factor
    set(node, value)
  }
}
