/// An array as NumPy's NPY format holds it, row-major, little-endian.
///
/// Format: NumPy Enhancement Proposal 1, "A simple file format for NumPy arrays", version 1.0.
public struct NPYArray: Sendable {
  /// The numbers, and with them their type.
  public enum Values: Sendable {
    case float32([Float])
    case uint8([UInt8])
    case int64([Int64])
  }

  public let values: Values
  public let shape: [Int]

  /// `values` are as many as `shape` says.
  public init(_ values: Values, shape: [Int]) {
    self.values = values
    self.shape = shape
    precondition(shape.reduce(1, *) == count, "as many values as the shape says")
  }

  private var count: Int {
    switch values {
    case .float32(let values): values.count
    case .uint8(let values): values.count
    case .int64(let values): values.count
    }
  }

  private var type: String {
    switch values {
    case .float32: "<f4"
    case .uint8: "|u1"
    case .int64: "<i8"
    }
  }

  /// Magic, version, length of the header, the header padded with spaces to a multiple of 64 bytes.
  var header: [UInt8] {
    let shape =
      shape.count == 1 ? "(\(self.shape[0]),)" : "(\(shape.map(String.init).joined(separator: ", ")))"
    var text = "{'descr': '\(type)', 'fortran_order': False, 'shape': \(shape), }"
    text += String(repeating: " ", count: 63 - (10 + text.utf8.count) % 64) + "\n"
    let length = UInt16(text.utf8.count)
    return [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(length & 255), UInt8(length >> 8)] + Array(text.utf8)
  }

  /// Bytes after the header.
  var size: Int {
    switch values {
    case .float32(let values): 4 * values.count
    case .uint8(let values): values.count
    case .int64(let values): 8 * values.count
    }
  }

  /// The bytes after the header, in pieces of at most a mebibyte.
  func forEachPiece(_ body: (UnsafeRawBufferPointer) throws -> Void) rethrows {
    func pieces<Number: FixedWidthInteger>(_ numbers: some Collection<Number>) throws {
      var rest = numbers[...]
      while !rest.isEmpty {
        let piece = rest.prefix((1 << 20) / (Number.bitWidth / 8)).map(\.littleEndian)
        try piece.withUnsafeBytes(body)
        rest = rest.dropFirst(piece.count)
      }
    }
    switch values {
    case .float32(let values): try pieces(values.lazy.map(\.bitPattern))
    case .uint8(let values): try pieces(values)
    case .int64(let values): try pieces(values)
    }
  }
}
