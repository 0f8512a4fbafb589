import NeuralNetworks
import Runtime

/// Makes a network of MotifKit out of a graph.
struct Lowering {
  private var graph: NetworkGraph
  private let shapes: [String: GraphShape]
  private(set) var assembly = Assembly()
  private(set) var problems: [String] = []

  /// - Parameter graph: without problems, of known length, without what leads nowhere, flattened position by position.
  init(_ graph: NetworkGraph, shapes: [String: GraphShape]) {
    self.graph = graph
    self.shapes = shapes
    for node in graph.nodes { lower(node) }
  }

  private mutating func refuse(_ problem: String) {
    if !problems.contains(problem) { problems.append(problem) }
  }

  private func isTakenOnce(_ tensor: String) -> Bool {
    !graph.outputs.contains(tensor) && graph.nodes.count { $0.inputs.contains(tensor) } == 1
  }

  private func shape(_ node: NetworkGraph.Node, _ index: Int = 0) -> GraphShape {
    node.inputs[safe: index].flatMap { shapes[$0] } ?? .features(0)
  }

  private mutating func lower(_ node: NetworkGraph.Node) {
    let given = shape(node)
    func add(_ layer: some LayerDefinition, _ values: [String: [Float]] = [:]) {
      assembly.add(layer, node.name, node.inputs, values)
    }
    switch node.operation {
    case .convolution(let layer): convolution(node, layer, given)
    case .dense(let kernel, let bias):
      let values = ["kernel": kernel.values, "bias": bias ?? []]
      if case .map = given {
        add(Convolution1D(filters: kernel.shape[1], kernelSize: 1, useBias: bias != nil), values)
      } else {
        add(Dense(kernel.shape[1], useBias: bias != nil), values)
      }
    case .function(let function):
      guard let activation = function.activation else { return refuse("activation \(function.words)") }
      if isTakenOnce(node.inputs[0]), assembly.activate(node.inputs[0], activation, as: node.name) { return }
      add(ActivationLayer(activation))
    case .softmax: add(Softmax())
    case .normalization(let layer): normalization(node, layer)
    case .affine(let scale, let shift):
      func whole(_ numbers: [Float]) -> [Float] {
        numbers.count == 1 ? .init(repeating: numbers[0], count: given.channels) : numbers
      }
      let none = [Float](repeating: 0, count: given.channels)
      normalization(
        node,
        .init(
          gamma: whole(scale), beta: whole(shift), mean: none, variance: none.map { _ in 1 }, epsilon: 0,
          momentum: nil))
    case .pooling(let reduction, let size, let stride, let margins):
      let padding: Padding
      var inputs = node.inputs
      let ends = margins.sizes(length: given.length, span: size, stride: stride)
      if Self.isWithoutMargins(margins, length: given.length, span: size, stride: stride) {
        padding = .valid
      } else if Operation.Margins.same.sizes(length: given.length, span: size, stride: stride)
        == ends
      {
        padding = .same
      } else if reduction == .maximum, graph.isNeverNegative(node.inputs[0]) {
        // Where nothing is below zero, zeros are as good as no positions.
        padding = .valid
        assembly.add(ZeroPadding1D(left: ends.left, right: ends.right), node.name + ":padding", inputs)
        inputs = [node.name + ":padding"]
      } else {
        return refuse("layer \(node.name): pooling beyond the ends")
      }
      switch reduction {
      case .maximum: assembly.add(MaxPooling1D(size, stride: stride, padding: padding), node.name, inputs)
      case .average: assembly.add(AveragePooling1D(size, stride: stride, padding: padding), node.name, inputs)
      case .sum: refuse("layer \(node.name): sum of positions")
      }
    case .globalPooling(let reduction):
      switch reduction {
      case .maximum: add(GlobalMaxPooling1D())
      case .average: add(GlobalAveragePooling1D())
      case .sum: refuse("layer \(node.name): sum of positions")
      }
    case .flatten: add(Flatten())
    case .separate(let length, false): add(Reshape(length: length))
    case .separate(let length, true) where given.count <= 2048:
      // Position by position by a dense layer of zeros and ones.
      let (count, channels) = (given.count, given.count / length)
      var order = [Float](repeating: 0, count: count * count)
      for place in 0..<count { order[(place % channels * length + place / channels) * count + place] = 1 }
      assembly.add(Dense(count, useBias: false), node.name + ":order", node.inputs, ["kernel": order])
      assembly.add(Reshape(length: length), node.name, [node.name + ":order"])
    case .singlePosition: add(Reshape(length: 1))
    case .logSumExp:
      if given.isMap { return add(GlobalLogSumExpPooling1D()) }
      assembly.add(Reshape(length: given.channels), node.name + ":positions", node.inputs)
      assembly.add(GlobalLogSumExpPooling1D(), node.name, [node.name + ":positions"])
    case .dropout(let rate): add(Dropout(rate))
    case .addition: add(Addition())
    case .product: add(Multiplication())
    case .layerNormalization(let gamma, let beta, let epsilon):
      let ones = [Float](repeating: 1, count: given.channels)
      add(
        LayerNormalization(epsilon: epsilon), ["gamma": gamma ?? ones, "beta": beta ?? ones.map { _ in 0 }])
    case .transposedConvolution(let layer): transposed(node, layer, given)
    case .recurrent(let layer): recurrent(node, layer)
    case .concatenation: add(Concatenate())
    case .cropping(let left, let right): add(Cropping1D(left: left, right: right))
    case .padding(let left, let right, 0): add(ZeroPadding1D(left: left, right: right))
    default: refuse("layer \(node.name): \(node.operation.words)")
    }
  }

  private mutating func convolution(
    _ node: NetworkGraph.Node, _ layer: Operation.Convolution, _ given: GraphShape
  ) {
    var inputs = node.inputs
    var result = Convolution1D(
      filters: layer.kernel.shape[2], kernelSize: layer.kernel.shape[0], stride: layer.stride,
      dilation: layer.dilation,
      groups: layer.groups, reverseComplement: layer.strands, useBias: layer.bias != nil)
    switch layer.margins {
    case .valid: break
    case .same: result.padding = .same
    case .ceiling: refuse("layer \(node.name): a convolution beyond the end")
    case .explicit(let left, let right):
      let choices = [Padding.same, .full].map { padding in
        var choice = result
        choice.padding = padding
        return choice
      }
      if let fitting = choices.first(where: { $0.margins(length: given.length) == (left, right) }) {
        result = fitting
      } else {
        assembly.add(ZeroPadding1D(left: left, right: right), node.name + ":padding", inputs)
        inputs = [node.name + ":padding"]
      }
    }
    assembly.add(result, node.name, inputs, ["kernel": layer.kernel.values, "bias": layer.bias ?? []])
  }

  private mutating func transposed(
    _ node: NetworkGraph.Node, _ layer: Operation.TransposedConvolution, _ given: GraphShape
  ) {
    var layer = layer
    // MotifKit keeps the last stride whole, as Keras does.
    func beyondWindow() -> Int { max(0, layer.stride - layer.kernel.shape[0]) }
    if case .explicit(let left, let right) = layer.margins, right < -beyondWindow() {
      // Positions beyond that, which hold the bias alone, are those of a longer kernel of zeros.
      layer.kernel.shape[0] -= right
      layer.kernel.values += .init(
        repeating: 0, count: layer.kernel.shape.reduce(1, *) - layer.kernel.values.count)
      layer.margins = .explicit(left: left, right: 0)
    }
    let size = layer.kernel.shape[0]
    // What `same` takes off, written as numbers; as one layer it rounds as it did where the file comes from.
    let excess = size - layer.stride
    if excess > 0, layer.margins == .explicit(left: excess / 2, right: excess - excess / 2) {
      layer.margins = .same
    }
    let result = TransposedConvolution1D(
      filters: layer.kernel.shape[1], kernelSize: size, stride: layer.stride,
      padding: layer.margins == .same ? .same : .valid, useBias: layer.bias != nil)
    // (size, filters, channels) → (size, channels, filters)
    let values = ["kernel": layer.kernel.transposed([0, 2, 1]).values, "bias": layer.bias ?? []]
    var (left, right) = layer.margins.sizes
    if case .explicit = layer.margins { right += beyondWindow() }
    guard left > 0 || right != 0 else { return assembly.add(result, node.name, node.inputs, values) }
    assembly.add(result, node.name + ":whole", node.inputs, values)
    assembly.add(Cropping1D(left: left, right: right), node.name, [node.name + ":whole"])
  }

  private mutating func recurrent(_ node: NetworkGraph.Node, _ layer: Operation.Recurrent) {
    if layer.activation != .tanh { refuse("layer \(node.name): activation \(layer.activation.words)") }
    let gates = layer.recurrentActivation.activation
    if ![.sigmoid, .hardSigmoid, .hardSigmoidKeras2].contains(gates) {
      refuse("layer \(node.name): gates with \(layer.recurrentActivation.words)")
    }
    let width = (layer.cell == .lstm ? 4 : 3) * layer.units
    let biasSize = layer.cell == .gru && layer.resetsAfter ? 2 * width : width
    var values: [String: [Float]] = [:]
    for (index, parameters) in [layer.forward, layer.backward].compactMap({ $0 }).enumerated() {
      let prefix = index == 0 ? "" : "backward_"
      values[prefix + "kernel"] = parameters.kernel.values
      values[prefix + "recurrent_kernel"] = parameters.recurrent.values
      values[prefix + "bias"] = parameters.bias?.values ?? [Float](repeating: 0, count: biasSize)
    }
    let direction: Recurrent.Direction =
      switch layer.direction {
      case .forward: .forward
      case .backward: .backward
      case .both: .both
      }
    assembly.add(
      Recurrent(
        layer.cell == .lstm ? .lstm : .gru, units: layer.units, direction: direction,
        returnsSequences: layer.returnsSequences, recurrentActivation: gates ?? .sigmoid,
        resetsAfter: layer.cell == .lstm || layer.resetsAfter), node.name,
      node.inputs, values)
  }

  private mutating func normalization(_ node: NetworkGraph.Node, _ layer: Operation.Normalization) {
    let count = layer.mean.count
    let ones = [Float](repeating: 1, count: count)
    let zeros = [Float](repeating: 0, count: count)
    // MotifKit's layer wants an ε; a scale and shift without one has it taken from its variances of 1.
    let epsilon = layer.epsilon > 0 ? layer.epsilon : 1.0 / 1024
    let variance = layer.epsilon > 0 ? layer.variance : layer.variance.map { max(0, $0 - 1.0 / 1024) }
    let convention: BatchNormalization.Convention = graph.normalization == .keras ? .keras : .pytorch
    assembly.add(
      BatchNormalization(convention, momentum: layer.momentum, epsilon: epsilon), node.name,
      node.inputs,
      [
        "gamma": layer.gamma ?? ones, "beta": layer.beta ?? zeros, "moving_mean": layer.mean,
        "moving_variance": variance,
      ])
  }

  /// Whether no window reaches beyond the ends.
  private static func isWithoutMargins(_ margins: Operation.Margins, length: Int, span: Int, stride: Int)
    -> Bool
  {
    switch margins {
    case .valid: true
    case .explicit(let left, let right): left == 0 && right == 0
    case .ceiling: margins.sizes(length: length, span: span, stride: stride) == (0, 0)
    case .same: ((length + stride - 1) / stride - 1) * stride + span <= length
    }
  }
}

extension Operation {
  /// What it is called where it cannot be represented.
  var words: String {
    switch self {
    case .convolution: "convolution"
    case .transposedConvolution: "transposed convolution"
    case .dense: "dense"
    case .function(let function): "activation \(function.words)"
    case .softmax: "softmax"
    case .logSoftmax: "logarithm of softmax before other layers"
    case .affine: "scale and shift"
    case .upsampling: "upsampling"
    case .tiling: "repeated channels"
    case .reversal: "positions back to front"
    case .normalization: "batch normalization"
    case .layerNormalization: "layer normalization"
    case .rootMeanSquareNormalization: "root mean square normalization"
    case .mixing(let kernel, _): "a dense layer over \(kernel.shape[0]) positions of each channel"
    case .groupNormalization(let groups, _, _, _): "normalization of \(groups) groups of channels"
    case .gate: "gated linear unit"
    case .recurrent(let layer):
      (layer.direction == .both ? "bidirectional " : "") + layer.cell.rawValue.uppercased()
    case .pooling(let reduction, _, _, _), .globalPooling(let reduction), .adaptivePooling(let reduction, _):
      "\(reduction.rawValue) of positions"
    case .logSumExp: "logsumexp"
    case .flatten: "flatten"
    case .singlePosition: "features as a position"
    case .separate: "features as positions"
    case .dropout: "dropout"
    case .cropping: "cropping"
    case .padding(_, _, let value): value == 0 ? "zero padding" : "padding with \(value)"
    case .addition: "addition"
    case .product: "product of tensors"
    case .maximum: "maximum of tensors"
    case .concatenation: "concatenation"
    case .succession: "positions of several tensors"
    }
  }
}

extension Operation.Function {
  var words: String {
    switch self {
    case .linear: "linear"
    case .relu: "ReLU"
    case .selu: "SELU"
    case .sigmoid: "sigmoid"
    case .tanh: "tanh"
    case .softplus: "softplus"
    case .softsign: "softsign"
    case .exponential: "exponential"
    case .silu: "SiLU"
    case .leakyRelu(let slope): "leaky ReLU with slope \(slope)"
    case .elu(let alpha): "ELU with alpha \(alpha)"
    case .gelu(let isApproximate): isApproximate ? "GELU by tanh" : "GELU"
    case .hardSigmoid(let slope): "hard sigmoid with slope \(slope)"
    case .threshold(let value): "threshold at \(value)"
    case .parametricRelu: "PReLU"
    case .clipped(let least, let most): "clipping to \(least) … \(most)"
    case .mish: "Mish"
    case .hardSilu: "hard SiLU"
    case .logSigmoid: "logarithm of sigmoid"
    case .absolute: "absolute value"
    case .narrowed(let function, _): function.words
    case .erf: "error function"
    }
  }
}
