import Arrays
import Runtime

/// A file of `torch.save`: its pickle, and the numbers of its tensors.
///
/// Layouts: the zip archive of PyTorch 1.6 and later, and the row of five pickles before (torch/serialization.py).
struct TorchFile {
  let file: String
  let pickle: Pickle
  /// Bytes of each storage by its key.
  private let storages: [String: [UInt8]]

  /// A dense array of a file, row-major.
  struct Tensor {
    var shape: [Int]
    var values: [Float]
  }

  /// The first bytes of a file of the older kind: protocol 2 and the magic number as a whole number of ten bytes.
  static let legacySignature: [UInt8] = [
    0x80, 0x02, 0x8A, 0x0A, 0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20, 0x6A, 0xA8, 0x50, 0x19,
  ]

  /// - Throws: `InputError` that names the file: damaged, or a TorchScript program.
  init(_ bytes: [UInt8], file: String) throws {
    self.file = file
    do {
      (pickle, storages) =
        bytes.starts(with: ZipArchive.signature)
        ? try Self.zip(ZipArchive(bytes, file: file), file: file) : try Self.legacy(bytes)
    } catch let failure as PickleMachine.Failure {
      throw InputError(file: file, failure.reason)
    } catch is ByteReader.EndOfBytes { throw InputError(file: file, "is cut short") }
  }

  private static func zip(_ archive: ZipArchive, file: String) throws -> (Pickle, [String: [UInt8]]) {
    guard let main = archive.entries.first(where: { $0.name == "data.pkl" || $0.name.hasSuffix("/data.pkl") })
    else {
      let isExported = archive.entries.contains { entry in
        ["serialized_exported_program.json", "archive_format", "models/model.json"].contains {
          entry.name == $0 || entry.name.hasSuffix("/" + $0)
        }
      }
      throw InputError(
        file: file,
        isExported
          ? "a program of torch.export, which is not read; in Python: torch.onnx.export(torch.export.load(file), (), 'model.onnx', dynamo=True)"
          : "a zip archive, but of neither PyTorch, Keras nor NumPy")
    }
    let root = String(main.name.dropLast("data.pkl".count))
    if archive.entries.contains(where: { $0.name.hasPrefix(root + "code/") }) {
      throw InputError(
        file: file,
        "a TorchScript program, which is not read; in Python: torch.onnx.export(torch.jit.load(file), example, 'model.onnx')"
      )
    }
    if let order = archive.entries.first(where: { $0.name == root + "byteorder" }),
      try archive.content(order, limit: 64).elementsEqual("big".utf8)
    {
      throw PickleMachine.Failure(reason: "has big-endian numbers, which are not read")
    }
    var reader = ByteReader(try archive.content(main, limit: 1 << 28))
    let pickle = try PickleMachine.run(&reader)
    var storages: [String: [UInt8]] = [:]
    let prefix = root + "data/"
    for entry in archive.entries where entry.name.hasPrefix(prefix) {
      storages[String(entry.name.dropFirst(prefix.count))] = try archive.content(entry, limit: 1 << 31)
    }
    return (pickle, storages)
  }

  private static func legacy(_ bytes: [UInt8]) throws -> (Pickle, [String: [UInt8]]) {
    var reader = ByteReader(bytes)
    // Magic number, protocol, the machine's sizes.
    for _ in 0..<3 { _ = try PickleMachine.run(&reader) }
    let pickle = try PickleMachine.run(&reader)
    let keys = try PickleMachine.run(&reader)
    var sizes: [String: Int] = [:]
    for node in pickle.nodes where node.kind == .persistent {
      if let storage = Storage(node, in: pickle) { sizes[storage.key] = storage.format.size }
    }
    var storages: [String: [UInt8]] = [:]
    for key in keys.items(keys.root) ?? [] {
      guard let key = keys.text(key), let size = sizes[key],
        let count = Int(exactly: try reader.integer(Int64.self)), count >= 0, count <= reader.rest / size
      else { throw PickleMachine.Failure(reason: "the numbers of its tensors are damaged") }
      storages[key] = Array(try reader.take(count * size))
    }
    return (pickle, storages)
  }
}

extension TorchFile {
  private static let formats: [String: NumberFormat] = [
    "DoubleStorage": .float64, "FloatStorage": .float32, "HalfStorage": .float16,
    "BFloat16Storage": .bfloat16,
    "LongStorage": .int64, "IntStorage": .int32, "ShortStorage": .int16, "CharStorage": .int8,
    "ByteStorage": .uint8, "BoolStorage": .uint8,
  ]

  /// `("storage", type, key, where it was, count)`.
  private struct Storage {
    let format: NumberFormat
    let key: String

    init?(_ node: Pickle.Node, in pickle: Pickle) {
      guard let parts = pickle.items(node.items.first), parts.count >= 5, pickle.text(parts[0]) == "storage",
        let global = pickle.global(parts[1]), global.hasPrefix("torch."),
        let format = TorchFile.formats[String(global.dropFirst("torch.".count))],
        let key = pickle.text(parts[2])
      else { return nil }
      self.format = format
      self.key = key
    }
  }

  /// The tensor or parameter a value describes; `nil` for anything else.
  ///
  /// - Throws: `InputError` when it lies outside its storage.
  func tensor(_ value: Pickle.Value?) throws -> Tensor? {
    guard let node = pickle.node(value), node.kind == .object, var global = pickle.global(node.constructor),
      var arguments = pickle.items(node.arguments)
    else { return nil }
    // Of a layer that learned its sizes late: the function, the type, what the function is called with.
    if global == "torch._tensor._rebuild_from_type_v2", arguments.count >= 3,
      let function = pickle.global(arguments[0]), let own = pickle.items(arguments[2]),
      function.hasPrefix("torch._utils._rebuild_tensor")
    {
      (global, arguments) = (function, own)
    }
    switch global {
    case "torch._utils._rebuild_parameter", "torch.nn.parameter.Parameter":
      // Not by recursion: a parameter of a parameter of … would be a stranger's way to a full stack.
      guard let inner = pickle.node(arguments.first),
        pickle.global(inner.constructor)?.hasPrefix("torch._utils._rebuild_tensor") == true
      else { return nil }
      return try tensor(arguments[0])
    case "torch._utils._rebuild_tensor", "torch._utils._rebuild_tensor_v2":
      guard arguments.count >= 4, let holder = pickle.node(arguments[0]), holder.kind == .persistent,
        let storage = Storage(holder, in: pickle), let offset = pickle.integer(arguments[1]),
        let shape = pickle.integers(arguments[2]), let strides = pickle.integers(arguments[3])
      else { throw InputError(file: file, "a tensor in it is damaged or of a type that is not read") }
      return try tensor(storage, offset: offset, shape: shape, strides: strides)
    default: return nil
    }
  }

  private func tensor(_ storage: Storage, offset: Int, shape: [Int], strides: [Int]) throws -> Tensor {
    let damaged = InputError(file: file, "a tensor of shape \(shape) in it lies outside its numbers")
    guard let bytes = storages[storage.key] else { throw damaged }
    let available = bytes.count / storage.format.size
    guard shape.count == strides.count, shape.count <= 8, offset >= 0 else { throw damaged }
    var count = 1
    var last = offset
    for (size, stride) in Swift.zip(shape, strides) {
      guard size >= 0, stride >= 0, size <= available, stride <= available else { throw damaged }
      count *= size
      last += max(0, size - 1) * stride
      // An array that shows the same numbers more than once is no network's.
      guard count <= available, last < max(1, available) else { throw damaged }
    }
    guard count == 0 || last < available else { throw damaged }
    var values: [Float] = []
    values.reserveCapacity(count)
    var index = [Int](repeating: 0, count: shape.count)
    var place = offset
    bytes.withUnsafeBytes { raw in
      for _ in 0..<count {
        values.append(storage.format.float(raw, at: place))
        for axis in shape.indices.reversed() {
          index[axis] += 1
          place += strides[axis]
          if index[axis] < shape[axis] { break }
          place -= strides[axis] * shape[axis]
          index[axis] = 0
        }
      }
    }
    return Tensor(shape: shape, values: values)
  }
}
