import Runtime
import Statistics
import Testing

@Suite struct MomentsTests {
  /// Rows of 5 variables with means of up to a million and standard deviations near one; 16 floats apart.
  private static func rows(_ count: Int, mean: Double) -> [Float] {
    var random = CounterRandom(seed: 3, purpose: .permutation)
    return (0..<count).flatMap { _ -> [Float] in
      let common = random.uniform()
      return (0..<16).map {
        $0 < 5 ? Float(mean * Double($0) + common * Double($0 + 1) + random.uniform()) : 0
      }
    }
  }

  /// The definition, in two passes.
  private static func covariance(_ rows: [Float], _ i: Int, _ j: Int) -> Double {
    let n = rows.count / 16
    let x = (0..<n).map { Double(rows[$0 * 16 + i]) }, y = (0..<n).map { Double(rows[$0 * 16 + j]) }
    let (mx, my) = (x.reduce(0, +) / Double(n), y.reduce(0, +) / Double(n))
    return zip(x, y).reduce(0) { $0 + ($1.0 - mx) * ($1.1 - my) } / Double(n)
  }

  @Test("as defined, whatever the mean and the blocks", arguments: [0.0, 30, 1e4], [1, 7, 100, 1000])
  func covariances(mean: Double, block: Int) {
    let rows = Self.rows(1000, mean: mean)
    var moments = Moments(5)
    rows.withUnsafeBufferPointer { rows in
      for first in stride(from: 0, to: 1000, by: block) {
        var part = Moments(5)
        part.add(rows.baseAddress! + 16 * first, rows: min(block, 1000 - first), stride: 16)
        moments.add(part)
      }
    }
    #expect(moments.rows == 1000)
    for i in 0..<5 {
      for j in 0..<5 {
        let expected = Self.covariance(rows, i, j)
        #expect(abs(moments.covariance(i, j) - expected) < 1e-10 * max(1, abs(expected)), "\(i) \(j)")
      }
    }
  }

  @Test func constantsDoNotVary() {
    var moments = Moments(2)
    // 0.1 and the next number that single precision has.
    let rows = (0..<50).flatMap { (row: Int) -> [Float] in
      let first: Float = row % 2 == 0 ? 0.1 : Float(0.1).nextUp
      return [first, Float(row)] + [Float](repeating: 0, count: 14)
    }
    moments.add(rows, rows: 50, stride: 16)
    #expect(moments.deviation(0) == 0 && moments.deviation(1) > 14)
    #expect(moments.correlation == [1, 0, 0, 1])
  }
}

@Suite struct CholeskyTests {
  @Test func solves() {
    // A = B Bᵀ + 1 with B of whole numbers; b = A x.
    let a: [Double] = [15, 4, -1, 4, 22, 7, -1, 7, 12]
    let x = [1.0, -2, 0.5]
    let b = (0..<3).map { i in (0..<3).reduce(0) { $0 + a[i * 3 + $1] * x[$1] } }
    let solution = Cholesky(a, count: 3).solve(b)
    for i in 0..<3 { #expect(abs(solution[i] - x[i]) < 1e-12) }
    #expect(Cholesky([], count: 0).solve([]) == [])
  }
}
