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
    guard let sizes = layer.config["target_shape"].integers else { return refuse(layer, nil) }
    // The numbers stay where they are.
    if sizes.count == 1 { return flatten(layer) }
    if sizes.count == 2, sizes[0] == 1, isFeatures(source) { return plain(layer, .singlePosition) }
    if sizes.count == 2, sizes.allSatisfy({ $0 > 0 }), isFeatures(source) {
      return plain(layer, .separate(length: sizes[0], channelsFirst: false))
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

  mutating func flatten(_ layer: Layer) -> String? {
    if let source = layer.inputs.first, let original = permuted[source] {
      var turned = layer
      turned.inputs = [original]
      return plain(turned, .flatten(channelsFirst: true))
    }
    return plain(layer, .flatten(channelsFirst: plane?.isChannelsFirst ?? false))
  }
}
