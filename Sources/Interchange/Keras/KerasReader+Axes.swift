/// Other orders of axes, and pictures of sequences.
extension KerasReader {
  mutating func reshape(_ layer: Layer) -> String? {
    guard let source = layer.inputs.first else { return nil }
    if layer.className == "Permute" {
      guard layer.config["dims"].integers == [2, 1] else { return refuse(layer, nil) }
      // Twice is nothing.
      if let original = permuted[source] { return original }
      permuted[layer.output] = source
      return layer.output
    }
    // As an operation it has the batch too.
    let target = layer.config["target_shape"].integers
    guard let sizes = target ?? layer.config["newshape"].integers.map({ Array($0.dropFirst()) }),
      !sizes.isEmpty
    else { return refuse(layer, nil) }
    // The numbers stay where they are.
    if sizes.count == 1 { return flatten(layer) }
    if sizes.count == 2, sizes[0] == 1, isFeatures(source) { return plain(layer, .singlePosition) }
    if sizes.count == 2, sizes.allSatisfy({ $0 > 0 }), isFeatures(source) {
      return plain(layer, .separate(length: sizes[0], channelsFirst: false))
    }
    // A picture one column wide and back; -1 is what is left.
    if plane == nil, !graph.inputs.contains(where: { $0.name == source }),
      sizes.count == 2 || (sizes.count == 3 && sizes[1] == 1), sizes[0] == -1 || sizes[0] > 1,
      let channels = channels(of: source), sizes.last == channels
    {
      graph.add(layer.output, .function(.linear), [source])
      if sizes.count == 3 { columns.insert(layer.output) }
      return layer.output
    }
    // The input as a picture of one channel, or of four.
    let original = permuted[source] ?? source
    guard sizes.count == 3, plane == nil, let input = graph.inputs.first(where: { $0.name == original }),
      let length = input.length, Set(sizes) == Set([1, 4, length]), sizes.filter({ $0 == 1 }).count == 1,
      let plane = KerasPlane(input: sizes), plane.length(sizes) == length
    else { return refuse(layer, nil) }
    // Bases of a position next to each other, or positions of a base.
    guard let bases = sizes.firstIndex(of: 4), let positions = sizes.firstIndex(of: length),
      (bases < positions) == (permuted[source] != nil)
    else { return refuse(layer, "bases and positions mixed") }
    self.plane = plane
    return original
  }

  /// The channels of a tensor with positions; `nil` where that is not plain to see.
  private func channels(of tensor: String) -> Int? {
    var name = tensor
    while let node = graph.nodes.last(where: { $0.name == name }) {
      switch node.operation {
      case .convolution(let layer): return layer.kernel.shape.last
      case .transposedConvolution(let layer): return layer.kernel.shape[1]
      case .function, .dropout, .normalization, .layerNormalization, .addition, .pooling, .cropping, .padding,
        .affine, .softmax:
        name = node.inputs[0]
      default: return nil
      }
    }
    return graph.inputs.first { $0.name == name }?.channels
  }

  mutating func flatten(_ layer: Layer) -> String? {
    if let source = layer.inputs.first, let original = permuted[source] {
      var turned = layer
      turned.inputs = [original]
      return plain(turned, .flatten(channelsFirst: true))
    }
    return plain(layer, .flatten(channelsFirst: plane?.isChannelsFirst ?? false))
  }
}
