internal import CKernels

/// Means, and sums of products about the means, of several variables, in double precision.
///
/// Each block of rows is summed about its first row and blocks are joined about their common mean (Chan, Golub & LeVeque 1983,
/// The American Statistician 37, 242–247): nothing of the size of a mean squared is ever subtracted.
package struct Moments: Sendable {
  package let count: Int
  package private(set) var rows = 0
  package private(set) var means: [Double]
  /// Σ (xᵢ − meanᵢ)(xⱼ − meanⱼ), (count, count).
  private var products: [Double]

  package init(_ count: Int) {
    self.count = count
    means = Array(repeating: 0, count: count)
    products = Array(repeating: 0, count: count * count)
  }

  /// Adds rows of `count` variables, `stride` (a multiple of 16) floats apart.
  package mutating func add(_ values: UnsafePointer<Float>, rows: Int, stride: Int) {
    guard rows > 0 else { return }
    let center = (0..<stride).map { Double(values[$0]) }
    var sums = [Double](repeating: 0, count: stride)
    var sumsOfProducts = [Double](repeating: 0, count: stride * stride)
    var scratch = [Double](repeating: 0, count: 32 * stride)
    ck_activity_table(0).pointee.products(
      Int32(rows), Int32(stride), values, center, &scratch, &sums, &sumsOfProducts)
    var block = Moments(count)
    block.rows = rows
    for i in 0..<count {
      block.means[i] = center[i] + sums[i] / Double(rows)
      for j in i..<count {
        let product = sumsOfProducts[i * stride + j] - sums[i] * sums[j] / Double(rows)
        block.products[i * count + j] = product
        block.products[j * count + i] = product
      }
    }
    add(block)
  }

  package mutating func add(_ other: Moments) {
    guard other.rows > 0 else { return }
    guard rows > 0 else {
      self = other
      return
    }
    let (m, n) = (Double(rows), Double(other.rows))
    let steps = zip(means, other.means).map { $1 - $0 }
    for i in 0..<count {
      for j in 0..<count {
        products[i * count + j] += other.products[i * count + j] + steps[i] * steps[j] * (m * n / (m + n))
      }
    }
    for i in 0..<count { means[i] += steps[i] * (n / (m + n)) }
    rows += other.rows
  }

  package func covariance(_ i: Int, _ j: Int) -> Double { products[i * count + j] / Double(max(1, rows)) }

  /// Standard deviation; 0 where all that varies is how single precision rounded a constant.
  package func deviation(_ i: Int) -> Double {
    let deviation = max(0, covariance(i, i)).squareRoot()
    return deviation > 1e-6 * abs(means[i]) ? deviation : 0
  }

  /// Pearson correlation, (count, count); 1 on the diagonal, 0 with what does not vary.
  package var correlation: [Double] {
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
}
