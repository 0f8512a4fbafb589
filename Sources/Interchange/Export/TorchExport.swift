import Arrays
import Runtime

/// Writes a graph as tensors of PyTorch, and the program that builds the module they belong to.
struct TorchExport {
  private let graph: ExportGraph
  /// In the order of the program.
  private let tensors: [(name: String, array: Weights)]
  private let modules: [String]
  private let steps: [String]
  private let normalizations: [String]

  init(_ graph: ExportGraph) throws {
    self.graph = graph
    var tensors: [(name: String, array: Weights)] = []
    var modules: [String] = []
    var steps: [String] = []
    var normalizations: [String] = []
    for node in graph.graph.nodes {
      func add(_ part: String, _ array: Weights?) {
        if let array { tensors.append(("\(node.name).\(part)", array)) }
      }
      func vector(_ values: [Float]?) -> Weights? { values.map { Weights(shape: [$0.count], values: $0) } }
      let input = node.inputs[0]
      let given = graph.shape(input)
      /// The module's line, and the call of it.
      func module(_ text: String) -> String {
        modules.append("self.\(node.name) = nn.\(text)")
        return "self.\(node.name)"
      }
      let missing = InputError("layer \(node.name) (\(node.operation.words)) cannot be written for PyTorch")
      let value: String
      switch node.operation {
      case .convolution(let layer):
        let (size, inside, filters) = (layer.kernel.shape[0], layer.kernel.shape[1], layer.kernel.shape[2])
        var options = "\(inside * layer.groups), \(filters), \(size)"
        if layer.stride != 1 { options += ", stride=\(layer.stride)" }
        if layer.dilation != 1 { options += ", dilation=\(layer.dilation)" }
        if layer.groups != 1 { options += ", groups=\(layer.groups)" }
        if layer.bias == nil { options += ", bias=False" }
        let (left, right) = layer.margins.sizes(
          length: given.length, span: (size - 1) * layer.dilation + 1, stride: layer.stride)
        let padded = left == 0 && right == 0 ? input : "F.pad(\(input), (\(left), \(right)))"
        value = "\(module("Conv1d(\(options))"))(\(padded))"
        add("weight", layer.kernel.transposed([2, 1, 0]))
        add("bias", vector(layer.bias))
      case .transposedConvolution(let layer):
        let (size, filters, channels) = (layer.kernel.shape[0], layer.kernel.shape[1], layer.kernel.shape[2])
        let crop = layer.margins.sizes(transposed: given.length, size: size, stride: layer.stride)
        let options =
          "\(channels), \(filters), \(size), stride=\(layer.stride)"
          + (size < layer.stride ? ", output_padding=\(layer.stride - size)" : "")
          + (layer.bias == nil ? ", bias=False" : "")
        let whole = "\(module("ConvTranspose1d(\(options))"))(\(input))"
        value =
          crop == (0, 0) ? whole : "\(whole)[:, :, \(crop.left):\(crop.left + graph.shape(node.name).length)]"
        add("weight", layer.kernel.transposed([2, 1, 0]))
        add("bias", vector(layer.bias))
      case .dense(let kernel, let bias):
        let call = module(
          "Linear(\(kernel.shape[0]), \(kernel.shape[1])\(bias == nil ? ", bias=False" : ""))")
        if case .map = given {
          value = "\(call)(\(input).transpose(1, 2)).transpose(1, 2)"
        } else {
          value = "\(call)(\(input))"
        }
        add("weight", kernel.transposed([1, 0]))
        add("bias", vector(bias))
      case .function(let function):
        guard let call = Self.call(function, input) else { throw missing }
        value = call
      case .softmax: value = "torch.softmax(\(input), 1)"
      case .normalization(let layer):
        let count = layer.mean.count
        let ones = [Float](repeating: 1, count: count)
        // PyTorch's momentum is what Keras gives away.
        let momentum = layer.momentum.map { graph.graph.normalization == .keras ? 1 - $0 : $0 } ?? 0.1
        value = "\(module("BatchNorm1d(\(count), eps=\(layer.epsilon), momentum=\(momentum))"))(\(input))"
        add("weight", vector(layer.gamma ?? ones))
        add("bias", vector(layer.beta ?? ones.map { _ in 0 }))
        add("running_mean", vector(layer.mean))
        add("running_var", vector(layer.variance))
        normalizations.append(node.name)
      case .layerNormalization(let gamma, let beta, let epsilon):
        guard let gamma, let beta else { throw missing }
        let call = module("LayerNorm(\(gamma.count), eps=\(epsilon))")
        if case .map = given {
          value = "\(call)(\(input).transpose(1, 2)).transpose(1, 2)"
        } else {
          value = "\(call)(\(input))"
        }
        add("weight", vector(gamma))
        add("bias", vector(beta))
      case .pooling(let reduction, let size, let stride, let margins):
        let (left, right) = margins.sizes(length: given.length, span: size, stride: stride)
        func pooled(_ tensor: String, fill: String) -> String {
          let padded =
            left == 0 && right == 0 ? tensor : "F.pad(\(tensor), (\(left), \(right)), value=\(fill))"
          return "F.\(reduction == .maximum ? "max" : "avg")_pool1d(\(padded), \(size), \(stride))"
        }
        switch reduction {
        case .maximum: value = pooled(input, fill: "-float('inf')")
        // The mean of the positions that exist.
        case .average where (left, right) != (0, 0):
          value = "\(pooled(input, fill: "0")) / \(pooled("torch.ones_like(\(input))", fill: "0"))"
        case .average: value = pooled(input, fill: "0")
        case .sum: throw missing
        }
      case .globalPooling(let reduction):
        let calls: [Operation.Reduction: String] = [.maximum: "amax", .average: "mean", .sum: "sum"]
        value = "\(input).\(calls[reduction] ?? "sum")(2)"
      case .logSumExp:
        value = "torch.logsumexp(\(input), \(given.isMap ? "2" : "1, keepdim=True"))"
      case .separate(let length, true): value = "\(input).unflatten(1, (-1, \(length)))"
      case .separate(let length, false): value = "\(input).unflatten(1, (\(length), -1)).transpose(1, 2)"
      case .flatten: value = "\(input).flatten(1)"
      case .singlePosition: value = "\(input).unsqueeze(2)"
      case .dropout(let rate): value = "F.dropout(\(input), \(rate), self.training)"
      case .cropping(let left, let right): value = "\(input)[:, :, \(left):\(given.length - right)]"
      case .padding(let left, let right, let fill):
        value = "F.pad(\(input), (\(left), \(right)), value=\(fill))"
      case .addition: value = node.inputs.joined(separator: " + ")
      case .product:
        // Features gate the channels of every position.
        value = node.inputs.map { tensor in
          graph.shape(node.name).isMap && !graph.shape(tensor).isMap ? "\(tensor).unsqueeze(2)" : tensor
        }.joined(separator: " * ")
      // What files of others have and no network of ours.
      case .logSoftmax, .affine, .adaptivePooling, .upsampling, .tiling, .groupNormalization,
        .rootMeanSquareNormalization, .mixing, .gate,
        .reversal, .succession:
        throw missing
      case .maximum: value = "torch.maximum(\(node.inputs.joined(separator: ", ")))"
      case .concatenation: value = "torch.cat([\(node.inputs.joined(separator: ", "))], 1)"
      case .recurrent(let layer):
        guard layer.recurrentActivation == .sigmoid, layer.cell == .lstm || layer.resetsAfter else {
          throw missing
        }
        let isBoth = layer.direction == .both
        let options =
          "\(given.channels), \(layer.units), batch_first=True" + (isBoth ? ", bidirectional=True" : "")
        let call = module("\(layer.cell == .lstm ? "LSTM" : "GRU")(\(options))")
        value = Self.states(layer, of: call, input)
        for (suffix, parameters) in zip(["", "_reverse"], [layer.forward, layer.backward].compactMap { $0 }) {
          let torch = TorchRecurrent(parameters, cell: layer.cell, units: layer.units)
          for (part, array) in torch.tensors { add("\(part)_l0\(suffix)", array) }
        }
      }
      steps.append("\(node.name) = \(value)")
    }
    (self.tensors, self.modules, self.steps, self.normalizations) = (tensors, modules, steps, normalizations)
  }

  private static func call(_ function: Operation.Function, _ x: String) -> String? {
    switch function {
    case .linear: x
    case .relu: "F.relu(\(x))"
    case .selu: "F.selu(\(x))"
    case .sigmoid: "F.sigmoid(\(x))"
    case .tanh: "F.tanh(\(x))"
    case .softplus: "F.softplus(\(x))"
    case .softsign: "F.softsign(\(x))"
    case .silu: "F.silu(\(x))"
    case .exponential: "\(x).exp()"
    case .leakyRelu(let slope): "F.leaky_relu(\(x), \(slope))"
    case .elu(let alpha): "F.elu(\(x), \(alpha))"
    case .gelu(let isApproximate): isApproximate ? "F.gelu(\(x), approximate='tanh')" : "F.gelu(\(x))"
    case .hardSigmoid(let slope): "(\(slope) * \(x) + 0.5).clamp(0, 1)"
    case .threshold(let value): "F.threshold(\(x), \(value), 0)"
    case .parametricRelu, .clipped, .mish, .hardSilu, .logSigmoid, .absolute, .narrowed, .erf: nil
    }
  }

  /// The states of every position, or those after the last one seen; PyTorch has one direction only from the first position on.
  private static func states(_ layer: Operation.Recurrent, of call: String, _ input: String) -> String {
    let isBackward = layer.direction == .backward
    let rows = "\(input).transpose(1, 2)" + (isBackward ? ".flip(1)" : "")
    guard layer.returnsSequences else {
      // (layers · directions, sequences, units)
      return "torch.cat(tuple(\(call)(\(rows))[1]\(layer.cell == .lstm ? "[0]" : "")), 1)"
    }
    return "\(call)(\(rows))[0]\(isBackward ? ".flip(1)" : "").transpose(1, 2)"
  }

  /// Takes sequences one-hot, (sequences, 4, length).
  func program(file: String) -> String {
    let outputs = graph.graph.outputs.joined(separator: ", ")
    return """
      import torch
      from torch import nn
      from torch.nn import functional as F

      class Network(nn.Module):
          def __init__(self):
              super().__init__()
      \((modules.isEmpty ? ["pass"] : modules).map { "        " + $0 }.joined(separator: "\n"))

          def forward(self, \(graph.graph.inputs[0].name)):  # one-hot, (sequences, 4, \(graph.length)), bases A C G T
      \(steps.map { "        " + $0 }.joined(separator: "\n"))
              return \(outputs)

      network = Network()
      network.load_state_dict(torch.load("\(file)"))
      network.eval()

      """
  }

  /// The zip archive of `torch.save`: a pickle, and the numbers of each tensor.
  func write(to path: String) throws {
    var pickle = PickleWriter()
    var entries: [(name: String, content: any ZipContent)] = []
    pickle.begin()
    for (index, (name, array)) in tensors.enumerated() {
      pickle.tensor(name, storage: "\(index)", type: "FloatStorage", shape: array.shape)
      entries.append(("archive/data/\(index)", array.values.flatMap { $0.bitPattern.littleEndian.bytes }))
    }
    // PyTorch counts the minibatches that a normalization has seen.
    for (offset, name) in normalizations.enumerated() {
      let key = "\(tensors.count + offset)"
      pickle.tensor(name + ".num_batches_tracked", storage: key, type: "LongStorage", shape: [])
      entries.append(("archive/data/\(key)", [UInt8](repeating: 0, count: 8)))
    }
    pickle.end()
    try ZipWriter.write(
      [("archive/data.pkl", pickle.bytes), ("archive/byteorder", Array("little".utf8))] + entries
        + [("archive/version", Array("3\n".utf8))], to: path)
  }
}

extension FixedWidthInteger {
  /// In the order of memory.
  fileprivate var bytes: [UInt8] { withUnsafeBytes(of: self) { Array($0) } }
}

extension Operation.Margins {
  /// Zeros on both sides of `length` positions.
  func sizes(length: Int, span: Int, stride: Int) -> (left: Int, right: Int) {
    if case .ceiling(let padding) = self {
      let count = (try? Operation.windows(length: length, span: span, stride: stride, margins: self)) ?? 1
      return (padding, max(0, (count - 1) * stride + span - length - padding))
    }
    guard self == .same else { return sizes }
    let total = max(0, ((length + stride - 1) / stride - 1) * stride + span - length)
    return (total / 2, total - total / 2)
  }

  /// What is taken off both ends of a transposed convolution's whole output.
  func sizes(transposed length: Int, size: Int, stride: Int) -> (left: Int, right: Int) {
    guard self == .same else { return sizes }
    let total = max(0, size - stride)
    return (total / 2, total - total / 2)
  }
}

/// Writes the pickle of a state_dict: an ordered dictionary of tensors.
private struct PickleWriter {
  var bytes: [UInt8] = []

  mutating func begin() {
    bytes += [0x80, 2]
    dictionary()
    bytes.append(UInt8(ascii: "("))
  }

  mutating func end() { bytes += [UInt8(ascii: "u"), UInt8(ascii: ".")] }

  /// A contiguous tensor that begins its storage.
  mutating func tensor(_ name: String, storage: String, type: String, shape: [Int]) {
    let count = shape.reduce(1, *)
    var strides = [Int](repeating: 1, count: shape.count)
    for axis in shape.indices.dropLast().reversed() { strides[axis] = strides[axis + 1] * shape[axis + 1] }
    text(name)
    global("torch._utils", "_rebuild_tensor_v2")
    mark()
    mark()
    text("storage")
    global("torch", type)
    text(storage)
    text("cpu")
    integer(count)
    bytes += Array("tQ".utf8)
    integer(0)
    tuple(shape)
    tuple(strides)
    bytes.append(0x89)
    dictionary()
    bytes += Array("tR".utf8)
  }

  private mutating func mark() { bytes.append(UInt8(ascii: "(")) }

  private mutating func dictionary() {
    global("collections", "OrderedDict")
    bytes += Array(")R".utf8)
  }

  private mutating func global(_ module: String, _ name: String) {
    bytes += Array("c\(module)\n\(name)\n".utf8)
  }

  private mutating func text(_ text: String) {
    bytes.append(UInt8(ascii: "X"))
    bytes += UInt32(text.utf8.count).littleEndian.bytes + Array(text.utf8)
  }

  private mutating func integer(_ number: Int) {
    bytes.append(UInt8(ascii: "J"))
    bytes += Int32(number).littleEndian.bytes
  }

  private mutating func tuple(_ numbers: [Int]) {
    mark()
    for number in numbers { integer(number) }
    bytes.append(UInt8(ascii: "t"))
  }
}
