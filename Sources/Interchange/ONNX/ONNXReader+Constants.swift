import Runtime

extension ONNXReader {
  /// The most numbers a folded constant may have.
  private static var limit: Int { 1 << 24 }

  /// Computes what depends on constants and shapes only; false for everything else.
  mutating func fold(_ node: ONNXNode) throws -> Bool {
    guard let output = node.outputs.first else { return false }
    switch node.type {
    case "Constant":
      let value =
        try node.tensor("value", file: file)
        ?? node.integers("value_ints").map(ONNXConstant.init(integers:))
        ?? node.integer("value_int").map { ONNXConstant(shape: [], values: [Double($0)], isWhole: true) }
        ?? node.number("value_float").map { ONNXConstant(shape: [], values: [$0]) }
      guard let value else { return false }
      known[output] = .constant(value)
      return true
    case "Shape":
      switch node.inputs.first.flatMap({ known[$0] }) {
      case .value(let value): known[output] = .constant(ONNXConstant(integers: value.sizes))
      case .constant(let constant): known[output] = .constant(ONNXConstant(integers: constant.shape))
      default: return false
      }
      return true
    case "ConstantOfShape":
      guard let shape = constant(node, 0)?.integers, let count = count(shape) else { return false }
      let fill = try node.tensor("value", file: file)
      known[output] = .constant(
        ONNXConstant(
          shape: shape, values: [Double](repeating: fill?.values.first ?? 0, count: count),
          isWhole: fill?.isWhole ?? false))
      return true
    default: break
    }
    let inputs = node.inputs.map { name -> ONNXConstant? in
      if case .constant(let constant) = known[name] { constant } else { nil }
    }
    guard !inputs.isEmpty, let first = inputs[0],
      inputs.indices.allSatisfy({ inputs[$0] != nil || node.inputs[$0].isEmpty }),
      let result = fold(node, first, inputs.dropFirst().compactMap { $0 })
    else { return false }
    known[output] = .constant(result)
    return true
  }

  /// The constant an operation is given at a place.
  func constant(_ node: ONNXNode, _ index: Int) -> ONNXConstant? {
    guard node.inputs.indices.contains(index), case .constant(let constant) = known[node.inputs[index]] else {
      return nil
    }
    return constant
  }

  private func count(_ shape: [Int]) -> Int? {
    var count = 1
    for size in shape {
      guard size >= 0 else { return nil }
      let (product, overflow) = count.multipliedReportingOverflow(by: size)
      guard !overflow, product <= Self.limit else { return nil }
      count = product
    }
    return count
  }

  private func fold(_ node: ONNXNode, _ first: ONNXConstant, _ rest: [ONNXConstant]) -> ONNXConstant? {
    func axes() -> [Int]? { node.integers("axes") ?? rest.first?.integers }
    switch node.type {
    case "Identity": return first
    case "Cast":
      let to = node.integer("to") ?? 1
      if Self.floating.contains(to) { return ONNXConstant(shape: first.shape, values: first.values) }
      // 9 is a truth value.
      let values = first.values.map { to == 9 ? ($0 == 0 ? 0 : 1) : $0.rounded(.towardZero) }
      return ONNXConstant(shape: first.shape, values: values, isWhole: true)
    case "Unsqueeze":
      guard let axes = axes() else { return nil }
      var shape = first.shape
      let rank = shape.count + axes.count
      for axis in axes.map({ $0 < 0 ? $0 + rank : $0 }).sorted() {
        guard (0...shape.count).contains(axis) else { return nil }
        shape.insert(1, at: axis)
      }
      return ONNXConstant(shape: shape, values: first.values, isWhole: first.isWhole)
    case "Squeeze":
      let rank = first.shape.count
      let gone = Set(
        (axes() ?? first.shape.indices.filter { first.shape[$0] == 1 }).map { $0 < 0 ? $0 + rank : $0 })
      guard gone.allSatisfy({ first.shape.indices.contains($0) && first.shape[$0] == 1 }) else { return nil }
      return ONNXConstant(
        shape: first.shape.indices.filter { !gone.contains($0) }.map { first.shape[$0] },
        values: first.values,
        isWhole: first.isWhole)
    case "Reshape":
      guard let target = rest.first?.integers, let shape = Self.reshaped(first.shape, to: target) else {
        return nil
      }
      return ONNXConstant(shape: shape, values: first.values, isWhole: first.isWhole)
    case "Transpose":
      let order = node.integers("perm") ?? first.shape.indices.reversed()
      guard order.sorted() == Array(first.shape.indices) else { return nil }
      let turned = Weights(shape: first.shape, values: first.floats).transposed(order)
      return ONNXConstant(shape: turned.shape, values: turned.values.map(Double.init), isWhole: first.isWhole)
    case "Concat":
      return joined([first] + rest, axis: node.integer("axis") ?? 0)
    case "ReduceProd":
      guard first.shape.count == 1, axes().map({ [[], [0], [-1]].contains($0) }) ?? true else { return nil }
      let product = first.values.reduce(1, *)
      return ONNXConstant(
        shape: (node.integer("keepdims") ?? 1) != 0 ? [1] : [], values: [product], isWhole: first.isWhole)
    case "Gather":
      let axis = node.integer("axis") ?? 0
      guard let places = rest.first?.integers, let shape = rest.first?.shape,
        let taken = first.taken(places, axis: axis < 0 ? axis + first.shape.count : axis)
      else { return nil }
      let place = axis < 0 ? axis + first.shape.count : axis
      return ONNXConstant(
        shape: Array(taken.shape[..<place]) + shape + Array(taken.shape[(place + 1)...]),
        values: taken.values,
        isWhole: first.isWhole)
    case "Slice": return slice(node, first, rest)
    case "Expand", "Tile":
      guard let target = rest.first?.integers else { return nil }
      let rank = max(first.shape.count, target.count)
      let own = [Int](repeating: 1, count: rank - first.shape.count) + first.shape
      let other = [Int](repeating: 1, count: rank - target.count) + target
      let isTile = node.type == "Tile"
      guard zip(own, other).allSatisfy({ isTile || $0 == $1 || $0 == 1 || $1 == 1 }),
        other.allSatisfy({ (1...Self.limit).contains($0) }),
        let size = count(zip(own, other).map { isTile ? $0 * $1 : max($0, $1) }), size > 0
      else { return nil }
      var result = ONNXConstant(shape: own, values: first.values, isWhole: first.isWhole)
      for axis in 0..<rank where isTile || own[axis] == 1 {
        let copies = (0..<other[axis]).flatMap { _ in 0..<own[axis] }
        guard let next = result.taken(copies, axis: axis) else { return nil }
        result = next
      }
      return result
    case "Add": return elementwise(first, rest.first, +)
    case "Sub": return elementwise(first, rest.first, -)
    case "Mul": return elementwise(first, rest.first, *)
    case "Div":
      if first.isWhole, rest.first?.isWhole == true {
        return elementwise(first, rest.first) { ($0 / $1).rounded(.towardZero) }
      }
      return elementwise(first, rest.first, /)
    // As Python's: of the divisor's sign.
    case "Mod" where (node.integer("fmod") ?? 0) == 0:
      return elementwise(first, rest.first) { $0 - $1 * ($0 / $1).rounded(.down) }
    case "Sqrt": return ONNXConstant(shape: first.shape, values: first.values.map { $0.squareRoot() })
    case "Floor": return ONNXConstant(shape: first.shape, values: first.values.map { $0.rounded(.down) })
    default: return nil
    }
  }

  /// One after the other along an axis.
  private func joined(_ parts: [ONNXConstant], axis: Int) -> ONNXConstant? {
    var shape = parts[0].shape
    let axis = axis < 0 ? axis + shape.count : axis
    guard shape.indices.contains(axis),
      parts.allSatisfy({ part in
        part.shape.count == shape.count
          && shape.indices.allSatisfy { $0 == axis || part.shape[$0] == shape[$0] }
      }), parts.reduce(0, { $0 + $1.values.count }) <= Self.limit
    else { return nil }
    shape[axis] = parts.reduce(0) { $0 + $1.shape[axis] }
    let rows = shape[..<axis].reduce(1, *)
    let values = (0..<rows).flatMap { row in
      parts.flatMap { part -> ArraySlice<Double> in
        let width = part.values.count / max(1, rows)
        return part.values[row * width..<(row + 1) * width]
      }
    }
    return ONNXConstant(shape: shape, values: values, isWhole: parts.allSatisfy(\.isWhole))
  }

  private func slice(_ node: ONNXNode, _ first: ONNXConstant, _ rest: [ONNXConstant]) -> ONNXConstant? {
    guard let starts = node.integers("starts") ?? rest.first?.integers,
      let ends = node.integers("ends") ?? rest[safe: 1]?.integers, starts.count == ends.count
    else { return nil }
    let axes = node.integers("axes") ?? rest[safe: 2]?.integers ?? Array(starts.indices)
    let steps = rest[safe: 3]?.integers ?? starts.map { _ in 1 }
    guard axes.count == starts.count, steps.count == starts.count else { return nil }
    var result = first
    for (index, given) in axes.enumerated() {
      let axis = given < 0 ? given + first.shape.count : given
      guard let size = first.shape[safe: axis],
        let places = Self.places(size, start: starts[index], end: ends[index], step: steps[index]),
        let next = result.taken(places, axis: axis)
      else { return nil }
      result = next
    }
    return result
  }

  /// The places that `Slice` takes of an axis; `nil` for a step of nothing.
  static func places(_ size: Int, start: Int, end: Int, step: Int) -> [Int]? {
    guard step != 0, step > .min, size >= 0 else { return nil }
    // Backwards, the end may lie before the first place.
    func bounded(_ index: Int, _ range: ClosedRange<Int>) -> Int {
      min(max(index < 0 ? index + size : index, range.lowerBound), range.upperBound)
    }
    if size == 0 { return [] }
    return step > 0
      ? Array(stride(from: bounded(start, 0...size), to: bounded(end, 0...size), by: step))
      : Array(
        stride(
          from: bounded(start, 0...(size - 1)), to: end < -size ? -1 : bounded(end, -1...(size - 1)), by: step
        ))
  }

  private func elementwise(_ a: ONNXConstant, _ b: ONNXConstant?, _ body: (Double, Double) -> Double)
    -> ONNXConstant?
  {
    guard let b else { return nil }
    let isWhole = a.isWhole && b.isWhole
    if a.shape == b.shape {
      return ONNXConstant(shape: a.shape, values: zip(a.values, b.values).map(body), isWhole: isWhole)
    }
    if b.values.count == 1 {
      return ONNXConstant(shape: a.shape, values: a.values.map { body($0, b.values[0]) }, isWhole: isWhole)
    }
    if a.values.count == 1 {
      return ONNXConstant(shape: b.shape, values: b.values.map { body(a.values[0], $0) }, isWhole: isWhole)
    }
    return nil
  }

  /// The sizes `Reshape` makes: 0 keeps a size, −1 is what is left.
  static func reshaped(_ shape: [Int], to target: [Int]) -> [Int]? {
    var result: [Int] = []
    for (axis, size) in target.enumerated() {
      if size == 0 {
        guard shape.indices.contains(axis) else { return nil }
        result.append(shape[axis])
      } else {
        guard size >= -1, size <= limit else { return nil }
        result.append(size)
      }
    }
    let count = shape.reduce(1, *)
    let (others, overflow) = result.filter { $0 != -1 }.reduce((1, false)) { product, size in
      let (value, overflow) = product.0.multipliedReportingOverflow(by: size)
      return (value, product.1 || overflow)
    }
    guard !overflow, result.count(where: { $0 == -1 }) <= 1 else { return nil }
    if let open = result.firstIndex(of: -1) {
      guard others > 0, count % others == 0 else { return nil }
      result[open] = count / others
    } else if others != count {
      return nil
    }
    return result
  }
}
