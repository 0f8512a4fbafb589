/// Layers with several inputs, and operations that Keras 3 keeps as layers where programs compute with tensors.
extension KerasReader {
  mutating func merge(_ layer: Layer) -> String? {
    // An operation of a tensor and a number.
    if layer.inputs.count == 1, let number = layer.constant { return scaled(layer, number) }
    if layer.inputs.count == 1, layer.arguments["args"][1].exists {
      return refuse(layer, "of a constant array")
    }
    let mode =
      layer.className == "Merge" ? layer.config["mode"].text ?? "sum" : layer.className.lowercased()
    switch mode {
    case "add", "sum": return plain(repeated(layer), .addition)
    case "multiply", "mul": return plain(spread(layer), .product)
    case "maximum", "max": return plain(repeated(layer), .maximum)
    case "average", "ave": return mean(repeated(layer))
    case "subtract" where layer.inputs.count == 2:
      return plain(negated(repeated(layer), from: 1), .addition)
    case "minimum" where !layer.inputs.isEmpty:
      // min(a, b) = -max(-a, -b)
      graph.add(layer.output + ":largest", .maximum, negated(layer, from: 0).inputs)
      graph.add(layer.output, .affine(scale: [-1], shift: [0]), [layer.output + ":largest"])
      return layer.output
    case "concatenate", "concat":
      let axis = layer.config["axis"].integer ?? layer.config["concat_axis"].integer ?? -1
      if axis == 1 || axis == -2, !isFeatures(layer.inputs.first) { return plain(layer, .succession) }
      guard axis == -1 || axis == 2 || (axis == 1 && isFeatures(layer.inputs.first)) else {
        return refuse(layer, "axis \(axis)")
      }
      return plain(layer, .concatenation)
    default: return refuse(layer, "mode \(mode)")
    }
  }

  /// The mean of a layer's inputs, element by element.
  mutating func mean(_ layer: Layer) -> String? {
    guard layer.inputs.count > 1 else { return layer.inputs.first }
    graph.add(layer.output + ":sum", .addition, layer.inputs)
    graph.add(
      layer.output, .affine(scale: [1 / Float(layer.inputs.count)], shift: [0]), [layer.output + ":sum"])
    return layer.output
  }

  /// With a number for each position as all channels of the others.
  private mutating func spread(_ layer: Layer) -> Layer {
    let shapes = layer.inputs.map { shape($0) }
    let channels = shapes.compactMap { $0?.channels }.max() ?? 1
    var result = layer
    for (index, shape) in shapes.enumerated() {
      guard let shape, shape.isMap, shape.length > 1, shape.channels == 1, channels > 1 else { continue }
      result.inputs[index] = "\(layer.output):spread\(index + 1)"
      graph.add(result.inputs[index], .ones(channels), [layer.inputs[index]])
    }
    return result
  }

  /// With a single position as all positions of the others.
  private mutating func repeated(_ layer: Layer) -> Layer {
    let shapes = layer.inputs.map { shape($0) }
    guard let length = shapes.compactMap({ $0?.length }).max(), (2...1 << 12).contains(length) else {
      return layer
    }
    var result = layer
    for (index, shape) in shapes.enumerated() {
      guard let shape, shape.isMap, shape.length == 1 else { continue }
      result.inputs[index] = "\(layer.output):repeated\(index + 1)"
      graph.add(result.inputs[index], .upsampling(length), [layer.inputs[index]])
    }
    return result
  }

  /// The same with the inputs from one on times minus one.
  private mutating func negated(_ layer: Layer, from first: Int) -> Layer {
    var result = layer
    for index in first..<layer.inputs.count {
      result.inputs[index] = "\(layer.output):negative\(index + 1)"
      graph.add(result.inputs[index], .affine(scale: [-1], shift: [0]), [layer.inputs[index]])
    }
    return result
  }

  private mutating func scaled(_ layer: Layer, _ number: (value: Double, isFirst: Bool)) -> String? {
    let value = Float(number.value)
    switch (layer.className, number.isFirst) {
    case ("Add", _): return plain(layer, .affine(scale: [1], shift: [value]))
    case ("Subtract", false): return plain(layer, .affine(scale: [1], shift: [-value]))
    case ("Subtract", true): return plain(layer, .affine(scale: [-1], shift: [value]))
    case ("Multiply", _): return plain(layer, .affine(scale: [value], shift: [0]))
    case ("TrueDivide", false) where value != 0, ("Divide", false) where value != 0:
      return plain(layer, .affine(scale: [Float(1 / number.value)], shift: [0]))
    case ("Maximum", _): return plain(layer, .function(.clipped(number.value, .infinity)))
    case ("Minimum", _): return plain(layer, .function(.clipped(-.infinity, number.value)))
    default: return refuse(layer, nil)
    }
  }

  /// The other strand: positions, and with them bases, back to front.
  mutating func turn(_ layer: Layer) -> String? {
    guard let axes = layer.config["axis"].integers else { return refuse(layer, "its axes") }
    return turn(layer, axes)
  }

  mutating func turn(_ layer: Layer, _ axes: [Int]) -> String? {
    switch Set(axes.map { $0 < 0 ? $0 + 3 : $0 }) {
    case [1]: return plain(layer, .reversal(channels: false))
    case [1, 2]: return plain(layer, .reversal(channels: true))
    default: return refuse(layer, "its axes")
    }
  }
}

extension KerasReader.Layer {
  /// A number among what an operation is given, and whether it stands first.
  var constant: (value: Double, isFirst: Bool)? {
    for (index, argument) in (arguments["args"].array ?? []).enumerated() {
      if let number = argument.number { return (number, index == 0) }
    }
    return nil
  }
}
