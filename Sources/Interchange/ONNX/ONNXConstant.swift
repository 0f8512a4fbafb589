import Arrays
import Foundation
import Runtime

/// A tensor of an ONNX file whose numbers are known. Whole numbers keep their exactness up to 2⁵³.
struct ONNXConstant: Equatable {
  var shape: [Int]
  var values: [Double]

  init(shape: [Int], values: [Double]) {
    self.shape = shape
    self.values = values
  }

  init(integers: [Int]) { self.init(shape: [integers.count], values: integers.map(Double.init)) }

  /// Whole numbers; `nil` if one is none. The largest of 64 bits, which says "to the end", is no Double: it is what is next.
  var integers: [Int]? {
    let numbers = values.compactMap {
      abs($0) < 0x1p63 ? Int(exactly: $0) : $0 > 0 ? Int.max : $0 < 0 ? Int.min : nil
    }
    return numbers.count == values.count ? numbers : nil
  }

  var floats: [Float] { values.map(Float.init) }
  var weights: Weights { Weights(shape: shape, values: floats) }

  /// Slices along an axis at these places; `nil` for a place that is none.
  func taken(_ places: [Int], axis: Int) -> ONNXConstant? {
    guard shape.indices.contains(axis) else { return nil }
    let inner = shape.dropFirst(axis + 1).reduce(1, *)
    let size = shape[axis]
    let outer = shape.prefix(axis).reduce(1, *)
    let wanted = places.map { $0 < 0 ? $0 + size : $0 }
    guard wanted.allSatisfy((0..<size).contains), outer * inner * wanted.count <= 1 << 24 else { return nil }
    var sizes = shape
    sizes[axis] = wanted.count
    var result: [Double] = []
    for block in 0..<outer {
      for place in wanted {
        let start = (block * size + place) * inner
        result += values[start..<start + inner]
      }
    }
    return ONNXConstant(shape: sizes, values: result)
  }

  /// Throws `InputError` when the numbers are not as many as the shape says, or lie in another file.
  init(_ tensor: Onnx_TensorProto, file: String) throws {
    func fail(_ reason: String) -> InputError { InputError(file: file, "tensor \(tensor.name) \(reason)") }
    guard tensor.dataLocation == 0 else { throw fail("has its numbers in another file, and is no weight") }
    var count = 1
    for size in tensor.dims {
      let (product, overflow) = count.multipliedReportingOverflow(by: Int(size))
      guard size >= 0, !overflow, tensor.dims.count <= 8 else { throw fail("has an impossible shape") }
      count = product
    }
    shape = tensor.dims.map(Int.init)
    let raw = [UInt8](tensor.rawData)
    func load<Number: FixedWidthInteger>(_ type: Number.Type, _ convert: (Number) -> Double) -> [Double] {
      raw.withUnsafeBytes { raw in
        (0..<raw.count / MemoryLayout<Number>.size).map {
          convert(
            Number(littleEndian: raw.loadUnaligned(fromByteOffset: $0 * MemoryLayout<Number>.size, as: type)))
        }
      }
    }
    switch tensor.dataType {
    case 1:
      values =
        raw.isEmpty ? tensor.floatData.map(Double.init) : load(UInt32.self) { Double(Float(bitPattern: $0)) }
    case 2: values = raw.isEmpty ? tensor.int32Data.map(Double.init) : load(UInt8.self, Double.init)
    case 3: values = raw.isEmpty ? tensor.int32Data.map(Double.init) : load(Int8.self, Double.init)
    case 6: values = raw.isEmpty ? tensor.int32Data.map(Double.init) : load(Int32.self, Double.init)
    case 7: values = raw.isEmpty ? tensor.int64Data.map(Double.init) : load(Int64.self, Double.init)
    case 9: values = raw.isEmpty ? tensor.int32Data.map(Double.init) : load(UInt8.self, Double.init)
    case 10:
      values =
        raw.isEmpty
        ? tensor.int32Data.map { Double(Float(halfPrecision: UInt16(truncatingIfNeeded: $0))) }
        : load(UInt16.self) { Double(Float(halfPrecision: $0)) }
    case 11: values = raw.isEmpty ? tensor.doubleData : load(UInt64.self, Double.init(bitPattern:))
    case 16:
      values =
        raw.isEmpty
        ? tensor.int32Data.map { Double(Float(bfloat16: UInt16(truncatingIfNeeded: $0))) }
        : load(UInt16.self) { Double(Float(bfloat16: $0)) }
    default: throw fail("is of a type (\(tensor.dataType)) that is not read")
    }
    guard values.count == count else {
      throw fail("has \(values.count) numbers, but its shape needs \(count)")
    }
  }
}
