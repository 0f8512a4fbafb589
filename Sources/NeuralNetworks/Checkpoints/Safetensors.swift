import Arrays
import Foundation
import Runtime
import Sequences

/// The safetensors container: eight bytes with the length of a JSON header, the header, the numbers.
///
/// Format: github.com/huggingface/safetensors. Only what is checked is believed: sizes and places come from strangers.
package struct Safetensors {
  package struct Tensor: Equatable {
    package var shape: [Int]
    package var values: [Float]
  }

  var metadata: [String: String] = [:]
  /// Whether it is a model of MotifKit.
  package var isModel: Bool { metadata["format"] == Model.format }
  /// In the order of the file's numbers.
  package var tensors: [(name: String, tensor: Tensor)] = []

  /// Our own files have `F32`; those of other programs may have any.
  private static let formats: [String: NumberFormat] = [
    "F64": .float64, "F32": .float32, "F16": .float16, "BF16": .bfloat16, "I64": .int64, "I32": .int32,
  ]

  private struct Entry: Codable {
    var dtype: String
    package var shape: [Int]
    var offsets: [Int]

    enum CodingKeys: String, CodingKey {
      case dtype, shape
      case offsets = "data_offsets"
    }
  }

  func encoded() throws -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    var parts: [String] = []
    if !metadata.isEmpty {
      parts.append("\"__metadata__\":" + String(decoding: try encoder.encode(metadata), as: UTF8.self))
    }
    var offset = 0
    for (name, tensor) in tensors {
      let size = tensor.values.count * 4
      let entry = Entry(dtype: "F32", shape: tensor.shape, offsets: [offset, offset + size])
      let key = String(decoding: try encoder.encode(name), as: UTF8.self)
      parts.append(key + ":" + String(decoding: try encoder.encode(entry), as: UTF8.self))
      offset += size
    }
    var header = Array("{\(parts.joined(separator: ","))}".utf8)
    while (header.count + 8) % 8 != 0 { header.append(UInt8(ascii: " ")) }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(8 + header.count + offset)
    for shift in 0..<8 { bytes.append(UInt8(truncatingIfNeeded: header.count >> (8 * shift))) }
    bytes += header
    for (_, tensor) in tensors {
      for value in tensor.values {
        withUnsafeBytes(of: value.bitPattern.littleEndian) { bytes.append(contentsOf: $0) }
      }
    }
    return bytes
  }

  /// Throws `InputError` that names `file` and what is wrong with it.
  package init(_ bytes: [UInt8], file: String) throws {
    func fail(_ reason: String) -> InputError { InputError(file: file, reason) }
    guard bytes.count >= 8 else { throw fail("not a safetensors file: it has only \(bytes.count) bytes") }
    let length = bytes[..<8].enumerated().reduce(UInt64(0)) {
      $0 | UInt64($1.element) << (8 * UInt64($1.offset))
    }
    guard bytes.count == 8 || bytes[8] == UInt8(ascii: "{") else {
      throw fail("is not a model or a checkpoint: not a safetensors file")
    }
    guard length <= UInt64(bytes.count - 8) else {
      throw fail("not a whole safetensors file: a header of \(length) bytes in a file of \(bytes.count)")
    }
    let headerEnd = 8 + Int(length)
    guard let object = try? JSONSerialization.jsonObject(with: Data(bytes[8..<headerEnd])),
      let header = object as? [String: Any]
    else { throw fail("not a safetensors file: its header is no JSON object") }
    if let metadata = header["__metadata__"] {
      guard let metadata = metadata as? [String: String] else { throw fail("its metadata are not texts") }
      self.metadata = metadata
    }
    var entries: [(name: String, format: NumberFormat, shape: [Int], range: Range<Int>)] = []
    let available = bytes.count - headerEnd
    for (name, value) in header where name != "__metadata__" {
      guard let value = value as? [String: Any], let dtype = value["dtype"] as? String,
        let shape = value["shape"] as? [Int], let offsets = value["data_offsets"] as? [Int],
        offsets.count == 2
      else { throw fail("tensor \(name) has no dtype, shape and data_offsets") }
      guard let format = Self.formats[dtype] else {
        throw fail("tensor \(name) is of the type \(dtype), which is not read")
      }
      var count = format.size
      for size in shape {
        let (product, overflow) = count.multipliedReportingOverflow(by: size)
        guard size >= 0, !overflow else { throw fail("tensor \(name) has an impossible shape") }
        count = product
      }
      guard offsets[0] >= 0, offsets[1] >= offsets[0], offsets[1] <= available else {
        throw fail("tensor \(name) lies outside the file: the file is cut short or its header is wrong")
      }
      guard offsets[1] - offsets[0] == count else {
        throw fail("tensor \(name) has \(offsets[1] - offsets[0]) bytes, but its shape needs \(count)")
      }
      entries.append((name, format, shape, offsets[0]..<offsets[1]))
    }
    entries.sort {
      ($0.range.lowerBound, $0.range.upperBound, $0.name) < (
        $1.range.lowerBound, $1.range.upperBound, $1.name
      )
    }
    var end = 0
    for entry in entries {
      guard entry.range.lowerBound == end else {
        throw fail("tensor \(entry.name) does not begin where the one before it ends")
      }
      end = entry.range.upperBound
    }
    guard end == available else { throw fail("\(available - end) bytes after its last tensor") }
    for entry in entries {
      let values = bytes.withUnsafeBytes { raw in
        entry.format.floats(
          UnsafeRawBufferPointer(
            rebasing: raw[headerEnd + entry.range.lowerBound..<headerEnd + entry.range.upperBound]))
      }
      tensors.append((entry.name, Tensor(shape: entry.shape, values: values)))
    }
  }

  init(metadata: [String: String], tensors: [(name: String, tensor: Tensor)]) {
    self.metadata = metadata
    self.tensors = tensors
  }
}
