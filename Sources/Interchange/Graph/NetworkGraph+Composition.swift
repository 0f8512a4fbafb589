import Runtime

extension NetworkGraph {
  /// Says what MotifKit has no layer for by layers that it has: other slopes, bounds and products as sums of scaled ReLUs and
  /// products, copies of positions as a transposed convolution, one after the other as sums with zeros around. Values and gradients are the same, and DeepLIFT's rescale rule too,
  /// since the parts share their input.
  mutating func compose(_ shapes: [String: GraphShape]) {
    nodes = nodes.flatMap { node in
      Composition(
        node, shapes: node.inputs.map { shapes[$0] ?? .features(0) },
        isNeverNegative: node.inputs.allSatisfy(isNeverNegative)
      ).nodes
    }
    foldAffine()
  }

  /// Leaves out scales of one and shifts of zero, and gives those after a layer with weights to the weights.
  mutating func foldAffine() {
    let uses = uses
    for index in nodes.indices {
      guard case .affine(let scale, let shift) = nodes[index].operation,
        let place = nodes.firstIndex(where: { $0.name == nodes[index].inputs[0] }),
        uses[nodes[place].name] == 1
      else { continue }
      func scaled(_ kernel: Weights, _ bias: [Float]?) -> (Weights, [Float]) {
        let count = kernel.shape[kernel.shape.count - 1]
        func number(_ numbers: [Float], _ column: Int) -> Float { numbers[numbers.count == 1 ? 0 : column] }
        var kernel = kernel
        for place in kernel.values.indices { kernel.values[place] *= number(scale, place % count) }
        return (kernel, (0..<count).map { (bias?[$0] ?? 0) * number(scale, $0) + number(shift, $0) })
      }
      switch nodes[place].operation {
      case .dense(let kernel, let bias):
        let (kernel, bias) = scaled(kernel, bias)
        nodes[index].operation = .dense(kernel: kernel, bias: bias)
      case .convolution(var layer) where layer.strands == nil:
        let (kernel, bias) = scaled(layer.kernel, layer.bias)
        (layer.kernel, layer.bias) = (kernel, bias)
        nodes[index].operation = .convolution(layer)
      case .layerNormalization(let gamma, let beta, let epsilon) where (gamma ?? beta ?? scale).count > 1:
        let count = (gamma ?? beta ?? scale).count
        func number(_ numbers: [Float], _ channel: Int) -> Float { numbers[numbers.count == 1 ? 0 : channel] }
        nodes[index].operation = .layerNormalization(
          gamma: (0..<count).map { (gamma?[$0] ?? 1) * number(scale, $0) },
          beta: (0..<count).map { (beta?[$0] ?? 0) * number(scale, $0) + number(shift, $0) }, epsilon: epsilon
        )
      case .affine(let first, let second) where first.count == scale.count && second.count == shift.count:
        let count = max(scale.count, shift.count)
        func spread(_ numbers: [Float]) -> [Float] {
          numbers.count == count ? numbers : .init(repeating: numbers[0], count: count)
        }
        nodes[index].operation = .affine(
          scale: zip(first, scale).map(*),
          shift: zip(zip(spread(second), spread(scale)), spread(shift)).map { $0.0 * $0.1 + $1 })
      default: continue
      }
      nodes[index].inputs = nodes[place].inputs
    }
    // Those that do nothing.
    var sources: [String: String] = [:]
    for node in nodes {
      if case .affine(let scale, let shift) = node.operation, scale.allSatisfy({ $0 == 1 }),
        shift.allSatisfy({ $0 == 0 }), !outputs.contains(node.name)
      {
        sources[node.name] = sources[node.inputs[0]] ?? node.inputs[0]
      }
    }
    for index in nodes.indices { nodes[index].inputs = nodes[index].inputs.map { sources[$0] ?? $0 } }
    prune()
  }
}

/// The nodes that stand for one, of which the last has its name.
private struct Composition {
  private(set) var nodes: [NetworkGraph.Node] = []
  private let name: String

  init(_ node: NetworkGraph.Node, shapes: [GraphShape], isNeverNegative: Bool) {
    name = node.name
    let channels = shapes.first?.channels ?? 0
    switch node.operation {
    case .function(let function): _ = value(function, node.inputs[0])
    case .maximum:
      // max(a, b) = b + max(0, a - b)
      _ = node.inputs.dropFirst().reduce(node.inputs[0]) { largest, other in
        sum(other, add(.function(.relu), sum(largest, affine(other, -1))))
      }
    case .upsampling(let count):
      _ = copies(node.inputs[0], count, channels)
    case .succession:
      let length = shapes.reduce(0) { $0 + $1.length }
      var first = 0
      let parts = zip(node.inputs, shapes).map { input, shape in
        defer { first += shape.length }
        return add(.padding(left: first, right: length - first - shape.length, value: 0), input)
      }
      _ = add(.addition, parts)
    case .pooling(.maximum, let size, let stride, let margins) where !isNeverNegative:
      let length = shapes.first?.length ?? 1
      let ends = margins.sizes(length: length, span: size, stride: stride)
      let same = Operation.Margins.same.sizes(length: length, span: size, stride: stride)
      guard ends != same, ends != (0, 0), max(ends.left, ends.right) < size, margins != .same else { break }
      // A window over an end has the last position, so more of them change no maximum.
      let longer = replicated(node.inputs[0], length, channels, ends)
      _ = add(.pooling(.maximum, size: size, stride: stride, margins: .valid), longer)
    case .adaptivePooling(let reduction, let count):
      let size = (shapes.first?.length ?? 1) / count
      _ = add(.pooling(reduction, size: size, stride: size, margins: .valid), node.inputs)
    case .tiling(let count):
      _ = add(.concatenation, (0..<count).map { _ in node.inputs[0] })
    case .padding(let left, let right, let value) where value != 0 && value.isFinite:
      // Zeros beyond what is that much less.
      _ = affine(
        add(.padding(left: left, right: right, value: 0), affine(node.inputs[0], 1, -value)), 1, value)
    case .globalPooling(.sum):
      _ = affine(add(.globalPooling(.average), node.inputs[0]), Float(shapes.first?.length ?? 1))
    case .gate where channels <= Self.mostChannels:
      let half = channels / 2
      let gate = add(.function(.sigmoid), part(node.inputs[0], half..<channels, of: channels))
      _ = add(.product, [part(node.inputs[0], 0..<half, of: channels), gate])
    case .rootMeanSquareNormalization(let gamma, let epsilon) where channels <= Self.mostChannels / 2:
      // With −x beside x the mean is 0, and the variance the mean of x².
      var both = Weights(
        shape: [channels, 2 * channels], values: .init(repeating: 0, count: 2 * channels * channels))
      var scale = Weights(
        shape: [2 * channels, channels], values: .init(repeating: 0, count: 2 * channels * channels))
      for channel in 0..<channels {
        both.values[channel * 2 * channels + channel] = 1
        both.values[channel * 2 * channels + channels + channel] = -1
        scale.values[channel * channels + channel] = gamma?[channel] ?? 1
      }
      let layer = Operation.layerNormalization(gamma: nil, beta: nil, epsilon: epsilon)
      _ = add(
        .dense(kernel: scale, bias: nil), add(layer, add(.dense(kernel: both, bias: nil), node.inputs[0])))
    case .mixing(let kernel, let bias):
      _ = mixed(node.inputs[0], kernel, bias, channels: channels)
    case .groupNormalization(let groups, let gamma, let beta, let epsilon)
    where groups <= 64 && channels <= Self.mostChannels:
      let size = channels / groups
      let parts = (0..<groups).map { group in
        let channels =
          groups == 1 ? node.inputs[0] : part(node.inputs[0], group * size..<(group + 1) * size, of: channels)
        return normalized(channels, length: shapes.first?.isMap == true ? shapes[0].length : nil, epsilon)
      }
      let whole = groups == 1 ? parts[0] : add(.concatenation, parts)
      _ = add(
        .affine(
          scale: gamma ?? .init(repeating: 1, count: channels),
          shift: beta ?? .init(repeating: 0, count: channels)),
        whole)
    default: nodes = [node]
    }
    if nodes.isEmpty { nodes = [node] }
    nodes[nodes.count - 1].name = node.name
  }

  /// Beyond which layers of zeros and ones cost too much.
  private static let mostChannels = 4096

  /// Some of the channels, by a dense layer of zeros and ones at each position.
  private mutating func part(_ x: String, _ range: Range<Int>, of channels: Int) -> String {
    var kernel = Weights(
      shape: [channels, range.count], values: .init(repeating: 0, count: channels * range.count))
    for (column, row) in range.enumerated() { kernel.values[row * range.count + column] = 1 }
    return add(.dense(kernel: kernel, bias: nil), x)
  }

  /// A dense layer over the positions of each channel: where it has one unit a convolution of each channel over all of them, else a
  /// dense layer over everything with zeros between channels, `nil` where that is too large.
  private mutating func mixed(_ x: String, _ kernel: Weights, _ bias: [Float]?, channels: Int) -> String? {
    let (length, units) = (kernel.shape[0], kernel.shape[1])
    if units == 1 {
      let each = Weights(
        shape: [length, 1, channels],
        values: kernel.values.flatMap { [Float](repeating: $0, count: channels) })
      return add(
        .convolution(
          .init(kernel: each, bias: bias.map { .init(repeating: $0[0], count: channels) }, groups: channels)),
        x)
    }
    let (rows, columns) = (length * channels, units * channels)
    guard rows <= 1 << 24 / max(1, columns) else { return nil }
    var whole = Weights(shape: [rows, columns], values: .init(repeating: 0, count: rows * columns))
    for position in 0..<length {
      for unit in 0..<units {
        for channel in 0..<channels {
          whole.values[(position * channels + channel) * columns + unit * channels + channel] =
            kernel.values[position * units + unit]
        }
      }
    }
    let spread = bias?.flatMap { [Float](repeating: $0, count: channels) }
    return add(
      .separate(length: units, channelsFirst: false),
      add(.dense(kernel: whole, bias: spread), add(.flatten(channelsFirst: false), x)))
  }

  /// Each position a number of times.
  private mutating func copies(_ x: String, _ count: Int, _ channels: Int) -> String {
    var kernel = [Float](repeating: 0, count: count * channels * channels)
    for place in 0..<count * channels { kernel[place * channels + place % channels] = 1 }
    return add(
      .transposedConvolution(
        .init(kernel: Weights(shape: [count, channels, channels], values: kernel), bias: nil, stride: count)),
      x)
  }

  /// With copies of the first and last position beyond the ends.
  private mutating func replicated(
    _ x: String, _ length: Int, _ channels: Int, _ ends: (left: Int, right: Int)
  ) -> String {
    var parts = [add(.padding(left: ends.left, right: ends.right, value: 0), x)]
    for (isLeft, count) in [(true, ends.left), (false, ends.right)] where count > 0 {
      let rest = length - 1
      let end = add(.cropping(left: isLeft ? 0 : rest, right: isLeft ? rest : 0), x)
      let others = length + ends.left + ends.right - count
      parts.append(
        add(
          .padding(left: isLeft ? 0 : others, right: isLeft ? others : 0, value: 0),
          copies(end, count, channels)))
    }
    return add(.addition, parts)
  }

  /// (x − mean) / √(variance + ε) over all positions and channels; `length` is `nil` for features.
  private mutating func normalized(_ x: String, length: Int?, _ epsilon: Double) -> String {
    let layer = Operation.layerNormalization(gamma: nil, beta: nil, epsilon: epsilon)
    guard let length else { return add(layer, x) }
    return add(
      .separate(length: length, channelsFirst: false), add(layer, add(.flatten(channelsFirst: false), x)))
  }

  private mutating func add(_ operation: Operation, _ inputs: [String]) -> String {
    nodes.append(.init(name: "\(name):part\(nodes.count + 1)", operation: operation, inputs: inputs))
    return nodes[nodes.count - 1].name
  }
  private mutating func add(_ operation: Operation, _ input: String) -> String { add(operation, [input]) }
  private mutating func sum(_ a: String, _ b: String) -> String { add(.addition, [a, b]) }
  private mutating func affine(_ x: String, _ scale: Float, _ shift: Float = 0) -> String {
    add(.affine(scale: [scale], shift: [shift]), [x])
  }

  /// slope · x where x is below zero, and what `positive` is above.
  private mutating func leaky(_ x: String, _ slopes: [Float]) -> String {
    let none = [Float](repeating: 0, count: slopes.count)
    let line = add(.affine(scale: slopes, shift: none), [x])
    let rest = add(.affine(scale: slopes.map { 1 - $0 }, shift: none), [add(.function(.relu), [x])])
    return sum(line, rest)
  }

  private mutating func value(_ function: Operation.Function, _ x: String) -> String {
    switch function {
    case .leakyRelu(let slope) where function.activation == nil: return leaky(x, [Float(slope)])
    case .parametricRelu(let slopes): return leaky(x, slopes)
    // α · ELU + (1 - α) · ReLU
    case .elu(let alpha) where alpha != 1:
      let curve = affine(add(.function(.elu(alpha: 1)), [x]), Float(alpha))
      return sum(curve, affine(add(.function(.relu), [x]), Float(1 - alpha)))
    case .clipped(let least, let most) where least < most:
      // least + max(0, x - least) - max(0, x - most)
      let above: String
      if least == -.infinity {
        above = x
      } else if least == 0 {
        above = add(.function(.relu), [x])
      } else {
        above = affine(add(.function(.relu), affine(x, 1, Float(-least))), 1, Float(least))
      }
      guard most < .infinity else { return above }
      return sum(above, affine(add(.function(.relu), affine(x, 1, Float(-most))), -1))
    case .mish: return add(.product, [x, add(.function(.tanh), add(.function(.softplus), [x]))])
    case .hardSilu: return add(.product, [x, add(.function(.hardSigmoid(slope: 1.0 / 6)), [x])])
    case .logSigmoid: return affine(add(.function(.softplus), affine(x, -1)), -1)
    case .absolute: return sum(add(.function(.relu), [x]), add(.function(.relu), affine(x, -1)))
    case .narrowed(let inner, let factor) where factor != 0:
      return affine(value(inner, affine(x, Float(factor))), Float(1 / factor))
    default: return add(.function(function), [x])
    }
  }
}
