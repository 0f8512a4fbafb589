import NeuralNetworks

extension NetworkGraph {
  /// What is made of the network's own output for people: a probability of a logit, ….
  enum Link: String, Codable { case identity, sigmoid, softmax, logSigmoid, logSoftmax }

  /// How often each tensor is taken, outputs included.
  var uses: [String: Int] {
    nodes.flatMap(\.inputs).reduce(into: outputs.reduce(into: [:]) { $0[$1, default: 0] += 1 }) {
      $0[$1, default: 0] += 1
    }
  }

  /// Takes a sigmoid or softmax, or the logarithm of one, off each output.
  mutating func unlinked() -> [Link] {
    let uses = uses
    return outputs.indices.map { index in
      guard let node = nodes.first(where: { $0.name == outputs[index] }), uses[node.name] == 1 else {
        return .identity
      }
      let link: Link
      switch node.operation {
      case .function(.sigmoid): link = .sigmoid
      case .softmax: link = .softmax
      case .function(.logSigmoid): link = .logSigmoid
      case .logSoftmax: link = .logSoftmax
      default: return .identity
      }
      outputs[index] = node.inputs[0]
      return link
    }
  }

  /// Adds the product of as many copies of a tensor as `exponent` says; false for others than 2, 3 and 4.
  mutating func addPower(_ name: String, of tensor: String, _ exponent: Int) -> Bool {
    guard (2...4).contains(exponent) else { return false }
    // A layer takes a tensor once.
    let copies = (2...exponent).map { "\(name):copy\($0)" }
    for copy in copies { add(copy, .function(.linear), [tensor]) }
    add(name, .product, [tensor] + copies)
    return true
  }

  /// Removes what leads to no output.
  mutating func prune() {
    var needed = Set(outputs)
    for node in nodes.reversed() where needed.contains(node.name) { needed.formUnion(node.inputs) }
    nodes.removeAll { !needed.contains($0.name) }
  }

  /// Makes what is added to a product, and to nothing else, its bias.
  mutating func foldBiases() {
    let uses = uses
    for index in nodes.indices {
      guard case .affine(let scale, let shift) = nodes[index].operation, scale.allSatisfy({ $0 == 1 }),
        let product = nodes.first(where: { $0.name == nodes[index].inputs[0] }), uses[product.name] == 1,
        case .dense(let kernel, nil) = product.operation
      else { continue }
      let bias = shift.count == 1 ? .init(repeating: shift[0], count: kernel.shape[1]) : shift
      nodes[index].operation = .dense(kernel: kernel, bias: bias)
      nodes[index].inputs = product.inputs
    }
    if problems.isEmpty { prune() }
  }

  /// Makes one dense layer of several that are outputs and take the same features.
  mutating func mergeHeads() {
    let heads = outputs.compactMap { output in nodes.first { $0.name == output } }
    guard heads.count == outputs.count, heads.count > 1, Set(heads.map(\.name)).count == heads.count,
      Set(heads.map(\.inputs)).count == 1
    else { return }
    var kernels: [Weights] = []
    var bias: [Float] = []
    for head in heads {
      guard case .dense(let kernel, let own) = head.operation else { return }
      kernels.append(kernel)
      bias += own ?? [Float](repeating: 0, count: kernel.shape[1])
    }
    guard uses.filter({ outputs.contains($0.key) }).allSatisfy({ $0.value == 1 }) else { return }
    let rows = kernels[0].shape[0]
    let width = kernels.reduce(0) { $0 + $1.shape[1] }
    let values = (0..<rows).flatMap { row in
      kernels.flatMap { $0.values[row * $0.shape[1]..<(row + 1) * $0.shape[1]] }
    }
    let name = outputs.joined(separator: "_")
    let place = nodes.firstIndex { $0.name == heads[0].name } ?? nodes.count - 1
    nodes[place] = Node(
      name: name, operation: .dense(kernel: Weights(shape: [rows, width], values: values), bias: bias),
      inputs: heads[0].inputs)
    nodes.removeAll { node in outputs.contains(node.name) }
    outputs = [name]
  }

  /// Takes features that stand as a map and are flattened again for what they were.
  mutating func dropReshaping() {
    var sources: [String: String] = [:]
    for node in nodes {
      guard case .flatten(let isChannelsFirst) = node.operation, !outputs.contains(node.name),
        let map = nodes.first(where: { $0.name == node.inputs[0] }),
        case .separate(_, isChannelsFirst) = map.operation
      else { continue }
      sources[node.name] = sources[map.inputs[0]] ?? map.inputs[0]
    }
    for index in nodes.indices { nodes[index].inputs = nodes[index].inputs.map { sources[$0] ?? $0 } }
    prune()
  }

  /// Lets a convolution add the zeros that a layer before it adds.
  mutating func foldPadding() {
    let uses = uses
    for index in nodes.indices {
      guard case .convolution(var layer) = nodes[index].operation, layer.margins.sizes == (0, 0),
        layer.margins != .same,
        let padding = nodes.first(where: { $0.name == nodes[index].inputs[0] }), uses[padding.name] == 1,
        case .padding(let left, let right, 0) = padding.operation
      else { continue }
      layer.margins = .explicit(left: left, right: right)
      nodes[index].operation = .convolution(layer)
      nodes[index].inputs = padding.inputs
    }
  }

  /// Lets a layer of its own add the zeros at a convolution's ends that are neither none nor those of `same`.
  mutating func unfoldPadding() {
    for index in nodes.indices.reversed() {
      guard case .convolution(var layer) = nodes[index].operation,
        case .explicit(let left, let right) = layer.margins
      else { continue }
      layer.margins = .valid
      nodes[index].operation = .convolution(layer)
      let padding = Node(
        name: nodes[index].name + ":padding", operation: .padding(left: left, right: right, value: 0),
        inputs: nodes[index].inputs)
      nodes[index].inputs = [padding.name]
      nodes.insert(padding, at: index)
    }
  }

  /// A convolution of size 1 over features that were flattened channel by channel is one over the positions: its kernel at
  /// position l and channel c is the other's at feature c · L + l.
  mutating func unfoldPositions(_ shapes: [String: GraphShape]) {
    for index in nodes.indices {
      guard case .convolution(var layer) = nodes[index].operation, layer.kernel.shape[0] == 1,
        layer.stride == 1,
        let position = nodes.first(where: { $0.name == nodes[index].inputs[0] }),
        case .singlePosition = position.operation,
        let flatten = nodes.first(where: { $0.name == position.inputs[0] }),
        case .flatten(let channelsFirst) = flatten.operation,
        case .map(let length, let channels) = shapes[flatten.inputs[0]] ?? .features(0),
        channels % layer.groups == 0,
        channelsFirst || layer.groups == 1
      else { continue }
      let inside = channels / layer.groups
      let filters = layer.kernel.shape[2]
      let old = layer.kernel.values
      var values: [Float] = []
      values.reserveCapacity(old.count)
      for l in 0..<length {
        for c in 0..<inside {
          let row = (channelsFirst ? c * length + l : l * inside + c) * filters
          values += old[row..<row + filters]
        }
      }
      layer.kernel = Weights(shape: [length, inside, filters], values: values)
      layer.margins = .valid
      layer.dilation = 1
      nodes[index].operation = .convolution(layer)
      nodes[index].inputs = flatten.inputs
    }
  }

  /// Makes one convolution on both strands of two on the input, of which one has the kernel of the other back to front.
  mutating func foldStrands() {
    for index in nodes.indices {
      let merge: StrandMerge
      switch nodes[index].operation {
      case .maximum: merge = .maximum
      case .concatenation: merge = .concatenation
      default: continue
      }
      let sources = nodes[index].inputs.compactMap { name in nodes.first { $0.name == name } }
      guard sources.count == 2, sources[0].inputs == sources[1].inputs,
        inputs.contains(where: { [$0.name] == sources[0].inputs }),
        case .convolution(var forward) = sources[0].operation,
        case .convolution(let reverse) = sources[1].operation,
        forward.kernel.flipped([0, 1]) == reverse.kernel, forward.bias == reverse.bias, forward.groups == 1,
        forward.stride == reverse.stride, forward.margins == reverse.margins,
        forward.dilation == reverse.dilation
      else { continue }
      forward.strands = merge
      nodes[index].operation = .convolution(forward)
      nodes[index].inputs = sources[0].inputs
    }
  }

  /// Lets a convolution in groups, of which each is given a copy of the same channels, take these once.
  mutating func foldTiling() {
    let uses = uses
    for index in nodes.indices {
      guard case .convolution(var layer) = nodes[index].operation,
        let tiling = nodes.first(where: { $0.name == nodes[index].inputs[0] }), uses[tiling.name] == 1,
        case .tiling(layer.groups) = tiling.operation
      else { continue }
      layer.groups = 1
      nodes[index].operation = .convolution(layer)
      nodes[index].inputs = tiling.inputs
    }
    prune()
  }

  /// Names of all tensors by a rule, those that would be the same with a number; the first input is `input`.
  mutating func rename(_ rule: (String) -> String) {
    var names: [String: String] = [:]
    var taken: Set<String> = []
    for old in inputs.map(\.name) + nodes.map(\.name) {
      var name = taken.isEmpty ? "input" : rule(old)
      var number = 1
      while !taken.insert(name).inserted {
        name = String(rule(old).prefix(160)) + "_\(number)"
        number += 1
      }
      names[old] = name
    }
    for index in inputs.indices { inputs[index].name = names[inputs[index].name] ?? inputs[index].name }
    for index in nodes.indices {
      nodes[index].name = names[nodes[index].name] ?? nodes[index].name
      nodes[index].inputs = nodes[index].inputs.map { names[$0] ?? $0 }
    }
    outputs = outputs.map { names[$0] ?? $0 }
  }
}
