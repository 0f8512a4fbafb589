extension NetworkGraph {
  /// Flattens every map channel by channel, or position by position, and puts the weights of what follows into that order.
  ///
  /// A map of L positions and C channels has feature c · L + l in the one and l · C + c in the other.
  mutating func layOut(channelsFirst: Bool, shapes: [String: GraphShape]) {
    var orders: [String: [Int]] = [:]
    for index in nodes.indices {
      guard case .flatten(let isChannelsFirst) = nodes[index].operation else { continue }
      nodes[index].operation = .flatten(channelsFirst: channelsFirst)
      let shape = shapes[nodes[index].inputs[0]] ?? .features(0)
      guard isChannelsFirst != channelsFirst, shape.length > 1, shape.channels > 1 else { continue }
      orders[nodes[index].name] = Self.order(of: shape, channelsFirst: channelsFirst)
    }
    reorder(orders, shapes: shapes)
  }

  /// Which feature of a map laid out the other way is now at each place.
  private static func order(of shape: GraphShape, channelsFirst: Bool) -> [Int] {
    let (minor, major) = channelsFirst ? (shape.length, shape.channels) : (shape.channels, shape.length)
    return (0..<shape.count).map { $0 % minor * major + $0 / minor }
  }

  /// Puts the weights of what follows into a new order of features.
  ///
  /// - Parameter orders: for some tensors of features, which of them is now at each place.
  mutating func reorder(_ orders: [String: [Int]], shapes: [String: GraphShape]) {
    // Nothing where they are as before.
    var orders = orders
    for index in nodes.indices where orders[nodes[index].name] == nil {
      let node = nodes[index]
      let order = node.inputs.first.flatMap { orders[$0] }
      guard node.inputs.contains(where: { orders[$0] != nil }) else { continue }
      switch node.operation {
      case .dense(let kernel, let bias):
        if let order { nodes[index].operation = .dense(kernel: kernel.reordered(axis: 0, order), bias: bias) }
      case .normalization(var layer):
        guard let order else { continue }
        layer.gamma = layer.gamma.map { values in order.map { values[$0] } }
        layer.beta = layer.beta.map { values in order.map { values[$0] } }
        layer.mean = order.map { layer.mean[$0] }
        layer.variance = order.map { layer.variance[$0] }
        nodes[index].operation = .normalization(layer)
        orders[node.name] = order
      case .layerNormalization(let gamma, let beta, let epsilon):
        guard let order else { continue }
        nodes[index].operation = .layerNormalization(
          gamma: gamma.map { values in order.map { values[$0] } },
          beta: beta.map { values in order.map { values[$0] } }, epsilon: epsilon)
        orders[node.name] = order
      case .rootMeanSquareNormalization(let gamma, let epsilon):
        guard let order else { continue }
        nodes[index].operation = .rootMeanSquareNormalization(
          gamma: gamma.map { values in order.map { values[$0] } }, epsilon: epsilon)
        orders[node.name] = order
      case .affine(let scale, let shift):
        guard let order else { continue }
        func ordered(_ numbers: [Float]) -> [Float] {
          numbers.count == 1 ? numbers : order.map { numbers[$0] }
        }
        nodes[index].operation = .affine(scale: ordered(scale), shift: ordered(shift))
        orders[node.name] = order
      case .function, .dropout: orders[node.name] = order
      // A map of the shape that was flattened.
      case .separate(let length, let isChannelsFirst)
      where shapes[node.name].map { Self.order(of: $0, channelsFirst: !isChannelsFirst) } == order:
        nodes[index].operation = .separate(length: length, channelsFirst: !isChannelsFirst)
      case .logSumExp where shapes[node.inputs[0]]?.isMap == false: break
      case .addition, .product, .maximum:
        guard node.inputs.allSatisfy({ orders[$0] == order }) else {
          refuse("layer \(node.name): of features in different orders")
          continue
        }
        orders[node.name] = order
      case .concatenation:
        var joined: [Int] = []
        for input in node.inputs {
          let first = joined.count
          joined += (orders[input] ?? Array(0..<(shapes[input]?.count ?? 0))).map { $0 + first }
        }
        orders[node.name] = joined
      case .convolution, .transposedConvolution, .softmax, .logSoftmax, .recurrent, .pooling,
        .adaptivePooling, .globalPooling,
        .flatten, .singlePosition, .separate, .logSumExp, .cropping, .padding, .upsampling, .tiling,
        .reversal, .succession, .groupNormalization, .gate, .mixing:
        refuse("layer \(node.name): of features in another order")
      }
    }
    for (index, output) in outputs.enumerated() {
      guard let order = orders[output] else { continue }
      guard order.count <= 2048 else {
        refuse("output \(output): features in another order")
        continue
      }
      // Back to where they were, by a dense layer of zeros and ones.
      var kernel = Weights(
        shape: [order.count, order.count], values: .init(repeating: 0, count: order.count * order.count))
      for (place, feature) in order.enumerated() { kernel.values[place * order.count + feature] = 1 }
      outputs[index] = output + ":order"
      if !nodes.contains(where: { $0.name == outputs[index] }) {
        add(outputs[index], .dense(kernel: kernel, bias: nil), [output])
      }
    }
  }
}
