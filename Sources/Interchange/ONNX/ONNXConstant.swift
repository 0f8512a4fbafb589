import Arrays
import Foundation
import Runtime

/// A tensor of an ONNX file whose numbers are known. Whole numbers keep their exactness up to 2⁵³.
struct ONNXConstant: Equatable {
  var shape: [Int]
  var values: [Double]
  /// Whether it is of a type of whole numbers, whose quotients are whole too.
  var isWhole: Bool

  init(shape: [Int], values: [Double], isWhole: Bool = false) {
    self.shape = shape
    self.values = values
    self.isWhole = isWhole
  }

  init(integers: [Int]) {
    self.init(shape: [integers.count], values: integers.map(Double.init), isWhole: true)
  }

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
    return ONNXConstant(shape: sizes, values: result, isWhole: isWhole)
  }

  /// By the number of the type in `TensorProto.DataType`.
  private static let formats: [Int32: NumberFormat] = [
    1: .float32, 2: .uint8, 3: .int8, 6: .int32, 7: .int64, 9: .uint8, 10: .float16, 11: .float64,
    16: .bfloat16,
  ]

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
    guard let format = Self.formats[tensor.dataType] else {
      throw fail("is of a type (\(tensor.dataType)) that is not read")
    }
    isWhole = [.int8, .uint8, .int16, .int32, .int64].contains(format)
    if !tensor.rawData.isEmpty {
      values = tensor.rawData.withUnsafeBytes(format.doubles)
    } else {
      func halves(_ convert: (UInt16) -> Float) -> [Double] {
        tensor.int32Data.map { Double(convert(UInt16(truncatingIfNeeded: $0))) }
      }
      values =
        switch format {
        case .float64: tensor.doubleData
        case .float32: tensor.floatData.map(Double.init)
        case .float16: halves(Float.init(halfPrecision:))
        case .bfloat16: halves(Float.init(bfloat16:))
        case .int64: tensor.int64Data.map(Double.init)
        case .int32, .int16, .int8, .uint8: tensor.int32Data.map(Double.init)
        }
    }
    guard values.count == count else {
      throw fail("has \(values.count) numbers, but its shape needs \(count)")
    }
  }
}
