internal import CKernels

/// Sums and sums of products of several variables.
struct Moments: Sendable {
  let count: Int
  var rows = 0
  var sums: [Double]
  /// (count, count)
  var products: [Double]

  init(_ count: Int) {
    self.count = count
    sums = Array(repeating: 0, count: count)
    products = Array(repeating: 0, count: count * count)
  }

  /// Adds rows of `count` variables, `stride` (a multiple of 16) floats apart; floats within 256 rows, doubles across them.
  mutating func add(_ values: UnsafePointer<Float>, rows: Int, stride: Int) {
    let shape = ck_convolution(
      depth: Int32(stride), taps: 1, tap_stride: 0, row_stride: Int32(stride))
    // The kernel wants rows on 64-byte boundaries.
    withAlignedFloats((stride + 1 + 256) * stride) { memory in
      let part = memory.baseAddress!
      let sumsOfPart = part + stride * stride
      let copy = sumsOfPart + stride
      for first in Swift.stride(from: 0, to: rows, by: 256) {
        let count = min(256, rows - first)
        part.update(repeating: 0, count: (stride + 1) * stride)
        copy.update(from: values + first * stride, count: count * stride)
        ck_network_table(0).pointee.product_weights(
          ck_rows(
            sequences: 1, count: Int32(count), outputs: Int32(stride), x_stride: 0, z_stride: 0),
          Int32(stride), shape, copy, copy, part, sumsOfPart)
        products.withUnsafeMutableBufferPointer { products in
          for i in 0..<self.count {
            for j in 0..<self.count { products[i * self.count + j] += Double(part[i * stride + j]) }
          }
        }
        for i in 0..<self.count { sums[i] += Double(sumsOfPart[i]) }
      }
    }
    self.rows += rows
  }

  mutating func add(_ other: Moments) {
    rows += other.rows
    for i in sums.indices { sums[i] += other.sums[i] }
    for i in products.indices { products[i] += other.products[i] }
  }

  func covariance(_ i: Int, _ j: Int) -> Double {
    let n = Double(max(1, rows))
    return products[i * count + j] / n - sums[i] / n * sums[j] / n
  }

  /// Standard deviation; 0 where all that varies is what rounding leaves of a constant.
  func deviation(_ i: Int) -> Double {
    let deviation = max(0, covariance(i, i)).squareRoot()
    return deviation > 1e-5 * abs(sums[i] / Double(max(1, rows))) ? deviation : 0
  }

  /// Pearson correlation, (count, count); 1 on the diagonal, 0 with what does not vary.
  var correlation: [Double] {
    let deviations = (0..<count).map(deviation)
    var result = [Double](repeating: 0, count: count * count)
    for i in 0..<count {
      result[i * count + i] = 1
      for j in 0..<i where deviations[i] > 0 && deviations[j] > 0 {
        let value = min(1, max(-1, covariance(i, j) / (deviations[i] * deviations[j])))
        result[i * count + j] = value
        result[j * count + i] = value
      }
    }
    return result
  }

  private func withAlignedFloats(_ count: Int, _ body: (UnsafeMutableBufferPointer<Float>) -> Void) {
    let raw = UnsafeMutableRawBufferPointer.allocate(byteCount: count * 4, alignment: 64)
    defer { raw.deallocate() }
    body(raw.bindMemory(to: Float.self))
  }
}
