import Foundation
import Runtime
import SwiftProtobuf

/// Turns an ONNX file into a graph.
///
/// Operators: onnx.ai/onnx/operators, sets 7 to 23. Tensors there are batch × channels × positions or any other order;
/// here each one's axes are followed by what they mean, shapes are propagated, and what depends on nothing but constants and
/// shapes is computed on the way.
struct ONNXReader {
  /// What an axis is.
  enum Axis {
    case batch, channels, positions, features, unit, directions
    /// Channels or features as a table: its columns, where these are its rows.
    case parts
  }

  /// A tensor that depends on the input: one of the graph, seen through other axes.
  struct Value {
    var tensor: String
    var axes: [Axis]
    var sizes: [Int]
    /// Where ONNX lays it out channel by channel.
    func index(_ axis: Axis) -> Int? { axes.firstIndex(of: axis) }
  }

  enum Known {
    case value(Value)
    case constant(ONNXConstant)
    /// Depends on what could not be read.
    case unknown
  }

  let file: String
  let version: Int
  var graph = NetworkGraph()
  var known: [String: Known] = [:]
  private var batch = 1
  /// Tensors that are some of another's channels or features: which, of how many.
  var parts: [String: (source: String, places: [Int], count: Int)] = [:]
  /// Softmaxes and sigmoids of what could not be read.
  private var shares: Set<String> = []
  /// The types of the operations that take each tensor.
  private(set) var takers: [String: Set<String>] = [:]

  /// - Parameter length: of the input, where the file leaves it open.
  /// - Throws: `InputError` when the file is damaged. What cannot be represented is in the graph's `problems`.
  static func graph(_ bytes: [UInt8], file: String, length: Int?) throws -> NetworkGraph {
    guard var model = try? Onnx_ModelProto(serializedBytes: bytes), model.hasGraph else {
      throw InputError(file: file, "is not a whole ONNX file")
    }
    var external = ONNXExternalData(file: file)
    for index in model.graph.initializer.indices { try external.load(&model.graph.initializer[index]) }
    let version = model.opsetImport.first { $0.domain.isEmpty || $0.domain == "ai.onnx" }?.version ?? 1
    var reader = ONNXReader(file: file, version: Int(clamping: version))
    try reader.read(model.graph, length: length)
    return reader.graph
  }

  /// Whether bytes look like an ONNX file: they decode, and there are operations in it.
  static func recognizes(_ bytes: [UInt8]) -> Bool {
    // The first field is the version of the format: a whole number between 1 and 20.
    guard bytes.count > 16, bytes[0] == 0x08, (1...20).contains(bytes[1]) else { return false }
    guard let model = try? Onnx_ModelProto(serializedBytes: bytes) else { return false }
    return model.hasGraph && !model.graph.node.isEmpty
  }

  private init(file: String, version: Int) {
    self.file = file
    self.version = version
    graph.normalization = .pytorch
  }

  private mutating func read(_ proto: Onnx_GraphProto, length: Int?) throws {
    for tensor in proto.initializer { known[tensor.name] = .constant(try ONNXConstant(tensor, file: file)) }
    for input in proto.input where known[input.name] == nil { try add(input, length: length) }
    let nodes = ONNXIdioms.nodes(of: proto, file: file)
    for node in nodes {
      for input in node.input { takers[input, default: []].insert(node.opType) }
    }
    for node in nodes {
      let name = node.name.isEmpty ? node.output.first ?? "?" : node.name
      guard node.domain.isEmpty || node.domain == "ai.onnx" else {
        refuse(node, name, "of the operator set \(node.domain)")
        continue
      }
      try step(ONNXNode(node, name: name), proto: node)
    }
    for output in proto.output {
      guard case .value(let value) = known[output.name] else {
        if graph.problems.isEmpty {
          throw InputError(file: file, "output \(output.name) depends on no input")
        }
        continue
      }
      graph.outputs.append(value.tensor)
      let isLast = (value.index(.channels) ?? 0) > (value.index(.positions) ?? .max)
      graph.outputsChannelsFirst = (graph.outputsChannelsFirst ?? []) + [!isLast]
    }
    graph.foldBiases()
  }

  private mutating func add(_ input: Onnx_ValueInfoProto, length: Int?) throws {
    let dims = input.type.tensorType.shape.dim.map { $0.dimValue > 0 ? Int(clamping: $0.dimValue) : nil }
    let text = dims.map { $0.map(String.init) ?? "?" }.joined(separator: " × ")
    let axes: [Axis]
    switch dims.count {
    case 3 where dims[1] == 4 && dims[2] != 4: axes = [.batch, .channels, .positions]
    case 3 where dims[2] == 4: axes = [.batch, .positions, .channels]
    case 4 where dims[1] == 4 && dims[2] == 1: axes = [.batch, .channels, .unit, .positions]
    case 4 where dims[1] == 4 && dims[3] == 1: axes = [.batch, .channels, .positions, .unit]
    case 4 where dims[1] == 1 && dims[2] == 4: axes = [.batch, .unit, .channels, .positions]
    case 4 where dims[1] == 1 && dims[3] == 4: axes = [.batch, .unit, .positions, .channels]
    default:
      graph.refuse("input \(input.name) of shape \(text)")
      known[input.name] = .unknown
      return
    }
    guard let place = axes.firstIndex(of: .positions), let positions = dims[place] ?? length else {
      throw UnknownLength()
    }
    batch = dims[0] ?? 1
    let sizes = axes.map { axis in
      axis == .batch ? batch : axis == .positions ? positions : axis == .channels ? 4 : 1
    }
    graph.inputs.append(.init(name: input.name, length: positions, channels: 4))
    known[input.name] = .value(Value(tensor: input.name, axes: axes, sizes: sizes))
  }

  private mutating func refuse(_ node: Onnx_NodeProto, _ name: String, _ what: String?) {
    graph.refuse("operation \(name) (\(node.opType))" + (what.map { ": \($0)" } ?? ""))
    for output in node.output { known[output] = .unknown }
  }

  private mutating func step(_ node: ONNXNode, proto: Onnx_NodeProto) throws {
    if try fold(node) { return }
    var isUnknown = false
    for input in node.inputs where !input.isEmpty {
      guard let value = known[input] else {
        throw InputError(file: file, "operation \(node.name) takes \(input), which nothing makes")
      }
      if case .unknown = value { isUnknown = true }
    }
    do {
      // What follows something unreadable is read for its own sake: its type may be missing too.
      if isUnknown {
        guard Self.operations.contains(node.type) else { throw ONNXNode.Missing(what: nil) }
        try requireConstants(node)
        for output in node.outputs {
          known[output] = .unknown
          if node.type == "Softmax" || node.type == "Sigmoid" { shares.insert(output) }
        }
      } else {
        try apply(node)
      }
    } catch let missing as ONNXNode.Missing { refuse(proto, node.name, missing.what) }
  }
}

extension ONNXReader {
  /// Notes what no input would make readable.
  private func requireConstants(_ node: ONNXNode) throws {
    let isConstant = node.inputs.indices.map { constant(node, $0) != nil }
    let isOfShare = node.inputs.first.map(shares.contains) == true
    switch node.type {
    case "MatMul", "Gemm":
      // Sums weighted by a softmax may be attention pooling, which is read.
      if !isConstant.prefix(2).contains(true), !isOfShare { throw Missing(what: "a product of two tensors") }
    case "Div": if isConstant.count == 2, !isConstant[1] { throw Missing(what: "division by a tensor") }
    case "Pow":
      if ![[2], [3], [4]].contains(constant(node, 1)?.values ?? []) { throw Missing(what: "its exponent") }
    case "Log": if !isOfShare { throw Missing(what: nil) }
    default: break
    }
  }
}

/// An operation of an ONNX file.
struct ONNXNode {
  /// Something about it that cannot be represented; `nil` for all of it.
  struct Missing: Error { var what: String? }

  let name: String
  private(set) var type: String
  private(set) var inputs: [String]
  private(set) var outputs: [String]
  private let attributes: [String: Onnx_AttributeProto]

  /// The same operation, or one of its kind, on other tensors.
  func taking(_ inputs: [String], type: String, giving output: String) -> Self {
    var result = self
    (result.inputs, result.type, result.outputs) = (inputs, type, [output])
    return result
  }

  init(_ proto: Onnx_NodeProto, name: String) {
    self.name = name
    type = proto.opType
    inputs = proto.input
    outputs = proto.output
    attributes = Dictionary(proto.attribute.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
  }

  func integer(_ name: String) -> Int? { attributes[name].flatMap { $0.hasI ? Int(clamping: $0.i) : nil } }
  /// The shortest decimal number that is the file's in single precision: 0.2, not 0.20000000298.
  func number(_ name: String) -> Double? { attributes[name].flatMap { $0.hasF ? Double("\($0.f)") : nil } }
  func integers(_ name: String) -> [Int]? { attributes[name].map { $0.ints.map { Int(clamping: $0) } } }
  func text(_ name: String) -> String? {
    attributes[name].flatMap { $0.hasS ? String(decoding: $0.s, as: UTF8.self) : nil }
  }
  func numbers(_ name: String) -> [Double]? { attributes[name].map { $0.floats.map(Double.init) } }
  func texts(_ name: String) -> [String]? {
    attributes[name].map { $0.strings.map { String(decoding: $0, as: UTF8.self) } }
  }
  func tensor(_ name: String, file: String) throws -> ONNXConstant? {
    guard let attribute = attributes[name], attribute.hasT else { return nil }
    return try ONNXConstant(attribute.t, file: file)
  }
}
