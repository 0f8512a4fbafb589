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
    if let length = sizes.first, sizes == [length, 4], length > 1, let place = flatInput(source, 4 * length) {
      graph.inputs[place] = .init(name: source, length: length, channels: 4)
      return source
    }
    // The numbers stay where they are.
    if sizes.count == 1 { return flatten(layer) }
    if sizes.count == 2, sizes[0] == 1, isFeatures(source) { return plain(layer, .singlePosition) }
    if sizes.count == 2, sizes[0] == 1, plane == nil, let shape = shape(source), shape.isMap,
      sizes[1] == -1 || sizes[1] == shape.count
    {
      return chain(layer, [.flatten(channelsFirst: false), .singlePosition])
    }
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
    // A picture of one row or column without it.
    if let plane, !plane.isChannelsFirst, sizes.count == 2, sizes[0] == -1 || sizes[0] > 1,
      !graph.inputs.contains(where: { $0.name == source }), let channels = channels(of: source),
      sizes[1] == channels
    {
      return plain(layer, .function(.linear))
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

  /// A dense layer that is written with letters: the last axis by another.
  mutating func einsum(_ layer: Layer) -> String? {
    let letters = Array((layer.config["equation"].text ?? "").replacing("...", with: ""))
    let bias = layer.config["bias_axes"].text
    guard let comma = letters.firstIndex(of: ","), let arrow = letters.firstIndex(of: "-"),
      letters.count > arrow + 2
    else { return refuse(layer, "its equation") }
    let (own, weights, made) = (letters[..<comma], letters[(comma + 1)..<arrow], letters[(arrow + 2)...])
    guard weights.count == 2, own.last == weights.first, made.last == weights.last,
      own.dropLast() == made.dropLast(), !own.contains(weights[weights.endIndex - 1]),
      bias == nil || bias == made.last.map(String.init)
    else { return refuse(layer, "its equation") }
    guard let kernel = array(layer, 0, rank: 2) else { return nil }
    return activated(
      layer, .dense(kernel: kernel, bias: bias == nil ? nil : array(layer, 1, rank: 1)?.values))
  }

  /// Where an input stands that is a row of numbers and that nothing has taken yet.
  func flatInput(_ tensor: String, _ count: Int?) -> Int? {
    guard !graph.nodes.contains(where: { $0.inputs.contains(tensor) }) else { return nil }
    return graph.inputs.firstIndex {
      $0.name == tensor && $0.length == 1 && (count == nil || $0.channels == count)
    }
  }

  /// A row of numbers for each base, which is a convolution of size 1; of N too, as what there is without a base.
  mutating func embedding(_ layer: Layer) -> String? {
    guard let table = array(layer, 0, rank: 2), let source = layer.inputs.first else { return nil }
    guard let place = flatInput(source, nil) else { return refuse(layer, "of other numbers than bases") }
    let (rows, width) = (table.shape[0], table.shape[1])
    var order = bases
    // What is masked is no base.
    if rows == 5, layer.config["mask_zero"].bool == true, !order.contains("N") { order = "N" + order }
    guard rows == order.count else {
      return refuse(
        layer,
        rows == 5
          ? "five numbers, of which N is one (say which with --format-of-bases, such as ACGTN or NACGT)"
          : "\(rows) numbers, not those of the four bases")
    }
    let places = Array(order)
    let unknown = places.firstIndex(of: "N").map { Array(table.values[$0 * width..<($0 + 1) * width]) }
    let kernel = places.indices.filter { places[$0] != "N" }.flatMap { row in
      (0..<width).map { table.values[row * width + $0] - (unknown?[$0] ?? 0) }
    }
    let length = graph.inputs[place].channels
    graph.inputs[place] = .init(name: source, length: length > 0 ? length : nil, channels: 4)
    graph.add(
      layer.output,
      .convolution(.init(kernel: Weights(shape: [1, 4, width], values: kernel), bias: unknown)),
      [source])
    if layer.config["mask_zero"].bool == true { masked.insert(layer.output) }
    return layer.output
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
    // Told that channels stand first, it puts them last.
    let isTurned = layer.className == "Flatten" && layer.config["data_format"].text == "channels_first"
    guard !isTurned || plane?.isChannelsFirst ?? true else { return refuse(layer, "its axes") }
    return plain(layer, .flatten(channelsFirst: (plane?.isChannelsFirst ?? false) != isTurned))
  }
}
