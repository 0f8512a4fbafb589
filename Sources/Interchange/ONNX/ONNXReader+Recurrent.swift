extension ONNXReader {
  /// `LSTM`, `GRU` and `RNN`: weights (directions, gates · units, inputs), gates in the order i o f c and z r h. A plain one is
  /// written as a GRU.
  mutating func recurrent(_ node: ONNXNode) throws {
    let value = try input(node)
    let isLSTM = node.type == "LSTM"
    let isPlain = node.type == "RNN"
    let gates = isLSTM ? 4 : isPlain ? 1 : 3
    let batchFirst = (node.integer("layout") ?? 0) == 1
    guard value.axes == (batchFirst ? [.batch, .positions, .channels] : [.positions, .batch, .channels]),
      let w = constant(node, 1)?.weights, let r = constant(node, 2)?.weights, w.shape.count == 3,
      r.shape.count == 3,
      let units = node.integer("hidden_size"), w.shape[1] == gates * units, r.shape[1] == gates * units,
      r.shape[2] == units,
      r.shape[0] == w.shape[0], let channels = value.sizes.last, w.shape[2] == channels
    else { throw Missing(what: "its weights") }
    let directions = w.shape[0]
    let sigma = try gateFunction(node, directions: directions)
    for option in 4..<8 where node.inputs[safe: option].map({ !$0.isEmpty }) ?? false {
      guard constant(node, option)?.values.allSatisfy({ $0 == 0 }) ?? (option == 4) else {
        throw Missing(what: "a state to begin with")
      }
      // States of another size than its units are those of an LSTM with a projection, which ONNX does not have.
      guard ![5, 6].contains(option) || constant(node, option)?.weights.shape.last == units else {
        throw Missing(what: "a state of another size than its units")
      }
    }
    let direction = node.text("direction") ?? "forward"
    let resetsAfter = isPlain || (node.integer("linear_before_reset") ?? 0) != 0
    // i o f c → i f c o
    let order = isLSTM ? [0, 2, 3, 1] : Array(0..<gates)
    let bias = constant(node, 3)?.weights
    func parameters(_ index: Int) throws -> Operation.Recurrent.Parameters {
      func part(_ weights: Weights) -> Weights {
        let size = weights.values.count / directions
        let rows = Weights(
          shape: Array(weights.shape.dropFirst()),
          values: Array(weights.values[index * size..<(index + 1) * size]))
        return rows.blocks(order, size: units).transposed([1, 0])
      }
      var sum: Weights?
      if let bias {
        guard bias.shape == [directions, 2 * gates * units] else { throw Missing(what: "its weights") }
        let all = Array(bias.values[index * 2 * gates * units..<(index + 1) * 2 * gates * units])
        let input = Weights(shape: [gates * units], values: Array(all[..<(gates * units)])).blocks(
          order, size: units
        ).values
        let state = Weights(shape: [gates * units], values: Array(all[(gates * units)...])).blocks(
          order, size: units
        ).values
        sum =
          node.type == "GRU" && resetsAfter
          ? Weights(shape: [2, gates * units], values: input + state)
          : Weights(shape: [gates * units], values: zip(input, state).map(+))
      }
      let own = Operation.Recurrent.Parameters(kernel: part(w), recurrent: part(r), bias: sum)
      return isPlain ? own.asGRU : own
    }
    let sequences = node.outputs.first ?? ""
    let state = node.outputs[safe: 1] ?? ""
    for (output, returnsSequences) in [(sequences, true), (state, false)] where !output.isEmpty {
      graph.add(
        output,
        .recurrent(
          .init(
            cell: isLSTM ? .lstm : .gru, units: units,
            direction: direction == "bidirectional" ? .both : direction == "reverse" ? .backward : .forward,
            returnsSequences: returnsSequences, resetsAfter: resetsAfter, activation: .tanh,
            recurrentActivation: sigma, forward: direction == "reverse" ? nil : try parameters(0),
            backward: direction == "forward" ? nil : try parameters(directions - 1))), [value.tensor])
      let batch = value.sizes[batchFirst ? 0 : 1]
      let length = value.sizes[batchFirst ? 1 : 0]
      known[output] = .value(
        returnsSequences
          ? Value(
            tensor: output,
            axes: batchFirst
              ? [.batch, .positions, .directions, .channels] : [.positions, .directions, .batch, .channels],
            sizes: batchFirst ? [batch, length, directions, units] : [length, directions, batch, units])
          : Value(
            tensor: output,
            axes: batchFirst ? [.batch, .directions, .channels] : [.directions, .batch, .channels],
            sizes: batchFirst ? [batch, directions, units] : [directions, batch, units]))
    }
  }
}

extension ONNXReader {
  /// σ of a recurrent operation's gates; its other functions must be tanh.
  private func gateFunction(_ node: ONNXNode, directions: Int) throws -> Operation.Function {
    guard let activations = node.texts("activations"), let first = activations.first else { return .sigmoid }
    let gate = node.type == "RNN" ? "Sigmoid" : first
    let others = ["LSTM": 2, "GRU": 1][node.type] ?? 0
    let expected = (others == 0 ? ["Tanh"] : [gate]) + [String](repeating: "Tanh", count: others)
    let slopes = Set(node.numbers("activation_alpha") ?? [])
    guard activations == (0..<directions).flatMap({ _ in expected }),
      gate == "Sigmoid"
        || (gate == "HardSigmoid" && slopes.count <= 1
          && Set(node.numbers("activation_beta") ?? []).isSubset(of: [0.5]))
    else { throw Missing(what: "activations \(activations.joined(separator: ", "))") }
    return gate == "Sigmoid" ? .sigmoid : .hardSigmoid(slope: slopes.first ?? 0.2)
  }
}
