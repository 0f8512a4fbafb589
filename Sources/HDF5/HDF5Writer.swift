import Arrays
private import CHDF5Shim
import Foundation
import Runtime

/// Writes HDF5 files with libhdf5; the same tree gives the same bytes.
public enum HDF5Writer {
  /// Writes a file, whole or not at all.
  ///
  /// - Throws: `InputError` that names the file: a name that HDF5 does not allow, a folder that refuses, a full disk.
  public static func write(_ root: HDF5Group, to path: String) throws {
    do {
      try AtomicFile.write(try encoded(root), to: path)
    } catch let error as InputError where error.file == nil {
      throw InputError(file: path, error.reason)
    }
  }

  /// The bytes of the file.
  ///
  /// - Throws: `InputError` for what HDF5 does not allow, and for datasets whose file has gone.
  public static func encoded(_ root: HDF5Group) throws -> [UInt8] {
    // Values that lie in another file are read first: the library is busy from `begin` to `end`.
    let root = try root.loaded()
    try HDF5Library.load()
    guard chdf5_begin() == 0 else { throw InputError("the HDF5 library cannot start a file") }
    do {
      try write(root, path: "")
    } catch {
      _ = chdf5_end(nil, nil)
      throw error
    }
    var bytes: UnsafeMutablePointer<UInt8>?
    var count = 0
    guard chdf5_end(&bytes, &count) == 0, let bytes else {
      throw InputError("the HDF5 library cannot finish the file")
    }
    defer { chdf5_free(bytes) }
    return Array(UnsafeBufferPointer(start: bytes, count: count))
  }

  private static func write(_ group: HDF5Group, path: String) throws {
    try write(group.attributes, of: path.isEmpty ? "/" : path)
    for (name, member) in group.groups.sorted(by: { $0.key < $1.key }) {
      let path = try self.path(name, in: path)
      guard chdf5_write_group(path) == 0 else { throw refused("group", path) }
      try write(member, path: path)
    }
    for (name, dataset) in group.datasets.sorted(by: { $0.key < $1.key }) {
      let path = try self.path(name, in: path)
      let isCompressed: Int32 = dataset.isCompressed ? 1 : 0
      let array = try dataset.array()
      guard
        pass(array, { chdf5_write_dataset(path, $0, Int32(array.shape.count), $1, $2, isCompressed) }) == 0
      else { throw refused("dataset", path) }
      try write(dataset.attributes, of: path)
    }
  }

  private static func write(_ attributes: [String: TypedArray], of path: String) throws {
    for (name, array) in attributes.sorted(by: { $0.key < $1.key }) {
      guard pass(array, { chdf5_write_attribute(path, name, $0, Int32(array.shape.count), $1, $2) }) == 0
      else {
        throw refused("attribute \(name) of", path)
      }
    }
  }

  private static func path(_ name: String, in path: String) throws -> String {
    guard !name.isEmpty, name != ".", !name.contains("/") else {
      throw InputError("\"\(name)\" cannot be a name in an HDF5 file")
    }
    return path + "/" + name
  }

  private static func refused(_ what: String, _ path: String) -> InputError {
    InputError("\(what) \(path) cannot be written as HDF5")
  }

  /// Hands kind, sizes and values over.
  private static func pass(
    _ array: TypedArray, _ body: (Int32, UnsafePointer<UInt64>?, UnsafeRawPointer?) -> Int32
  ) -> Int32 {
    func pass(_ kind: chdf5_kind, _ values: [some Any]) -> Int32 {
      array.shape.map(UInt64.init).withUnsafeBufferPointer { shape in
        values.withUnsafeBytes { body(Int32(kind.rawValue), shape.baseAddress, $0.baseAddress) }
      }
    }
    switch array.values {
    case .int8(let values): return pass(CHDF5_INT8, values)
    case .uint8(let values): return pass(CHDF5_UINT8, values)
    case .int64(let values): return pass(CHDF5_INT64, values)
    case .float32(let values): return pass(CHDF5_FLOAT32, values)
    case .float64(let values): return pass(CHDF5_FLOAT64, values)
    case .strings(let values):
      let texts = values.map { strdup($0) }
      defer { texts.forEach { free($0) } }
      return pass(CHDF5_STRING, texts)
    }
  }
}

extension HDF5Group {
  /// The same with all values in memory.
  fileprivate func loaded() throws -> HDF5Group {
    var copy = self
    copy.groups = try groups.mapValues { try $0.loaded() }
    copy.datasets = try datasets.mapValues {
      HDF5Dataset(try $0.array(), attributes: $0.attributes, isCompressed: $0.isCompressed)
    }
    return copy
  }
}
