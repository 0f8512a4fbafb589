extension KerasReader {
  /// An LSTM or GRU, or one in each direction.
  mutating func recurrent(_ layer: Layer) -> String? {
    let isBidirectional = layer.className == "Bidirectional"
    let inner = isBidirectional ? layer.config["layer"]["config"] : layer.config
    let kind = isBidirectional ? layer.config["layer"]["class_name"].text ?? "?" : layer.className
    guard let cell = Operation.Recurrent.Cell(rawValue: kind.lowercased()) else {
      return refuse(layer, "Bidirectional of \(kind)")
    }
    if isBidirectional, layer.config["merge_mode"].text != "concat" {
      return refuse(layer, "merge mode \(layer.config["merge_mode"].text ?? "none")")
    }
    for option in ["stateful", "return_state"] where inner[option].bool == true {
      return refuse(layer, option)
    }
    let isBackward = inner["go_backwards"].bool ?? false
    if isBackward, inner["return_sequences"].bool == true, !isBidirectional {
      return refuse(layer, "go_backwards with return_sequences")
    }
    var options = layer
    options.config = inner
    let hasBias = hasBias(options)
    let count = hasBias ? 3 : 2
    func parameters(_ first: Int) -> Operation.Recurrent.Parameters? {
      guard layer.arrays.count >= first + count, layer.arrays[first].shape.count == 2,
        layer.arrays[first + 1].shape.count == 2
      else { return nil }
      return .init(
        kernel: layer.arrays[first], recurrent: layer.arrays[first + 1],
        bias: hasBias ? layer.arrays[first + 2] : nil)
    }
    // Keras 1 and 0.3 keep gates apart and in another order.
    guard file.version >= 2 else { return refuse(layer, "of Keras \(file.version)") }
    guard let units = inner["units"].integer, let first = parameters(0),
      let second = isBidirectional ? parameters(count) : first
    else { return refuse(layer, "its weights are missing or of another shape") }
    let fallback = JSON("hard_sigmoid")
    let gate = inner["recurrent_activation"].exists ? inner["recurrent_activation"] : fallback
    let output = inner["activation"].exists ? inner["activation"] : JSON("tanh")
    guard let activation = function(output, of: layer), let recurrentActivation = function(gate, of: layer)
    else {
      return nil
    }
    return plain(
      layer,
      .recurrent(
        .init(
          cell: cell, units: units, direction: isBidirectional ? .both : isBackward ? .backward : .forward,
          returnsSequences: inner["return_sequences"].bool ?? false,
          resetsAfter: inner["reset_after"].bool ?? (first.bias?.shape.count == 2), activation: activation,
          recurrentActivation: recurrentActivation, forward: isBackward && !isBidirectional ? nil : first,
          backward: isBidirectional ? second : isBackward ? first : nil)))
  }
}
