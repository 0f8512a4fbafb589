import Foundation

/// Logistic regression with a ridge: minimizes Σ log(1 + e^(−y z)) + λ/2 |w|², z = w·x + b, by Newton's method
/// (iteratively reweighted least squares). Features should be on the scale of one.
package struct LogisticRegression: Sendable {
  /// One for each feature; the last is b, which has no penalty.
  package private(set) var weights: [Double]

  /// - Parameters:
  ///   - rows: features of each example, all as many.
  ///   - labels: 1 or 0.
  package init(_ rows: [[Double]], _ labels: [UInt8], penalty: Double = 1) {
    let size = (rows.first?.count ?? 0) + 1
    weights = [Double](repeating: 0, count: size)
    for _ in 0..<30 {
      var gradient = [Double](repeating: 0, count: size)
      var hessian = [Double](repeating: 0, count: size * size)
      for i in 0..<size - 1 {
        gradient[i] = penalty * weights[i]
        hessian[i * size + i] = penalty
      }
      // So that a class that is told apart without error does not make it singular.
      hessian[size * size - 1] = 1e-9
      for (row, label) in zip(rows, labels) {
        let x = row + [1]
        let p = 1 / (1 + exp(-Self.product(weights, x)))
        let error = p - Double(label)
        let weight = p * (1 - p)
        for i in 0..<size {
          gradient[i] += error * x[i]
          let scaled = weight * x[i]
          for j in 0...i { hessian[i * size + j] += scaled * x[j] }
        }
      }
      let step = Cholesky(hessian, count: size).solve(gradient)
      for i in 0..<size { weights[i] -= step[i] }
      if step.allSatisfy({ abs($0) < 1e-8 }) { break }
    }
  }

  package func score(_ row: [Double]) -> Double { Self.product(weights, row + [1]) }

  private static func product(_ a: [Double], _ b: [Double]) -> Double {
    var sum = 0.0
    for i in a.indices { sum += a[i] * b[i] }
    return sum
  }
}
