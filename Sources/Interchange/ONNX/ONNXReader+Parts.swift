import Runtime

/// Parts, copies and the other order of a tensor's positions and channels.
extension ONNXReader {
  mutating func slice(_ node: ONNXNode) throws {
    var value = try input(node)
    let starts = node.integers("starts") ?? constant(node, 1)?.integers
    let ends = node.integers("ends") ?? constant(node, 2)?.integers
    let axes = node.integers("axes") ?? constant(node, 3)?.integers ?? starts.map { Array($0.indices) }
    let steps = constant(node, 4)?.integers ?? starts.map { $0.map { _ in 1 } }
    guard let starts, let ends, let axes, let steps, starts.count == ends.count, axes.count == starts.count,
      steps.count == starts.count
    else { throw Missing(what: "a part that is not constant") }
    var reversed: Set<Axis> = []
    for (index, given) in axes.enumerated() {
      let place = given < 0 ? given + value.axes.count : given
      guard let size = value.sizes[safe: place],
        let places = Self.places(size, start: starts[index], end: ends[index], step: steps[index]),
        !places.isEmpty
      else { throw Missing(what: "its sizes") }
      if places == Array(0..<size) { continue }
      if places == (0..<size).reversed(), [.positions, .channels].contains(value.axes[place]) {
        reversed.insert(value.axes[place])
        continue
      }
      try take(node, &value, places, place: place, part: index)
    }
    if reversed == [.channels], let place = value.index(.channels) {
      try take(node, &value, (0..<value.sizes[place]).reversed(), place: place, part: axes.count)
    } else if !reversed.isEmpty {
      append(node, &value, .reversal(channels: reversed.contains(.channels)), part: "reversal")
    }
    set(node, value)
  }

  /// One place of an axis, which has none after it, or several.
  mutating func gather(_ node: ONNXNode) throws {
    var value = try input(node)
    let axis = node.integer("axis") ?? 0
    let place = axis < 0 ? axis + value.axes.count : axis
    guard var indices = constant(node, 1), let size = value.sizes[safe: place] else {
      throw Missing(what: "places that are not constant")
    }
    // Places of the first axis alone, each a list of one.
    if node.type == "GatherND", indices.shape.count == 2, indices.shape[1] == 1,
      node.integer("batch_dims") ?? 0 == 0
    {
      indices.shape = [indices.shape[0]]
    } else if node.type == "GatherND" {
      throw Missing(what: "places on several axes")
    }
    guard let places = indices.integers, indices.shape.count <= 1
    else { throw Missing(what: "places that are not constant") }
    let wanted = places.map { $0 < 0 ? $0 + size : $0 }
    guard !wanted.isEmpty, wanted.allSatisfy((0..<size).contains) else { throw Missing(what: "its places") }
    if wanted == (0..<size).reversed(), size > 1, value.axes[place] == .positions {
      append(node, &value, .reversal(channels: false), part: "reversal")
      return set(node, value)
    }
    try take(node, &value, wanted, place: place, part: 0)
    guard indices.shape.isEmpty else { return set(node, value) }
    if value.axes[place] == .positions, let channels = value.index(.channels) {
      append(node, &value, .flatten(channelsFirst: true), part: "features")
      value.axes[channels] = .features
    }
    // The only direction of a recurrent layer's last state.
    if value.axes[place] == .directions, value.index(.positions) == nil, let channels = value.index(.channels)
    {
      value.axes[channels] = .features
    }
    value.remove([place])
    set(node, value)
  }

  mutating func split(_ node: ONNXNode) throws {
    let value = try input(node)
    let axis = node.integer("axis") ?? 0
    let place = axis < 0 ? axis + value.axes.count : axis
    guard let size = value.sizes[safe: place], !node.outputs.isEmpty else { throw Missing(what: "its axes") }
    let even = (size + node.outputs.count - 1) / node.outputs.count
    let sizes =
      node.integers("split") ?? constant(node, 1)?.integers
      ?? node.outputs.indices.map { min(even, size - $0 * even) }
    guard sizes.count == node.outputs.count, sizes.allSatisfy({ $0 > 0 && $0 <= size }),
      sizes.reduce(0, +) == size
    else { throw Missing(what: "its sizes") }
    var first = 0
    for (output, count) in zip(node.outputs, sizes) {
      var part = value
      try take(output, &part, Array(first..<first + count), place: place)
      known[output] = .value(part)
      first += count
    }
  }

  /// Copies of all channels or features; sizes of one may be written as copied once.
  mutating func tile(_ node: ONNXNode) throws {
    var value = try input(node)
    guard var times = constant(node, 1)?.integers, times.count >= value.axes.count else {
      throw Missing(what: "a shape that is not constant")
    }
    let extra = times.count - value.axes.count
    guard times.prefix(extra).allSatisfy({ $0 == 1 }), extra == 0 else {
      throw Missing(what: "more axes than before")
    }
    if node.type == "Expand" {
      // Sizes, which may be the same or ones.
      times = zip(times, value.sizes).map { $1 == $0 || $0 == 1 ? 1 : $1 == 1 ? $0 : 0 }
    }
    guard let place = times.firstIndex(where: { $0 != 1 }) else { return set(node, value) }
    guard times.count(where: { $0 != 1 }) == 1, [.channels, .features].contains(value.axes[place]),
      (2...1 << 12).contains(times[place])
    else { throw Missing(what: "copies of more than channels") }
    append(node, &value, .tiling(times[place]), part: "copies")
    value.sizes[place] *= times[place]
    set(node, value)
  }

  /// Adds an operation on the way to a node's output.
  private mutating func append(_ node: ONNXNode, _ value: inout Value, _ operation: Operation, part: String) {
    let name = (node.outputs.first ?? node.name) + ":" + part
    graph.add(name, operation, [value.tensor])
    value.tensor = name
  }

  private mutating func take(
    _ node: ONNXNode, _ value: inout Value, _ places: [Int], place: Int, part: Int
  ) throws {
    try take((node.outputs.first ?? node.name) + ":part\(part)", &value, places, place: place)
  }

  /// Some places of an axis: neighboring positions, or any channels or features.
  private mutating func take(_ name: String, _ value: inout Value, _ places: [Int], place: Int) throws {
    let size = value.sizes[place]
    if places == Array(0..<size) { return }
    let isRow = zip(places, places.dropFirst()).allSatisfy { $1 == $0 + 1 }
    switch value.axes[place] {
    case .positions where isRow:
      graph.add(name, .cropping(left: places[0], right: size - 1 - places[places.count - 1]), [value.tensor])
    // Every so many positions: the largest of one.
    case .positions where places.count > 1 && places[1] > places[0]:
      let step = places[1] - places[0]
      guard zip(places, places.dropFirst()).allSatisfy({ $1 - $0 == step }) else {
        throw Missing(what: "positions that do not lie evenly")
      }
      let row = name + ":row"
      graph.add(row, .cropping(left: places[0], right: size - 1 - places[places.count - 1]), [value.tensor])
      graph.add(name, .pooling(.maximum, size: 1, stride: step, margins: .valid), [row])
    case .channels, .features: try select(name, value, Array(places), of: size)
    case .directions:
      // A direction's units lie next to each other among the channels.
      guard let units = value.index(.channels).map({ value.sizes[$0] }) else {
        throw Missing(what: "its axes")
      }
      try select(
        name, value, places.flatMap { $0 * units..<($0 + 1) * units }, of: size * units)
    default: throw Missing(what: "a part of other axes than positions and channels")
    }
    value.tensor = name
    value.sizes[place] = places.count
  }

  /// A dense layer of zeros and ones, at each position.
  mutating func select(_ name: String, _ value: Value, _ places: [Int], of size: Int) throws {
    guard size <= 4096, places.count <= 4096 else { throw Missing(what: "a part of more than 4096 channels") }
    var kernel = Weights(
      shape: [size, places.count], values: [Float](repeating: 0, count: size * places.count))
    for (column, row) in places.enumerated() { kernel.values[row * places.count + column] = 1 }
    graph.add(name, .dense(kernel: kernel, bias: nil), [value.tensor])
    parts[name] = (value.tensor, places, size)
  }
}
