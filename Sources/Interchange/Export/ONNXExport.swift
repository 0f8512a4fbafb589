import Foundation
import Runtime
import SwiftProtobuf

/// Writes a graph as an ONNX file, laid out as PyTorch's exporter does: (sequences, 4, length), operator set 20.
struct ONNXExport {
  private var proto = Onnx_ModelProto()
  private let graph: ExportGraph

  init(_ graph: ExportGraph, name: String) throws {
    self.graph = graph
    proto.irVersion = 9
    proto.producerName = "motifkit"
    proto.producerVersion = Release.version
    var set = Onnx_OperatorSetIdProto()
    set.domain = ""
    set.version = 20
    proto.opsetImport = [set]
    proto.graph.name = name
    proto.graph.input = [value(graph.graph.inputs[0].name, .map(length: graph.length, channels: 4))]
    proto.graph.output = graph.graph.outputs.map { value($0, graph.shape($0)) }
    for node in graph.graph.nodes { try add(node) }
  }

  func write(to path: String) throws {
    guard let data = try? proto.serializedData() else {
      throw InputError(file: path, "is too large for ONNX")
    }
    try AtomicFile.write(Array(data), to: path)
  }

  private func value(_ name: String, _ shape: GraphShape) -> Onnx_ValueInfoProto {
    var value = Onnx_ValueInfoProto()
    value.name = name
    value.type.tensorType.elemType = 1
    var batch = Onnx_TensorShapeProto.Dimension()
    batch.dimParam = "batch"
    let sizes: [Int] =
      switch shape {
      case .map(let length, let channels): [channels, length]
      case .features(let count): [count]
      }
    value.type.tensorType.shape.dim =
      [batch]
      + sizes.map { size in
        var dimension = Onnx_TensorShapeProto.Dimension()
        dimension.dimValue = Int64(size)
        return dimension
      }
    return value
  }

  /// A tensor of constants; its name.
  private mutating func constant(_ name: String, _ weights: Weights) -> String {
    var tensor = Onnx_TensorProto()
    tensor.name = name
    tensor.dims = weights.shape.map(Int64.init)
    tensor.dataType = 1
    tensor.rawData = weights.values.map(\.bitPattern.littleEndian).withUnsafeBytes { Data($0) }
    proto.graph.initializer.append(tensor)
    return name
  }

  private mutating func constant(_ name: String, _ numbers: [Int]) -> String {
    var tensor = Onnx_TensorProto()
    tensor.name = name
    tensor.dims = [Int64(numbers.count)]
    tensor.dataType = 7
    tensor.rawData = numbers.map { Int64($0).littleEndian }.withUnsafeBytes { Data($0) }
    proto.graph.initializer.append(tensor)
    return name
  }

  private enum Attribute {
    case integer(Int)
    case integers([Int])
    case number(Double)
    case numbers([Double])
    case text(String)
    case texts([String])
  }

  private mutating func emit(
    _ type: String, _ inputs: [String], _ output: String, _ attributes: [(String, Attribute)] = []
  ) {
    var node = Onnx_NodeProto()
    node.opType = type
    node.name = output
    node.input = inputs
    node.output = [output]
    node.attribute = attributes.map { name, value in
      var attribute = Onnx_AttributeProto()
      attribute.name = name
      switch value {
      case .integer(let number): (attribute.i, attribute.type) = (Int64(number), 2)
      case .integers(let numbers): (attribute.ints, attribute.type) = (numbers.map(Int64.init), 7)
      case .number(let number): (attribute.f, attribute.type) = (Float(number), 1)
      case .numbers(let numbers): (attribute.floats, attribute.type) = (numbers.map { Float($0) }, 6)
      case .text(let text): (attribute.s, attribute.type) = (Data(text.utf8), 3)
      case .texts(let texts): (attribute.strings, attribute.type) = (texts.map { Data($0.utf8) }, 8)
      }
      return attribute
    }
    proto.graph.node.append(node)
  }

  private mutating func add(_ node: NetworkGraph.Node) throws {
    let (name, inputs, input) = (node.name, node.inputs, node.inputs[0])
    let given = graph.shape(input)
    let missing = InputError("layer \(name) (\(node.operation.words)) cannot be written as ONNX")
    func vector(_ values: [Float]) -> Weights { Weights(shape: [values.count], values: values) }
    switch node.operation {
    case .convolution(let layer):
      let size = layer.kernel.shape[0]
      let (left, right) = layer.margins.sizes(
        length: given.length, span: (size - 1) * layer.dilation + 1, stride: layer.stride)
      var sources = [input, constant(name + ".weight", layer.kernel.transposed([2, 1, 0]))]
      if let bias = layer.bias { sources.append(constant(name + ".bias", vector(bias))) }
      emit(
        "Conv", sources, name,
        [
          ("kernel_shape", .integers([size])), ("pads", .integers([left, right])),
          ("strides", .integers([layer.stride])),
          ("dilations", .integers([layer.dilation])), ("group", .integer(layer.groups)),
        ])
    case .transposedConvolution(let layer):
      let size = layer.kernel.shape[0]
      let (left, right) = layer.margins.sizes(transposed: given.length, size: size, stride: layer.stride)
      var sources = [input, constant(name + ".weight", layer.kernel.transposed([2, 1, 0]))]
      if let bias = layer.bias { sources.append(constant(name + ".bias", vector(bias))) }
      emit(
        "ConvTranspose", sources, name,
        [
          ("kernel_shape", .integers([size])), ("pads", .integers([left, right])),
          ("strides", .integers([layer.stride])),
          ("output_padding", .integers([max(0, layer.stride - size)])),
        ])
    case .dense(let kernel, let bias):
      guard case .features = given else { throw missing }
      var sources = [input, constant(name + ".weight", kernel.transposed([1, 0]))]
      if let bias { sources.append(constant(name + ".bias", vector(bias))) }
      emit("Gemm", sources, name, [("transB", .integer(1))])
    case .function(let function): try add(function, input, name)
    case .softmax: emit("Softmax", [input], name, [("axis", .integer(1))])
    case .normalization(let layer):
      let ones = [Float](repeating: 1, count: layer.mean.count)
      emit(
        "BatchNormalization",
        [
          input, constant(name + ".weight", vector(layer.gamma ?? ones)),
          constant(name + ".bias", vector(layer.beta ?? ones.map { _ in 0 })),
          constant(name + ".running_mean", vector(layer.mean)),
          constant(name + ".running_var", vector(layer.variance)),
        ], name, [("epsilon", .number(layer.epsilon))])
    case .pooling(let reduction, let size, let stride, let margins):
      let (left, right) = margins.sizes(length: given.length, span: size, stride: stride)
      guard reduction != .sum else { throw missing }
      // A mean is that of the positions that exist.
      emit(
        reduction == .maximum ? "MaxPool" : "AveragePool", [input], name,
        [
          ("kernel_shape", .integers([size])), ("strides", .integers([stride])),
          ("pads", .integers([left, right])),
        ])
    case .globalPooling(let reduction):
      guard reduction != .sum else { throw missing }
      emit(reduction == .maximum ? "GlobalMaxPool" : "GlobalAveragePool", [input], name + ".position")
      emit("Flatten", [name + ".position"], name, [("axis", .integer(1))])
    case .logSumExp:
      emit(
        "ReduceLogSumExp", [input, constant(name + ".axes", [given.isMap ? 2 : 1])], name,
        [("keepdims", .integer(given.isMap ? 0 : 1))])
    case .separate(let length, true):
      emit("Reshape", [input, constant(name + ".shape", [0, graph.shape(name).channels, length])], name)
    case .separate(let length, false):
      let shape = constant(name + ".shape", [0, length, graph.shape(name).channels])
      emit("Reshape", [input, shape], name + ".rows")
      emit("Transpose", [name + ".rows"], name, [("perm", .integers([0, 2, 1]))])
    case .flatten: emit("Flatten", [input], name, [("axis", .integer(1))])
    case .singlePosition: emit("Unsqueeze", [input, constant(name + ".axes", [2])], name)
    // Nothing happens to predictions; the rate goes with it.
    case .dropout: emit("Identity", [input], name)
    case .cropping(let left, let right):
      emit(
        "Slice",
        [
          input, constant(name + ".starts", [left]), constant(name + ".ends", [given.length - right]),
          constant(name + ".axes", [2]),
        ], name)
    case .padding(let left, let right, let value):
      emit(
        "Pad",
        [
          input, constant(name + ".pads", [0, 0, left, 0, 0, right]),
          constant(name + ".value", Weights(shape: [], values: [value])),
        ], name)
    case .addition, .product, .maximum:
      let type: String
      switch node.operation {
      case .addition: type = "Add"
      case .product: type = "Mul"
      default: type = "Max"
      }
      var sum: String
      // Features gate the channels of every position.
      let wide = inputs.map { tensor in
        guard graph.shape(name).isMap, !graph.shape(tensor).isMap else { return tensor }
        let output = "\(name).\(tensor)"
        emit("Unsqueeze", [tensor, constant(output + ".axes", [2])], output)
        return output
      }
      sum = wide[0]
      for (index, other) in wide.dropFirst().enumerated() {
        let output = index == inputs.count - 2 ? name : "\(name).\(index)"
        emit(type, [sum, other], output)
        sum = output
      }
    case .concatenation: emit("Concat", inputs, name, [("axis", .integer(1))])
    case .layerNormalization(let gamma, let beta, let epsilon):
      let ones = [Float](repeating: 1, count: given.channels)
      let numbers = [
        constant(name + ".weight", vector(gamma ?? ones)),
        constant(name + ".bias", vector(beta ?? ones.map { _ in 0 })),
      ]
      let attributes: [(String, Attribute)] = [("axis", .integer(-1)), ("epsilon", .number(epsilon))]
      guard given.isMap else { return emit("LayerNormalization", [input] + numbers, name, attributes) }
      emit("Transpose", [input], name + ".rows", [("perm", .integers([0, 2, 1]))])
      emit("LayerNormalization", [name + ".rows"] + numbers, name + ".normalized", attributes)
      emit("Transpose", [name + ".normalized"], name, [("perm", .integers([0, 2, 1]))])
    case .recurrent(let layer): recurrent(layer, input, name, given)
    // What files of others have and no network of ours.
    case .logSoftmax, .affine, .adaptivePooling, .upsampling, .tiling, .groupNormalization,
      .rootMeanSquareNormalization, .mixing, .gate, .reversal,
      .succession:
      throw missing
    }
  }

  /// `LSTM` and `GRU` take (positions, sequences, channels); gates stand in the order i o f c and z r h.
  private mutating func recurrent(
    _ layer: Operation.Recurrent, _ input: String, _ name: String, _ given: GraphShape
  ) {
    let (units, isLSTM) = (layer.units, layer.cell == .lstm)
    let order = isLSTM ? [0, 3, 1, 2] : [0, 1, 2]
    let width = order.count * units
    let parts = [layer.forward, layer.backward].compactMap { $0 }
    func stacked(_ shape: [Int], _ array: (Operation.Recurrent.Parameters) -> [Float]) -> Weights {
      Weights(shape: [parts.count] + shape, values: parts.flatMap(array))
    }
    func rows(_ weights: Weights) -> [Float] { weights.transposed([1, 0]).blocks(order, size: units).values }
    func biases(_ bias: Weights?) -> [Float] {
      let values = bias?.values ?? [Float](repeating: 0, count: width)
      // Only a GRU that resets after its product has two.
      let both = values + [Float](repeating: 0, count: 2 * width - values.count)
      return [both[..<width], both[width...]].flatMap {
        Weights(shape: [width], values: Array($0)).blocks(order, size: units).values
      }
    }
    let numbers = [
      constant(name + ".W", stacked([width, given.channels]) { rows($0.kernel) }),
      constant(name + ".R", stacked([width, units]) { rows($0.recurrent) }),
      constant(name + ".B", stacked([2 * width]) { biases($0.bias) }),
    ]
    let direction =
      switch layer.direction {
      case .forward: "forward"
      case .backward: "reverse"
      case .both: "bidirectional"
      }
    var attributes: [(String, Attribute)] = [
      ("hidden_size", .integer(units)), ("direction", .text(direction)),
    ]
    if case .hardSigmoid(let slope) = layer.recurrentActivation {
      let functions = isLSTM ? ["HardSigmoid", "Tanh", "Tanh"] : ["HardSigmoid", "Tanh"]
      attributes.append(("activations", .texts(parts.flatMap { _ in functions })))
      // Of those functions that take numbers.
      attributes.append(("activation_alpha", .numbers(parts.map { _ in slope })))
      attributes.append(("activation_beta", .numbers(parts.map { _ in 0.5 })))
    }
    if !isLSTM { attributes.append(("linear_before_reset", .integer(layer.resetsAfter ? 1 : 0))) }
    emit("Transpose", [input], name + ".rows", [("perm", .integers([2, 0, 1]))])
    let states = name + ".states"
    emit(layer.cell.rawValue.uppercased(), [name + ".rows"] + numbers, states, attributes)
    // All states are (positions, directions, sequences, units), those after the last position (directions, sequences, units).
    if !layer.returnsSequences {
      proto.graph.node[proto.graph.node.count - 1].output = ["", states]
    }
    emit(
      "Transpose", [states], name + ".ordered",
      [("perm", .integers(layer.returnsSequences ? [2, 1, 3, 0] : [1, 0, 2]))])
    let size = parts.count * units
    emit(
      "Reshape",
      [
        name + ".ordered",
        constant(name + ".shape", layer.returnsSequences ? [0, size, given.length] : [0, size]),
      ], name)
  }

  private mutating func add(_ function: Operation.Function, _ input: String, _ name: String) throws {
    switch function {
    case .linear: emit("Identity", [input], name)
    case .relu: emit("Relu", [input], name)
    case .selu: emit("Selu", [input], name)
    case .sigmoid: emit("Sigmoid", [input], name)
    case .tanh: emit("Tanh", [input], name)
    case .softplus: emit("Softplus", [input], name)
    case .softsign: emit("Softsign", [input], name)
    case .exponential: emit("Exp", [input], name)
    case .silu:
      emit("Sigmoid", [input], name + ".gate")
      emit("Mul", [input, name + ".gate"], name)
    case .leakyRelu(let slope): emit("LeakyRelu", [input], name, [("alpha", .number(slope))])
    case .elu(let alpha): emit("Elu", [input], name, [("alpha", .number(alpha))])
    case .gelu(let isApproximate):
      emit("Gelu", [input], name, isApproximate ? [("approximate", .text("tanh"))] : [])
    case .hardSigmoid(let slope):
      emit("HardSigmoid", [input], name, [("alpha", .number(slope)), ("beta", .number(0.5))])
    case .threshold(let value): emit("ThresholdedRelu", [input], name, [("alpha", .number(value))])
    // What files of others have and no network of ours.
    case .parametricRelu, .clipped, .mish, .hardSilu, .logSigmoid, .absolute, .narrowed, .erf:
      throw InputError("layer \(name) (\(function.words)) cannot be written as ONNX")
    }
  }
}
