import Foundation
import Runtime

/// NumPy's format for one array.
///
/// Format: NumPy Enhancement Proposal 1, "A simple file format for NumPy arrays"; version 1.0 is written, 1.0 to 3.0 are
/// read. Pickled objects are never read.
package enum NPYFormat {
  package static let signature: [UInt8] = [0x93] + Array("NUMPY".utf8)

  package static func array(_ bytes: [UInt8], file: String) throws -> TypedArray {
    func fail(_ reason: String) -> InputError { InputError(file: file, reason) }
    var reader = ByteReader(bytes)
    let header: String
    do {
      guard try reader.take(6).elementsEqual(signature) else { throw fail("not an array of NumPy") }
      let version = try reader.byte()
      _ = try reader.byte()
      let length =
        version == 1 ? Int(try reader.integer(UInt16.self)) : Int(try reader.integer(UInt32.self))
      header = String(decoding: try reader.take(length), as: UTF8.self)
    } catch is ByteReader.EndOfBytes { throw fail("is cut short") }
    func value(_ key: String) -> Substring? {
      guard let place = header.range(of: "'\(key)':") else { return nil }
      return header[place.upperBound...].drop { $0 == " " }
    }
    guard let type = value("descr"), type.hasPrefix("'"), let order = value("fortran_order"),
      let shapeText = value("shape"), shapeText.hasPrefix("("), let close = shapeText.firstIndex(of: ")")
    else { throw fail("has a header that says no type and shape, or the type is a record") }
    let descr = String(type.dropFirst().prefix { $0 != "'" })
    let sizes = shapeText[..<close].dropFirst().split(separator: ",").map { $0.filter { $0 != " " } }
      .filter { !$0.isEmpty }
    var shape: [Int] = []
    var count = 1
    for text in sizes {
      guard let size = Int(text), size >= 0 else { throw fail("has an impossible shape") }
      let (product, overflow) = count.multipliedReportingOverflow(by: size)
      guard !overflow, shape.count < 32 else { throw fail("has an impossible shape") }
      shape.append(size)
      count = product
    }
    guard let size = Int(descr.dropFirst(2)), size > 0, size < 1 << 20, descr.utf8.count >= 3 else {
      throw fail("is of type \(descr), which is not read")
    }
    // Strings of `U` have four bytes a character.
    let kind = descr.dropFirst().first
    let width = kind == "U" ? 4 * size : size
    let (needed, overflow) = count.multipliedReportingOverflow(by: width)
    guard !overflow, needed <= reader.rest else {
      throw fail("has \(reader.rest) bytes of numbers, but its shape needs \(overflow ? Int.max : needed)")
    }
    let raw = bytes[reader.place..<reader.place + needed]
    guard var values = values(raw, count: count, descr: descr, size: size) else {
      throw fail("is of type \(descr), which is not read")
    }
    if order.hasPrefix("True"), shape.count > 1 { values = values.fromColumnMajor(shape) }
    return TypedArray(values, shape: shape)
  }

  /// Magic, version, length of the header, the header padded with spaces to a multiple of 64 bytes.
  static func header(type: String, shape: [Int]) -> [UInt8] {
    let sizes = shape.map(String.init)
    let shape = sizes.count == 1 ? "(\(sizes[0]),)" : "(\(sizes.joined(separator: ", ")))"
    var text = "{'descr': '\(type)', 'fortran_order': False, 'shape': \(shape), }"
    text += String(repeating: " ", count: 63 - (10 + text.utf8.count) % 64) + "\n"
    let length = UInt16(text.utf8.count)
    return signature + [1, 0, UInt8(length & 255), UInt8(length >> 8)] + Array(text.utf8)
  }

  private static func values(_ raw: ArraySlice<UInt8>, count: Int, descr: String, size: Int)
    -> TypedArray.Values?
  {
    let isBig = descr.hasPrefix(">")
    func numbers<Number: FixedWidthInteger, Result>(_ type: Number.Type, _ body: (Number) -> Result)
      -> [Result]
    {
      raw.withUnsafeBytes { raw in
        (0..<count).map {
          let number = raw.loadUnaligned(fromByteOffset: $0 * MemoryLayout<Number>.size, as: type)
          return body(isBig ? Number(bigEndian: number) : Number(littleEndian: number))
        }
      }
    }
    switch descr.dropFirst() {
    case "f2": return .float32(numbers(UInt16.self) { Float(halfPrecision: $0) })
    case "f4": return .float32(numbers(UInt32.self, Float.init(bitPattern:)))
    case "f8": return .float64(numbers(UInt64.self, Double.init(bitPattern:)))
    case "b1", "u1": return .uint8(Array(raw))
    case "i1": return .int8(raw.map(Int8.init(bitPattern:)))
    case "i2": return .int64(numbers(Int16.self, Int64.init))
    case "i4": return .int64(numbers(Int32.self, Int64.init))
    case "i8": return .int64(numbers(Int64.self) { $0 })
    case "u2": return .int64(numbers(UInt16.self, Int64.init))
    case "u4": return .int64(numbers(UInt32.self, Int64.init))
    case "u8": return .int64(numbers(UInt64.self) { Int64(clamping: $0) })
    case let type where type.hasPrefix("S"):
      return .strings(
        (0..<count).map { index in
          let start = raw.startIndex + index * size
          return String(decoding: raw[start..<start + size].prefix { $0 != 0 }, as: UTF8.self)
        })
    case let type where type.hasPrefix("U"):
      let letters = raw.withUnsafeBytes { raw in
        (0..<count * size).map {
          let number = raw.loadUnaligned(fromByteOffset: 4 * $0, as: UInt32.self)
          return UnicodeScalar(isBig ? UInt32(bigEndian: number) : UInt32(littleEndian: number))
        }
      }
      return .strings(
        (0..<count).map { index in
          var text = String.UnicodeScalarView()
          for letter in letters[index * size..<(index + 1) * size] {
            guard let letter, letter.value != 0 else { break }
            text.append(letter)
          }
          return String(text)
        })
    default: return nil
    }
  }
}

/// An array in NumPy's format, as an archive takes it.
struct NPYContent: ZipContent {
  let array: TypedArray

  var byteCount: Int { header.count + size }

  func forEachPiece(_ body: (UnsafeRawBufferPointer) throws -> Void) throws {
    try header.withUnsafeBytes(body)
    try numbers(body)
  }

  /// Characters of the longest string; at least one.
  private func width(_ texts: [String]) -> Int { max(1, texts.map(\.unicodeScalars.count).max() ?? 1) }

  private var type: String {
    switch array.values {
    case .int8: "|i1"
    case .uint8: "|u1"
    case .int64: "<i8"
    case .float32: "<f4"
    case .float64: "<f8"
    case .strings(let texts): "<U\(width(texts))"
    }
  }

  private var header: [UInt8] { NPYFormat.header(type: type, shape: array.shape) }

  /// Bytes after the header.
  private var size: Int {
    switch array.values {
    case .int8(let values): values.count
    case .uint8(let values): values.count
    case .int64(let values): 8 * values.count
    case .float32(let values): 4 * values.count
    case .float64(let values): 8 * values.count
    case .strings(let texts): 4 * texts.count * width(texts)
    }
  }

  /// The bytes after the header, in pieces of at most a mebibyte.
  private func numbers(_ body: (UnsafeRawBufferPointer) throws -> Void) rethrows {
    func pieces<Number: FixedWidthInteger>(_ numbers: some Collection<Number>) throws {
      var rest = numbers[...]
      while !rest.isEmpty {
        let piece = rest.prefix((1 << 20) / (Number.bitWidth / 8)).map(\.littleEndian)
        try piece.withUnsafeBytes(body)
        rest = rest.dropFirst(piece.count)
      }
    }
    switch array.values {
    case .int8(let values): try pieces(values)
    case .uint8(let values): try pieces(values)
    case .int64(let values): try pieces(values)
    case .float32(let values): try pieces(values.lazy.map(\.bitPattern))
    case .float64(let values): try pieces(values.lazy.map(\.bitPattern))
    case .strings(let texts):
      let width = width(texts)
      try pieces(
        texts.flatMap { text in
          let letters = text.unicodeScalars.map(\.value)
          return letters + [UInt32](repeating: 0, count: width - letters.count)
        })
    }
  }
}

extension TypedArray.Values {
  /// The same numbers in row-major order, where they lie with the first axis fastest.
  fileprivate func fromColumnMajor(_ shape: [Int]) -> TypedArray.Values {
    let count = self.count
    var order = [Int](repeating: 0, count: count)
    var index = [Int](repeating: 0, count: shape.count)
    let strides = shape.indices.map { shape[..<$0].reduce(1, *) }
    for place in 0..<count {
      order[place] = zip(index, strides).reduce(0) { $0 + $1.0 * $1.1 }
      for axis in shape.indices.reversed() {
        index[axis] += 1
        if index[axis] < shape[axis] { break }
        index[axis] = 0
      }
    }
    switch self {
    case .int8(let values): return .int8(order.map { values[$0] })
    case .uint8(let values): return .uint8(order.map { values[$0] })
    case .int64(let values): return .int64(order.map { values[$0] })
    case .float32(let values): return .float32(order.map { values[$0] })
    case .float64(let values): return .float64(order.map { values[$0] })
    case .strings(let values): return .strings(order.map { values[$0] })
    }
  }
}
