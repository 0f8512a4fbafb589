extension Architecture {
  /// The table Keras prints: layer, output shape, parameters; total, trainable, not trainable.
  public func summary(name: String = "sequential") -> String {
    func grouped(_ number: Int) -> String {
      var digits = String(number)
      var groups: [String] = []
      while digits.count > 3 {
        groups.insert(String(digits.suffix(3)), at: 0)
        digits.removeLast(3)
      }
      return ([digits] + groups).joined(separator: ",")
    }
    let titles = ["Layer (type)", "Output Shape", "Param #"]
    var rows = layers.indices.map { index in
      [
        "\(names[index]) (\(layers[index].names.type))", shapes[index].description,
        grouped(parameterCount(layer: index)),
      ]
    }
    rows.insert(titles, at: 0)
    let widths = titles.indices.map { column in
      max(column == 0 ? 30 : 16, rows.map { $0[column].count }.max() ?? 0)
    }
    func line(_ left: String, _ fill: String, _ middle: String, _ right: String) -> String {
      left + widths.map { String(repeating: fill, count: $0 + 2) }.joined(separator: middle) + right
    }
    func text(_ row: [String]) -> String {
      let cells = row.enumerated().map { column, cell in
        let gap = String(repeating: " ", count: widths[column] - cell.count)
        return column == 2 ? " \(gap)\(cell) " : " \(cell)\(gap) "
      }
      return "│" + cells.joined(separator: "│") + "│"
    }
    return
      ([
        "Model: \"\(name)\"", line("┌", "─", "┬", "┐"), text(rows[0]), line("├", "─", "┼", "┤"),
      ] + rows.dropFirst().map(text) + [
        line("└", "─", "┴", "┘"), " Total params: \(grouped(parameterCount))",
        " Trainable params: \(grouped(trainableParameterCount))",
        " Non-trainable params: \(grouped(parameterCount - trainableParameterCount))",
      ]).joined(separator: "\n")
  }

  /// Parameters of one layer.
  public func parameterCount(layer: Int) -> Int {
    tensors.filter { $0.layer == layer }.reduce(0) { $0 + $1.count }
  }
}

extension Shape: CustomStringConvertible {
  /// As Keras writes it, with `None` for the batch.
  public var description: String {
    switch self {
    case .map(let length, let channels): "(None, \(length), \(channels))"
    case .features(let count): "(None, \(count))"
    }
  }
}
