extension NetworkGraph {
  /// Lets layers read the other strand of the input by kernels back to front, where the network turns the sequence round.
  ///
  /// What follows `reversal` computes the same as before from what is not reversed, its result back to front; so it goes from layer
  /// to layer until positions are pooled or flattened. Both strands then have layers of their own, with the same weights.
  mutating func unwindReversals(_ shapes: [String: GraphShape]) {
    let isTurned = nodes.contains { if case .reversal = $0.operation { true } else { false } }
    guard isTurned else { return }
    var unwinding = Unwinding(self, shapes: shapes)
    unwinding.run()
    self = unwinding.graph
    reorder(unwinding.orders, shapes: shapes)
  }
}

extension NetworkGraph {
  /// Makes each output the mean of those for a sequence and for its reverse complement.
  mutating func averageStrands() {
    guard let input = inputs.first?.name else { return }
    func other(_ name: String) -> String { name + ":reverse" }
    let copies = nodes.map {
      Node(name: other($0.name), operation: $0.operation, inputs: $0.inputs.map(other))
    }
    nodes.append(Node(name: other(input), operation: .reversal(channels: true), inputs: [input]))
    nodes += copies
    outputs = outputs.map { output in
      add(output + ":sum", .addition, [output, other(output)])
      add(output + ":mean", .affine(scale: [0.5], shift: [0]), [output + ":sum"])
      return output + ":mean"
    }
  }
}

private struct Unwinding {
  /// What is back to front in a tensor, compared with the one that now has its name.
  private struct Turn: Equatable {
    var positions = false
    var channels = false
  }

  private(set) var graph: NetworkGraph
  private(set) var orders: [String: [Int]] = [:]
  private let shapes: [String: GraphShape]
  private var turns: [String: Turn] = [:]
  private var nodes: [NetworkGraph.Node] = []

  init(_ graph: NetworkGraph, shapes: [String: GraphShape]) {
    self.graph = graph
    self.shapes = shapes
  }

  mutating func run() {
    // What a reversal makes has no node any more.
    var sources: [String: String] = [:]
    for var node in graph.nodes {
      var given = node.inputs.map { turns[$0] ?? Turn() }
      if case .reversal(let channels) = node.operation {
        var turn = given[0]
        turn.positions.toggle()
        if channels { turn.channels.toggle() }
        turns[node.name] = turn == Turn() ? nil : turn
        sources[node.name] = sources[node.inputs[0]] ?? node.inputs[0]
        continue
      }
      let taken = node.inputs.map { shapes[$0] ?? .features(0) }
      node.inputs = node.inputs.map { sources[$0] ?? $0 }
      func isWhole() -> Bool {
        let turn = given.first { $0 != Turn() }
        return zip(taken, given).allSatisfy { $1 == turn || !$0.isMap }
      }
      if given.contains(where: { $0 != Turn() }), !isWhole() {
        // Channels alone are turned back by themselves.
        for (index, turn) in given.enumerated()
        where !turn.positions && turn.channels && taken[index].channels <= 4096 {
          let channels = taken[index].channels
          node.inputs[index] = add(
            node.inputs[index] + ":channels", .dense(kernel: .order((0..<channels).reversed()), bias: nil),
            node.inputs[index])
          given[index] = Turn()
        }
      }
      let turn = given.first { $0 != Turn() }
      if let turn {
        if isWhole() {
          turned(&node, turn, taken.first ?? .features(0))
        } else {
          graph.refuse("layer \(node.name): \(node.operation.words) of both strands, position by position")
        }
      }
      nodes.append(node)
    }
    graph.nodes = nodes
    for output in graph.outputs where turns[output] != nil {
      graph.refuse("output \(output): positions back to front")
    }
    graph.outputs = graph.outputs.map { sources[$0] ?? $0 }
  }

  private mutating func turned(_ node: inout NetworkGraph.Node, _ turn: Turn, _ shape: GraphShape) {
    var result = turn
    func back(_ values: [Float]) -> [Float] { turn.channels ? values.reversed() : values }
    switch node.operation {
    case .convolution(var layer) where layer.strands == nil && (layer.groups == 1 || !turn.channels):
      layer.kernel = layer.kernel.flipped(axes(turn, positions: 0, channels: 1))
      if turn.positions {
        let span = (layer.kernel.shape[0] - 1) * layer.dilation + 1
        layer.margins = margins(&node, layer.margins, shape, span: span, stride: layer.stride)
      }
      node.operation = .convolution(layer)
      result.channels = false
    case .transposedConvolution(var layer)
    where layer.margins != .valid || layer.kernel.shape[0] >= layer.stride || !turn.positions:
      let (left, right) = layer.margins.sizes(
        transposed: shape.length, size: layer.kernel.shape[0], stride: layer.stride)
      layer.kernel = layer.kernel.flipped(axes(turn, positions: 0, channels: 2))
      if turn.positions { layer.margins = .explicit(left: right, right: left) }
      node.operation = .transposedConvolution(layer)
      result.channels = false
    case .dense(let kernel, let bias):
      node.operation = .dense(kernel: kernel.flipped(turn.channels ? [0] : []), bias: bias)
      result.channels = false
    case .function(.parametricRelu(let slopes)):
      node.operation = .function(.parametricRelu(slopes: back(slopes)))
    case .function, .softmax, .logSoftmax, .dropout, .adaptivePooling, .upsampling, .tiling: break
    case .affine(let scale, let shift): node.operation = .affine(scale: back(scale), shift: back(shift))
    case .normalization(var layer):
      layer.gamma = layer.gamma.map(back)
      layer.beta = layer.beta.map(back)
      (layer.mean, layer.variance) = (back(layer.mean), back(layer.variance))
      node.operation = .normalization(layer)
    case .layerNormalization(let gamma, let beta, let epsilon):
      node.operation = .layerNormalization(gamma: gamma.map(back), beta: beta.map(back), epsilon: epsilon)
    case .pooling(let reduction, let size, let stride, let ends):
      if turn.positions {
        node.operation = .pooling(
          reduction, size: size, stride: stride,
          margins: margins(&node, ends, shape, span: size, stride: stride))
      }
    case .globalPooling, .logSumExp:
      if turn.channels { orders[node.name] = (0..<shape.channels).reversed() }
      return
    case .flatten(let channelsFirst):
      let (length, channels) = (shape.length, shape.channels)
      orders[node.name] = (0..<shape.count).map { place in
        var (l, c) = channelsFirst ? (place % length, place / length) : (place / channels, place % channels)
        if turn.positions { l = length - 1 - l }
        if turn.channels { c = channels - 1 - c }
        return channelsFirst ? c * length + l : l * channels + c
      }
      return
    case .cropping(let left, let right):
      if turn.positions { node.operation = .cropping(left: right, right: left) }
    case .padding(let left, let right, let value):
      if turn.positions { node.operation = .padding(left: right, right: left, value: value) }
    case .addition, .maximum: break
    case .product, .concatenation:
      if turn.channels { return refuse(node) }
    case .recurrent(let layer):
      recurrent(&node, layer, turn)
      if !layer.returnsSequences { return }
      result.channels = false
    default: return refuse(node)
    }
    turns[node.name] = result
  }

  private mutating func refuse(_ node: NetworkGraph.Node) {
    graph.refuse("layer \(node.name): \(node.operation.words) of positions back to front")
  }

  private func axes(_ turn: Turn, positions: Int, channels: Int) -> Set<Int> {
    Set((turn.positions ? [positions] : []) + (turn.channels ? [channels] : []))
  }

  /// Margins for windows that begin at the other end: what the last one left over is left out at the front.
  private mutating func margins(
    _ node: inout NetworkGraph.Node, _ margins: Operation.Margins, _ shape: GraphShape, span: Int, stride: Int
  ) -> Operation.Margins {
    let (left, right) = margins.sizes(length: shape.length, span: span, stride: stride)
    let rest = (shape.length + left + right - span) % stride
    if rest > right {
      nodes.append(
        .init(
          name: node.name + ":cropped", operation: .cropping(left: rest - right, right: 0),
          inputs: node.inputs))
      node.inputs = [node.name + ":cropped"]
    }
    return .explicit(left: max(0, right - rest), right: left)
  }

  /// Adds a node if there is none of its name yet.
  private mutating func add(_ name: String, _ operation: Operation, _ input: String) -> String {
    if !nodes.contains(where: { $0.name == name }) {
      nodes.append(.init(name: name, operation: operation, inputs: [input]))
    }
    return name
  }

  /// Each direction becomes the other.
  private mutating func recurrent(_ node: inout NetworkGraph.Node, _ layer: Operation.Recurrent, _ turn: Turn)
  {
    func flipped(_ parameters: Operation.Recurrent.Parameters?) -> Operation.Recurrent.Parameters? {
      guard turn.channels, var parameters else { return parameters }
      parameters.kernel = parameters.kernel.flipped([0])
      return parameters
    }
    var other = layer
    (other.forward, other.backward) = (flipped(layer.forward), flipped(layer.backward))
    guard turn.positions else { return node.operation = .recurrent(other) }
    swap(&other.forward, &other.backward)
    switch layer.direction {
    case .forward: other.direction = .backward
    case .backward: other.direction = .forward
    case .both:
      // The direction that came first comes second now.
      let (units, width) = (layer.units, 2 * layer.units)
      node.inputs = [add(node.name + ":directions", .recurrent(other), node.inputs[0])]
      return node.operation = .dense(kernel: .order((0..<width).map { ($0 + units) % width }), bias: nil)
    }
    node.operation = .recurrent(other)
  }
}
