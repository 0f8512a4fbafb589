/// A symmetric positive definite matrix as L Lᵀ with L a lower triangle.
package struct Cholesky: Sendable {
  private let count: Int
  /// (count, count), row-major.
  private let factor: [Double]

  /// - Parameter matrix: (count, count) row-major; its lower triangle is read.
  package init(_ matrix: [Double], count: Int) {
    var factor = [Double](repeating: 0, count: count * count)
    for i in 0..<count {
      for j in 0...i {
        var rest = matrix[i * count + j]
        for k in 0..<j { rest -= factor[i * count + k] * factor[j * count + k] }
        // Rounding must not make a pivot negative.
        factor[i * count + j] =
          i == j
          ? max(rest, 1e-12 * matrix[i * count + i], 1e-300).squareRoot() : rest / factor[j * count + j]
      }
    }
    self.count = count
    self.factor = factor
  }

  /// x with L Lᵀ x = `b`.
  package func solve(_ b: [Double]) -> [Double] {
    var x = b
    for i in 0..<count {
      for k in 0..<i { x[i] -= factor[i * count + k] * x[k] }
      x[i] /= factor[i * count + i]
    }
    for i in (0..<count).reversed() {
      for k in i + 1..<max(count, i + 1) { x[i] -= factor[k * count + i] * x[k] }
      x[i] /= factor[i * count + i]
    }
    return x
  }
}
