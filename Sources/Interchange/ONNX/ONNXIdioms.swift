import SwiftProtobuf

/// Finds what exporters write in several operations where ONNX has one, or had none when the file was written, and puts that one in
/// their place. Operations that no output needs any more are left out.
struct ONNXIdioms {
  private var nodes: [Onnx_NodeProto]
  private let outputs: [String]
  /// The operation that makes each tensor.
  private let makers: [String: Int]
  /// Tensors that are one number over and over.
  private var numbers: [String: Double] = [:]
  private var integers: [String: [Int]] = [:]

  /// The operations of a graph in their order.
  static func nodes(of graph: Onnx_GraphProto, file: String) -> [Onnx_NodeProto] {
    var idioms = ONNXIdioms(graph, file: file)
    for index in idioms.nodes.indices {
      while let simple = idioms.simple(idioms.nodes[index]) { idioms.nodes[index] = simple }
    }
    return idioms.needed
  }

  private init(_ graph: Onnx_GraphProto, file: String) {
    nodes = graph.node
    outputs = graph.output.map(\.name)
    makers = Dictionary(
      graph.node.enumerated().flatMap { index, node in node.output.map { ($0, index) } },
      uniquingKeysWith: { first, _ in first })
    let constants =
      graph.initializer.map { ($0.name, $0) }
      + graph.node.filter { $0.opType == "Constant" }.compactMap { node in
        node.attribute.first { $0.hasT }.flatMap { value in node.output.first.map { ($0, value.t) } }
      }
    for (name, tensor) in constants {
      guard let constant = try? ONNXConstant(tensor, file: file), let first = constant.values.first else {
        continue
      }
      if constant.values.allSatisfy({ $0 == first }) { numbers[name] = first }
      if constant.values.count <= 8 { integers[name] = constant.integers }
    }
  }

  /// What outputs depend on.
  private var needed: [Onnx_NodeProto] {
    var isNeeded = [Bool](repeating: false, count: nodes.count)
    var open = outputs
    while let tensor = open.popLast() {
      guard let index = makers[tensor], !isNeeded[index] else { continue }
      isNeeded[index] = true
      open += nodes[index].input
    }
    return zip(nodes, isNeeded).filter(\.1).map(\.0)
  }

  /// The operation of a type that makes a tensor, seen through those that only pass it on.
  private func maker(_ tensor: String?, _ types: String..., through: Set<String> = ["Identity", "Cast"])
    -> Onnx_NodeProto?
  {
    var tensor = tensor
    for _ in 0..<8 {
      guard let index = tensor.flatMap({ makers[$0] }) else { return nil }
      if types.contains(nodes[index].opType) { return nodes[index] }
      guard through.contains(nodes[index].opType) else { return nil }
      tensor = nodes[index].input.first
    }
    return nil
  }

  /// Both inputs of an operation in either order, if `first` takes one of them.
  private func pair<Part>(_ node: Onnx_NodeProto, _ first: (String) -> Part?) -> (Part, other: String)? {
    guard node.input.count == 2 else { return nil }
    if let part = first(node.input[0]) { return (part, node.input[1]) }
    return first(node.input[1]).map { ($0, node.input[0]) }
  }

  /// The axes of a reduction.
  private func axes(_ node: Onnx_NodeProto) -> [Int]? {
    if let attribute = node.attribute.first(where: { $0.name == "axes" }) {
      return attribute.ints.map { Int(clamping: $0) }
    }
    return node.input.count > 1 ? integers[node.input[1]] : nil
  }

  private func simple(_ node: Onnx_NodeProto) -> Onnx_NodeProto? {
    switch node.opType {
    case "Where": boundedSoftplus(node) ?? rectifier(node)
    case "Div", "Mul": rowNormalization(node) ?? rootMeanSquare(node) ?? softsign(node)
    case "Reshape": groupNormalization(node)
    case "BatchNormalization": batchNormalizationOfRows(node)
    case "Add": logSumExp(node)
    case "Log": logSumOfTwo(node)
    case "ReduceMax", "ReduceMin", "ReduceMean", "ReduceSum", "ReduceLogSumExp": reducedStack(node)
    default: nil
    }
  }

  /// softplus(x), and x itself where that is the same in single precision.
  private func boundedSoftplus(_ node: Onnx_NodeProto) -> Onnx_NodeProto? {
    guard node.input.count == 3, let softplus = maker(node.input[2], "Softplus"),
      let greater = maker(node.input[0], "Greater"), greater.input.count == 2,
      let threshold = numbers[greater.input[1]], threshold >= 17,
      Set([node.input[1], softplus.input.first, greater.input[0]]).count == 1
    else { return nil }
    return made("Identity", of: [node.input[2]], as: node)
  }

  /// x where it is above zero, elsewhere zero or next to it (`nn.Threshold`), or its product with a slope.
  private func rectifier(_ node: Onnx_NodeProto) -> Onnx_NodeProto? {
    guard node.input.count == 3,
      let test = maker(node.input[0], "Greater", "GreaterOrEqual", "Less", "LessOrEqual"),
      test.input.count == 2,
      numbers[test.input[1]] == 0
    else { return nil }
    let x = test.input[0]
    let (above, below) =
      test.opType.hasPrefix("Greater") ? (node.input[1], node.input[2]) : (node.input[2], node.input[1])
    guard above == x else { return nil }
    if let number = numbers[below], abs(number) <= 1e-6 { return made("Relu", of: [x], as: node) }
    guard let product = maker(below, "Mul"), let (slope, other) = pair(product, { numbers[$0] }), other == x
    else { return nil }
    var result = made("LeakyRelu", of: [x], as: node)
    result.attribute = [Self.attribute("alpha", Float(slope))]
    return result
  }

  /// (x − mean) / √(variance + ε), before operator set 17.
  private func rowNormalization(_ node: Onnx_NodeProto) -> Onnx_NodeProto? {
    guard let (variance, epsilon, centered) = quotientByRoot(node),
      let difference = maker(centered, "Sub"), difference.input.count == 2,
      let mean = maker(difference.input[1], "ReduceMean"), mean.input.first == difference.input[0],
      let axes = axes(mean), self.axes(variance)?.sorted() == axes.sorted(),
      let base = square(variance.input.first),
      base == centered || maker(base, "Sub")?.input == difference.input
    else { return nil }
    return made(
      "LayerNormalization", of: [difference.input[0]], as: node, axes: axes.sorted(), epsilon: epsilon)
  }

  /// x / √(mean of x² + ε), before operator set 23.
  private func rootMeanSquare(_ node: Onnx_NodeProto) -> Onnx_NodeProto? {
    guard let (mean, epsilon, x) = quotientByRoot(node), let axes = axes(mean), square(mean.input.first) == x
    else { return nil }
    return made("RMSNormalization", of: [x], as: node, axes: axes, epsilon: epsilon)
  }

  /// The mean, ε and x of x / √(mean + ε), or of x times the root's reciprocal.
  private func quotientByRoot(_ node: Onnx_NodeProto) -> (
    mean: Onnx_NodeProto, epsilon: Double, dividend: String
  )? {
    func root(_ tensor: String) -> Onnx_NodeProto? {
      node.opType == "Div"
        ? maker(tensor, "Sqrt") : maker(tensor, "Reciprocal").flatMap { maker($0.input.first, "Sqrt") }
    }
    guard let (root, dividend) = pair(node, root), node.opType == "Mul" || node.input[0] == dividend,
      let sum = maker(root.input.first, "Add"), let (mean, small) = pair(sum, { maker($0, "ReduceMean") }),
      let epsilon = numbers[small]
    else { return nil }
    return (mean, epsilon, dividend)
  }

  /// The tensor of which another is the square.
  private func square(_ tensor: String?) -> String? {
    guard let square = maker(tensor, "Pow", "Mul"), square.input.count == 2,
      square.opType == "Mul" ? square.input[1] == square.input[0] : numbers[square.input[1]] == 2
    else { return nil }
    return square.input[0]
  }

  /// x / (1 + |x|)
  private func softsign(_ node: Onnx_NodeProto) -> Onnx_NodeProto? {
    guard node.opType == "Div", node.input.count == 2, let sum = maker(node.input[1], "Add"),
      let (absolute, one) = pair(sum, { maker($0, "Abs") }), numbers[one] == 1,
      absolute.input.first == node.input[0]
    else { return nil }
    return made("Softsign", of: [node.input[0]], as: node)
  }

  /// Instance normalization of groups under another shape, before operator set 18.
  private func groupNormalization(_ node: Onnx_NodeProto) -> Onnx_NodeProto? {
    guard let instance = maker(node.input.first, "InstanceNormalization"), instance.input.count == 3,
      numbers[instance.input[1]] == 1, numbers[instance.input[2]] == 0,
      let reshape = maker(instance.input[0], "Reshape"), reshape.input.count == 2,
      let sizes = integers[reshape.input[1]], sizes.count == 3, sizes[0] == 0, sizes[1] > 0, sizes[2] == -1
    else { return nil }
    var result = made("GroupNormalization", of: [reshape.input[0]], as: node)
    result.attribute =
      [Self.attribute("num_groups", Int64(sizes[1]))] + instance.attribute.filter { $0.name == "epsilon" }
    return result
  }

  /// What tf2onnx makes of Keras's layer normalization: batch normalization with the rows as channels, whose mean and variance are
  /// computed on the way.
  private func batchNormalizationOfRows(_ node: Onnx_NodeProto) -> Onnx_NodeProto? {
    func isFilled(_ tensor: String, with number: Double) -> Bool {
      if let own = numbers[tensor] { return own == number }
      return maker(tensor, "Expand").flatMap { $0.input.first.flatMap { numbers[$0] } } == number
    }
    guard node.input.count == 5, isFilled(node.input[1], with: 1), isFilled(node.input[2], with: 0),
      let mean = maker(node.input[3], "ReduceMean", through: ["Squeeze"]), mean.input.first == node.input[0],
      axes(mean) == [0, 2, 3], maker(node.input[4], "Div") != nil
    else { return nil }
    var result = made("LayerNormalization", of: [node.input[0]], as: node)
    result.attribute = [Self.attribute("axis", Int64(2))] + node.attribute.filter { $0.name == "epsilon" }
    return result
  }

  /// m + log Σ exp(x − m), m the largest x.
  private func logSumExp(_ node: Onnx_NodeProto) -> Onnx_NodeProto? {
    guard let (logarithm, largest) = pair(node, { maker($0, "Log") }),
      let sum = maker(logarithm.input.first, "ReduceSum"), let exponential = maker(sum.input.first, "Exp"),
      let difference = maker(exponential.input.first, "Sub"), let x = difference.input.first,
      isLargest(difference.input.last, of: x), isLargest(largest, of: x)
    else { return nil }
    var result = made("ReduceLogSumExp", of: [x] + sum.input.dropFirst(), as: node)
    result.attribute = sum.attribute
    return result
  }

  /// log(exp(a) + exp(b))
  private func logSumOfTwo(_ node: Onnx_NodeProto) -> Onnx_NodeProto? {
    guard let sum = maker(node.input.first, "Add"), sum.input.count == 2 else { return nil }
    let exponents = sum.input.compactMap { maker($0, "Exp")?.input.first }
    return exponents.count == 2 ? made(Self.logAddExp, of: exponents, as: node) : nil
  }

  /// Tensors on an axis of their own, and what is made along it: the same of the tensors, element by element.
  private func reducedStack(_ node: Onnx_NodeProto) -> Onnx_NodeProto? {
    func integer(_ node: Onnx_NodeProto, _ name: String) -> Int? {
      node.attribute.first { $0.name == name }.map { Int(clamping: $0.i) }
    }
    guard let axes = axes(node), axes.count == 1, integer(node, "keepdims") == 0,
      let stack = maker(node.input.first, "Concat"), integer(stack, "axis") == axes[0]
    else { return nil }
    let tensors = stack.input.compactMap { tensor -> String? in
      guard let single = maker(tensor, "Unsqueeze"), self.axes(single) == axes else { return nil }
      return single.input.first
    }
    guard tensors.count == stack.input.count, tensors.count >= 2 else { return nil }
    let types = [
      "ReduceMax": "Max", "ReduceMin": "Min", "ReduceMean": "Mean", "ReduceSum": "Sum",
      "ReduceLogSumExp": Self.logAddExp,
    ]
    return types[node.opType].map { made($0, of: tensors, as: node) }
  }

  /// log(exp(a) + exp(b) + …), for which ONNX has no operation.
  static let logAddExp = "LogAddExp"

  /// Whether a tensor is the largest of x, 0 where that is not finite: chosen, or as a sum of products with truth values.
  private func isLargest(_ tensor: String?, of x: String, depth: Int = 0) -> Bool {
    let through: Set = ["Identity", "Cast", "Squeeze", "Reshape"]
    guard depth < 4,
      let node = maker(tensor, "ReduceMax", "Where", "Add", "Mul", through: through)
    else { return false }
    func isPart(_ tensor: String) -> Bool { isLargest(tensor, of: x, depth: depth + 1) }
    switch node.opType {
    case "ReduceMax": return node.input.first == x
    case "Where": return node.input.dropFirst().contains(where: isPart)
    case "Add":
      let isZero = { (tensor: String) in
        maker(tensor, "Mul")?.input.contains { numbers[$0] == 0 } ?? false
      }
      return pair(node, { isZero($0) ? $0 : nil }).map { isPart($0.other) } ?? false
    default:
      let isTruth = { (tensor: String) in maker(tensor, "Not", "Or", "IsNaN", "IsInf") != nil }
      return pair(node, { isTruth($0) ? $0 : nil }).map { isPart($0.other) } ?? false
    }
  }

  private func made(_ type: String, of inputs: [String], as node: Onnx_NodeProto) -> Onnx_NodeProto {
    var result = Onnx_NodeProto()
    (result.opType, result.name, result.input, result.output) = (type, node.name, inputs, node.output)
    return result
  }

  /// A normalization over some axes, which ONNX can say of the last ones only.
  private func made(
    _ type: String, of inputs: [String], as node: Onnx_NodeProto, axes: [Int], epsilon: Double
  )
    -> Onnx_NodeProto
  {
    var (result, places) = (made(type, of: inputs, as: node), Onnx_AttributeProto())
    (places.name, places.ints) = ("axes", axes.map(Int64.init))
    result.attribute = [places, Self.attribute("epsilon", Float(epsilon))]
    return result
  }

  private static func attribute(_ name: String, _ value: Int64) -> Onnx_AttributeProto {
    var attribute = Onnx_AttributeProto()
    (attribute.name, attribute.i) = (name, value)
    return attribute
  }

  private static func attribute(_ name: String, _ value: Float) -> Onnx_AttributeProto {
    var attribute = Onnx_AttributeProto()
    (attribute.name, attribute.f) = (name, value)
    return attribute
  }
}
