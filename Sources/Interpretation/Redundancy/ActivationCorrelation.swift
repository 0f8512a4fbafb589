internal import CKernels
import NeuralNetworks
import Sequences

extension Network {
  /// Pearson correlation of the first layer's activations, filter by filter, (F, F) row-major, over all positions of all
  /// sequences. A filter whose activation never changes has correlation 0 with all others.
  public func activationCorrelation(_ sequences: SequenceSet, threads: Int = Parallel.threads) throws
    -> [Double]
  {
    let moments = try firstActivations(sequences, threads: threads) { block, indices in
      var moments = Moments(block.filters)
      moments.add(block.values, rows: indices.count * block.positions, stride: block.stride)
      return moments
    }
    var total = Moments(architecture.shapes[0].channels)
    for moments in moments { total.add(moments) }
    return total.correlation
  }
}

extension FilterActivity {
  /// Pearson correlation of the filters' largest activations in each sequence, (F, F) row-major.
  ///
  /// Filters that see the same motif at different offsets agree here, though not position by position.
  public var correlationOfMaxima: [Double] {
    var moments = Moments(filters)
    let stride = (filters + 15) / 16 * 16
    // A row a sequence, padded as the kernels want it.
    for first in Swift.stride(from: 0, to: sequences, by: 1024) {
      let count = min(1024, sequences - first)
      var rows = [Float](repeating: 0, count: count * stride)
      for row in 0..<count {
        for filter in 0..<filters {
          rows[row * stride + filter] = sequenceMaxima[(first + row) * filters + filter]
        }
      }
      rows.withUnsafeBufferPointer { moments.add($0.baseAddress!, rows: count, stride: stride) }
    }
    return moments.correlation
  }
}

/// Sums and sums of products of several variables.
private struct Moments: Sendable {
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
          Int32(count), Int32(stride), shape, copy, copy, part, sumsOfPart)
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

  var correlation: [Double] {
    let n = Double(max(1, rows))
    func covariance(_ i: Int, _ j: Int) -> Double {
      products[i * count + j] / n - sums[i] / n * sums[j] / n
    }
    let deviations = (0..<count).map { max(0, covariance($0, $0)).squareRoot() }
    // What rounding of the sums leaves of a constant is no variation.
    let varies = (0..<count).map { deviations[$0] > 1e-5 * abs(sums[$0] / n) }
    var result = [Double](repeating: 0, count: count * count)
    for i in 0..<count {
      result[i * count + i] = 1
      for j in 0..<i where varies[i] && varies[j] {
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
