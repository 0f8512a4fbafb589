extension NetworkGraph {
  /// Takes features for what they are where another program gives them a position of their own: before dense layers, and where
  /// they gate the channels of all positions (Hu, Shen & Sun 2018).
  mutating func dropSinglePositions(_ shapes: [String: GraphShape]) {
    var single: Set<String> = []
    for node in nodes {
      switch node.operation {
      case .singlePosition: single.insert(node.name)
      case .function, .dropout, .dense, .normalization, .affine, .softmax:
        if single.contains(node.inputs[0]) { single.insert(node.name) }
      case .convolution(let layer)
      where layer.kernel.shape[0] == 1 && layer.groups == 1 && layer.stride == 1 && layer.strands == nil:
        if single.contains(node.inputs[0]) { single.insert(node.name) }
      default: break
      }
    }
    // Those stay that something takes which needs a position.
    while let needed = single.first(where: { isNeeded($0, single, shapes) }) { single.remove(needed) }
    let removed = nodes.filter { node in
      if case .singlePosition = node.operation { single.contains(node.name) } else { false }
    }
    let sources = Dictionary(uniqueKeysWithValues: removed.map { ($0.name, $0.inputs[0]) })
    nodes.removeAll { sources[$0.name] != nil }
    for index in nodes.indices {
      nodes[index].inputs = nodes[index].inputs.map { sources[$0] ?? $0 }
      if single.contains(nodes[index].name), case .convolution(let layer) = nodes[index].operation {
        nodes[index].operation = .dense(
          kernel: Weights(shape: Array(layer.kernel.shape[1...]), values: layer.kernel.values),
          bias: layer.bias)
      }
    }
  }

  private func isNeeded(_ tensor: String, _ single: Set<String>, _ shapes: [String: GraphShape]) -> Bool {
    if outputs.contains(tensor) { return true }
    // What comes from a position must lose it too.
    if let node = nodes.first(where: { $0.name == tensor }), case .singlePosition = node.operation {
    } else if let node = nodes.first(where: { $0.name == tensor }), !single.contains(node.inputs[0]) {
      return true
    }
    return nodes.contains { node in
      guard node.inputs.contains(tensor) else { return false }
      switch node.operation {
      case .flatten: return false
      case .product: return (shapes[node.name]?.length ?? 1) <= 1
      default: return !single.contains(node.name)
      }
    }
  }
}
