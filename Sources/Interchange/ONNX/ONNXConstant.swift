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

  /// Whole numbers; `nil` if one is none.
  var integers: [Int]? {
    let numbers = values.compactMap { Int(exactly: $0) }
    return numbers.count == values.count ? numbers : nil
  }

  var floats: [Float] { values.map(Float.init) }
  var weights: Weights { Weights(shape: shape, values: floats) }

  /// Throws `InputError` when the numbers are not as many as the shape says, or lie in another file.
  init(_ tensor: Onnx_TensorProto, file: String) throws {
    func fail(_ reason: String) -> InputError { InputError(file: file, "tensor \(tensor.name) \(reason)") }
    guard tensor.dataLocation == 0 else { throw fail("has its numbers in another file, which is not read") }
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
