extension NetworkGraph {
  /// Takes an unknown base for none at all where the network takes it for a quarter of each: the weights of a position are moved
  /// until they sum to zero, and their mean goes into the bias.
  ///
  /// What is neither a convolution nor a dense layer on the input, and zeros at its ends, is noted as a problem.
  mutating func centerBases() {
    guard unknownBase != 0 else { return }
    var names = Set(inputs.map(\.name))
    var flattened: [String: Bool] = [:]
    for index in nodes.indices {
      let node = nodes[index]
      let refusal =
        "layer \(node.name): \(node.operation.words) of sequences with unknown bases as \(unknownBase) of each"
      if let channelsFirst = node.inputs.first.flatMap({ flattened[$0] }) {
        guard case .dense(let kernel, let bias) = node.operation, kernel.shape[0] % 4 == 0 else {
          refuse(refusal)
          continue
        }
        let length = kernel.shape[0] / 4
        // (positions, 4, units)
        let columns = kernel.shape[1]
        let whole =
          channelsFirst
          ? Weights(shape: [4, length, columns], values: kernel.values).transposed([1, 0, 2])
          : Weights(shape: [length, 4, columns], values: kernel.values)
        let (centered, means) = whole.centered(unknownBase)
        let back = channelsFirst ? centered.transposed([1, 0, 2]) : centered
        nodes[index].operation = .dense(
          kernel: Weights(shape: kernel.shape, values: back.values),
          bias: zip(bias ?? means.map { _ in 0 }, means).map(+))
      }
      guard node.inputs.contains(where: names.contains) else { continue }
      switch node.operation {
      case .convolution(var layer)
      where layer.groups == 1 && layer.kernel.shape[1] == 4 && layer.margins.sizes == (0, 0)
        && layer.margins != .same:
        let (centered, means) = layer.kernel.centered(unknownBase)
        layer.kernel = centered
        layer.bias = zip(layer.bias ?? means.map { _ in 0 }, means).map(+)
        nodes[index].operation = .convolution(layer)
      case .padding(let left, let right, unknownBase):
        nodes[index].operation = .padding(left: left, right: right, value: 0)
        names.insert(node.name)
      case .flatten(let channelsFirst): flattened[node.name] = channelsFirst
      default: refuse(refusal)
      }
    }
  }
}

extension Weights {
  /// (positions, 4, outputs) with four weights that sum to zero at each position and output, and for each output what unknown bases,
  /// `share` of each base, add to it.
  func centered(_ share: Float) -> (weights: Weights, means: [Float]) {
    let columns = shape[2]
    var result = values
    var sums = [Double](repeating: 0, count: columns)
    for position in 0..<shape[0] {
      for column in 0..<columns {
        let places = (0..<4).map { (position * 4 + $0) * columns + column }
        let unknown = Double(share) * places.reduce(0) { $0 + Double(values[$1]) }
        for place in places { result[place] = Float(Double(values[place]) - unknown) }
        sums[column] += unknown
      }
    }
    return (Weights(shape: shape, values: result), sums.map { Float($0) })
  }
}
