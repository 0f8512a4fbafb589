/// Parts of tensors, as `x[:, a:b]` says them: turned round, positions cropped, one position, some channels.
extension KerasReader {
  mutating func slice(_ layer: Layer) -> String? {
    guard let input = layer.inputs.first,
      let given = layer.arguments["args"][1].array ?? layer.arguments["slice_spec"].array
    else { return refuse(layer, "a part of a tensor") }
    if isFeatures(input), given.count == 3, !given[1].exists,
      [given[0], given[2]].allSatisfy({ Self.part($0)?.isWhole == true })
    {
      // x[:, None, :]
      return expansion(layer.as("ExpandDims", ["axis": 1]))
    }
    let shape = shape(input)
    let rank = isFeatures(input) ? 2 : 3
    guard let parts = Self.spread(given, over: rank), parts[0].isWhole else {
      return refuse(layer, "a part of a tensor")
    }
    let reversed = parts.indices.filter { parts[$0].isReversed }
    if !reversed.isEmpty {
      guard parts.allSatisfy({ $0.isReversed || $0.isWhole }) else {
        return refuse(layer, "a part of a tensor")
      }
      return turn(layer, reversed)
    }
    guard parts.contains(where: { !$0.isWhole }) else { return plain(layer, .function(.linear)) }
    guard let shape else { return refuse(layer, "a part of a sequence of any length") }
    var operations: [Operation] = []
    if rank == 3, !parts[1].isWhole {
      guard let range = parts[1].range(of: shape.length) else { return refuse(layer, "a part of a tensor") }
      operations.append(.cropping(left: range.lowerBound, right: shape.length - range.upperBound))
      // Every so many positions: the largest of one.
      if parts[1].step > 1 {
        operations.append(.pooling(.maximum, size: 1, stride: parts[1].step, margins: .valid))
      }
    }
    if let channels = parts.last, !channels.isWhole {
      guard let range = channels.range(of: shape.channels), shape.channels <= 4096, !channels.isIndex,
        channels.step == 1
      else {
        return refuse(layer, "a part of a tensor")
      }
      // A dense layer of zeros and ones.
      var kernel = Weights(
        shape: [shape.channels, range.count], values: .init(repeating: 0, count: shape.channels * range.count)
      )
      for (column, row) in range.enumerated() { kernel.values[row * range.count + column] = 1 }
      operations.append(.dense(kernel: kernel, bias: nil))
    }
    if rank == 3, parts[1].isIndex { operations.append(.flatten(channelsFirst: false)) }
    return chain(layer, operations)
  }

  /// What is taken of an axis.
  private struct Part {
    var start: Int?
    var stop: Int?
    var step = 1
    /// A single place, and the axis goes.
    var isIndex = false

    var isWhole: Bool { start ?? 0 == 0 && stop == nil && step == 1 && !isIndex }
    var isReversed: Bool { start == nil && stop == nil && step == -1 }

    /// From where to where places of an axis are taken; `nil` for none, or back to front.
    func range(of size: Int) -> Range<Int>? {
      guard step >= 1 else { return nil }
      func place(_ index: Int) -> Int { min(size, max(0, index < 0 ? index + size : index)) }
      let first = place(start ?? 0)
      let last = isIndex ? first + 1 : place(stop ?? size)
      return first < last && last <= size ? first..<last : nil
    }
  }

  /// The parts of all axes; what is not named is whole, and an ellipsis stands for as many axes as are left.
  private static func spread(_ given: [JSON], over rank: Int) -> [Part]? {
    var before: [Part] = []
    var after: [Part]?
    for item in given.prefix(8) {
      if item["class_name"].text == "__ellipsis__" || item.text == "__ellipsis__" || item.text == "..." {
        guard after == nil else { return nil }
        after = []
        continue
      }
      guard let part = part(item) else { return nil }
      if after == nil { before.append(part) } else { after?.append(part) }
    }
    let missing = rank - before.count - (after?.count ?? 0)
    guard missing >= 0, given.count <= 8 else { return nil }
    return before + (0..<missing).map { _ in Part() } + (after ?? [])
  }

  private static func part(_ item: JSON) -> Part? {
    if let index = item.integer { return Part(start: index, isIndex: true) }
    let slice = item["config"].exists ? item["config"] : item
    guard slice.object != nil else { return nil }
    for key in ["start", "stop", "step"] where slice[key].exists && slice[key].integer == nil { return nil }
    return Part(start: slice["start"].integer, stop: slice["stop"].integer, step: slice["step"].integer ?? 1)
  }
}
