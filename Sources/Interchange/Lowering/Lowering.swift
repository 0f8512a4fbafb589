import NeuralNetworks
import Runtime

/// Makes a network of MotifKit out of a graph.
struct Lowering {
  private var graph: NetworkGraph
  private let shapes: [String: GraphShape]
  private(set) var assembly = Assembly()
  private(set) var problems: [String] = []
  /// For features that lie in another order here: which of theirs is at each place.
  private var orders: [String: [Int]] = [:]

  /// - Parameter graph: without problems, of known length, without what leads nowhere.
  init(_ graph: NetworkGraph, shapes: [String: GraphShape]) {
    self.graph = graph
    self.shapes = shapes
    for node in graph.nodes { lower(node) }
    for output in graph.outputs where orders[output] != nil {
      refuse("output \(output): features in another order")
    }
  }

  private mutating func refuse(_ problem: String) {
    if !problems.contains(problem) { problems.append(problem) }
  }

  private func shape(_ node: NetworkGraph.Node, _ index: Int = 0) -> GraphShape {
    node.inputs[safe: index].flatMap { shapes[$0] } ?? .features(0)
  }

  private mutating func lower(_ node: NetworkGraph.Node) {
    let given = shape(node)
    let order = node.inputs.first.flatMap { orders[$0] }
    func add(_ layer: Layer, _ values: [String: [Float]] = [:]) {
      assembly.add(layer, node.name, node.inputs, values)
    }
    if order != nil {
      switch node.operation {
      case .function, .dropout, .normalization, .layerNormalization: orders[node.name] = order
      case .dense: break
      default: return refuse("layer \(node.name): of features in another order")
      }
    }
    switch node.operation {
    case .convolution(let layer): convolution(node, layer, given)
    case .dense(let kernel, let bias):
      let kernel = order.map { kernel.reordered(axis: 0, $0) } ?? kernel
      let values = ["kernel": kernel.values, "bias": bias ?? []]
      if case .map = given {
        add(
          .convolution1D(Convolution1D(filters: kernel.shape[1], kernelSize: 1, useBias: bias != nil)), values
        )
      } else {
        add(.dense(Dense(kernel.shape[1], useBias: bias != nil)), values)
      }
    case .function(let function):
      guard let activation = activation(function) else { return refuse("activation \(function.words)") }
      if activation == .linear {
        add(.dropout(Dropout(0)))
      } else {
        add(.activation(ActivationLayer(activation)))
      }
    case .softmax: add(.softmax)
    case .normalization(let layer): normalization(node, layer, order)
    case .pooling(let reduction, let size, let stride, let margins):
      guard Self.isWithoutMargins(margins, length: given.length, span: size, stride: stride) else {
        return refuse("layer \(node.name): pooling over zeros at the ends")
      }
      switch reduction {
      case .maximum: add(.maxPooling1D(MaxPooling1D(size, stride: stride)))
      case .average: add(.averagePooling1D(AveragePooling1D(size, stride: stride)))
      case .sum: refuse("layer \(node.name): sum of positions")
      }
    case .globalPooling(let reduction):
      switch reduction {
      case .maximum: add(.globalMaxPooling1D)
      case .average: add(.globalAveragePooling1D)
      case .sum: refuse("layer \(node.name): sum of positions")
      }
    case .flatten(let channelsFirst):
      add(.flatten)
      guard channelsFirst, given.length > 1, given.channels > 1 else { break }
      orders[node.name] = (0..<given.count).map { $0 % given.channels * given.length + $0 / given.channels }
    case .dropout(let rate): add(.dropout(Dropout(rate)))
    case .addition: add(.addition(Addition(layers: 1)))
    default: refuse("layer \(node.name): \(node.operation.words)")
    }
  }

  private mutating func convolution(
    _ node: NetworkGraph.Node, _ layer: Operation.Convolution, _ given: GraphShape
  ) {
    let size = layer.kernel.shape[0]
    var result = Convolution1D(
      filters: layer.kernel.shape[2], kernelSize: size, stride: layer.stride, dilation: layer.dilation,
      groups: layer.groups, useBias: layer.bias != nil)
    switch layer.margins {
    case .valid: break
    case .same: result.padding = .same
    case .explicit(let left, let right):
      var same = result
      same.padding = .same
      guard same.margins(length: given.length) == (left, right) else {
        return refuse("layer \(node.name): \(left) and \(right) zeros at the ends")
      }
      result = same
    }
    assembly.add(
      .convolution1D(result), node.name, node.inputs,
      ["kernel": layer.kernel.values, "bias": layer.bias ?? []])
  }

  private mutating func normalization(
    _ node: NetworkGraph.Node, _ layer: Operation.Normalization, _ order: [Int]?
  ) {
    let count = layer.mean.count
    let ones = [Float](repeating: 1, count: count)
    let zeros = [Float](repeating: 0, count: count)
    func ordered(_ values: [Float]) -> [Float] { order.map { $0.map { values[$0] } } ?? values }
    let convention: BatchNormalization.Convention = graph.normalization == .keras ? .keras : .pytorch
    assembly.add(
      .batchNormalization(
        BatchNormalization(convention, momentum: layer.momentum, epsilon: layer.epsilon)), node.name,
      node.inputs,
      [
        "gamma": ordered(layer.gamma ?? ones), "beta": ordered(layer.beta ?? zeros),
        "moving_mean": ordered(layer.mean), "moving_variance": ordered(layer.variance),
      ])
  }

  private func activation(_ function: Operation.Function) -> Activation? {
    switch function {
    case .linear: .linear
    case .relu: .relu
    case .leakyRelu(slope: 0.2): .leakyRelu
    case .elu(alpha: 1): .elu
    case .gelu(isApproximate: false): .gelu
    case .exponential: .exponential
    case .softplus: .softplus
    case .silu: .silu
    case .sigmoid: .sigmoid
    case .tanh: .tanh
    default: nil
    }
  }

  /// Whether no window reaches beyond the ends.
  private static func isWithoutMargins(_ margins: Operation.Margins, length: Int, span: Int, stride: Int)
    -> Bool
  {
    switch margins {
    case .valid: true
    case .explicit(let left, let right): left == 0 && right == 0
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
    case .normalization: "batch normalization"
    case .layerNormalization: "layer normalization"
    case .recurrent(let layer):
      (layer.direction == .both ? "bidirectional " : "") + layer.cell.rawValue.uppercased()
    case .pooling(let reduction, _, _, _), .globalPooling(let reduction): "\(reduction.rawValue) of positions"
    case .logSumExp: "logsumexp"
    case .flatten: "flatten"
    case .singlePosition: "features as a position"
    case .dropout: "dropout"
    case .cropping: "cropping"
    case .padding(_, _, let value): value == 0 ? "zero padding" : "padding with \(value)"
    case .addition: "addition"
    case .product: "product of tensors"
    case .concatenation: "concatenation"
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
    }
  }
}
