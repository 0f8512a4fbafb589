extension KerasReader {
  /// An LSTM, a GRU or a plain recurrent layer, or one in each direction.
  mutating func recurrent(_ layer: Layer) -> String? {
    let isBidirectional = layer.className == "Bidirectional"
    let inner = isBidirectional ? layer.config["layer"]["config"] : layer.config
    let kind = isBidirectional ? layer.config["layer"]["class_name"].text ?? "?" : layer.className
    // A plain layer is written as a GRU.
    let isPlain = kind == "SimpleRNN"
    guard let cell = isPlain ? .gru : Operation.Recurrent.Cell(rawValue: kind.lowercased()) else {
      return refuse(layer, "Bidirectional of \(kind)")
    }
    let merge = isBidirectional ? layer.config["merge_mode"].text ?? "none" : "concat"
    guard ["concat", "sum", "mul", "ave"].contains(merge) else { return refuse(layer, "merge mode \(merge)") }
    for option in ["stateful", "return_state"] where inner[option].bool == true {
      return refuse(layer, option)
    }
    let isBackward = inner["go_backwards"].bool ?? false
    let other = layer.config["backward_layer"]
    if isBidirectional, other.exists {
      let options = [
        "units", "activation", "recurrent_activation", "use_bias", "reset_after", "return_sequences",
      ]
      func isAlike(_ option: String) -> Bool {
        let (a, b) = (other["config"][option], inner[option])
        return a.text == b.text && a.number == b.number && a.bool == b.bool
      }
      guard other["class_name"].text == kind, options.allSatisfy(isAlike) else {
        return refuse(layer, "directions that differ in more than their weights")
      }
    }
    var options = layer
    options.config = inner
    let hasBias = hasBias(options)
    // Keras 1 and 0.3 keep the arrays of each gate apart: input, state and bias of i c f o, or of z r h.
    let isApart = file.version < 2 && layer.arrays.count > (isBidirectional ? 6 : 3)
    let count = isApart ? (cell == .lstm ? 12 : 9) : hasBias ? 3 : 2
    func parameters(_ first: Int) -> Operation.Recurrent.Parameters? {
      if isApart { return Self.joined(layer.arrays.dropFirst(first).prefix(count), cell) }
      guard layer.arrays.count >= first + count, layer.arrays[first].shape.count == 2,
        layer.arrays[first + 1].shape.count == 2
      else { return nil }
      let own = Operation.Recurrent.Parameters(
        kernel: layer.arrays[first], recurrent: layer.arrays[first + 1],
        bias: hasBias ? layer.arrays[first + 2] : nil)
      return isPlain ? own.asGRU : own
    }
    guard let units = inner["units"].integer ?? inner["output_dim"].integer, let first = parameters(0),
      let second = isBidirectional ? parameters(count) : first
    else { return refuse(layer, "its weights are missing or of another shape") }
    let fallback = JSON("hard_sigmoid")
    let gates =
      inner["recurrent_activation"].exists ? inner["recurrent_activation"] : inner["inner_activation"]
    let gate = isPlain ? JSON("sigmoid") : gates.exists ? gates : fallback
    let output = inner["activation"].exists ? inner["activation"] : JSON("tanh")
    guard let activation = function(output, of: layer), let recurrentActivation = function(gate, of: layer)
    else {
      return nil
    }
    func operation(_ direction: Operation.Recurrent.Direction) -> Operation {
      .recurrent(
        .init(
          cell: cell, units: units, direction: direction,
          returnsSequences: inner["return_sequences"].bool ?? false,
          resetsAfter: inner["reset_after"].bool ?? (isPlain || first.bias?.shape.count == 2),
          activation: activation,
          recurrentActivation: recurrentActivation, forward: direction == .backward ? nil : first,
          backward: direction == .forward ? nil : isBidirectional ? second : first))
    }
    if isBidirectional, merge != "concat", !layer.inputs.isEmpty {
      var both = layer
      both.inputs = ["forward", "backward"].map { "\(layer.output):\($0)" }
      graph.add(both.inputs[0], operation(.forward), layer.inputs)
      graph.add(both.inputs[1], operation(.backward), layer.inputs)
      return merge == "ave" ? mean(both) : plain(both, merge == "mul" ? .product : .addition)
    }
    if isBackward, !isBidirectional, inner["return_sequences"].bool == true, !layer.inputs.isEmpty {
      // Keras leaves the states in the order in which they were made.
      graph.add(layer.output + ":states", operation(.backward), layer.inputs)
      var turned = layer
      turned.inputs = [layer.output + ":states"]
      return plain(turned, .reversal(channels: false))
    }
    return plain(layer, operation(isBidirectional ? .both : isBackward ? .backward : .forward))
  }

  /// Gates in the order of later versions, side by side.
  private static func joined(_ arrays: ArraySlice<Weights>, _ cell: Operation.Recurrent.Cell)
    -> Operation.Recurrent.Parameters?
  {
    let order = cell == .lstm ? [0, 2, 1, 3] : [0, 1, 2]
    let arrays = Array(arrays)
    guard arrays.count == 3 * order.count,
      arrays.indices.allSatisfy({ arrays[$0].shape.count == ($0 % 3 == 2 ? 1 : 2) })
    else { return nil }
    func side(_ part: Int) -> Weights? {
      let parts = order.map { arrays[3 * $0 + part] }
      let (rows, columns) = (parts[0].shape.count == 2 ? parts[0].shape[0] : 1, parts[0].shape.last ?? 0)
      guard parts.allSatisfy({ $0.shape == parts[0].shape }) else { return nil }
      let values = (0..<rows).flatMap { row in
        parts.flatMap { $0.values[row * columns..<(row + 1) * columns] }
      }
      let width = columns * order.count
      return Weights(shape: part == 2 ? [width] : [rows, width], values: values)
    }
    guard let kernel = side(0), let recurrent = side(1), let bias = side(2) else { return nil }
    return .init(kernel: kernel, recurrent: recurrent, bias: bias)
  }
}
