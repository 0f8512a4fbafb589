import Foundation

/// Student's t distribution (Student 1908).
package enum StudentT {
  /// P(|T| ≥ |t|) = I(ν / (ν + t²); ν/2, ½) for ν degrees of freedom.
  package static func twoSidedPValue(_ t: Double, degreesOfFreedom ν: Double) -> Double {
    precondition(ν > 0, "degrees of freedom must be above 0")
    guard t.isFinite else { return t.isNaN ? .nan : 0 }
    return IncompleteBeta.regularized(ν / (ν + t * t), complement: t * t / (ν + t * t), ν / 2, 0.5)
  }

  /// t such that T lies in −t … t with probability `confidence`; 2.093 for 0.95 and 19 degrees of freedom.
  package static func quantile(confidence: Double, degreesOfFreedom: Double) -> Double {
    precondition(confidence > 0 && confidence < 1, "a confidence lies between 0 and 1")
    func isBeyond(_ t: Double) -> Bool {
      twoSidedPValue(t, degreesOfFreedom: degreesOfFreedom) <= 1 - confidence
    }
    var (low, high) = (0.0, 1.0)
    while !isBeyond(high) { (low, high) = (high, 2 * high) }
    while true {
      let middle = low + (high - low) / 2
      guard middle > low, middle < high else { return middle }
      if isBeyond(middle) { high = middle } else { low = middle }
    }
  }
}

/// The regularized incomplete beta function.
enum IncompleteBeta {
  /// I(x; a, b) = ∫₀ˣ tᵃ⁻¹(1 − t)ᵇ⁻¹ dt / B(a, b), by the continued fraction of Abramowitz & Stegun 26.5.8, evaluated
  /// by Lentz's method (Thompson & Barnett 1986).
  ///
  /// - Parameter y: 1 − x, given apart since the difference rounds where x is close to 1.
  static func regularized(_ x: Double, complement y: Double, _ a: Double, _ b: Double) -> Double {
    precondition(a > 0 && b > 0, "both parameters must be above 0")
    guard x > 0 else { return 0 }
    guard y > 0 else { return 1 }
    // The fraction converges fast below the mean; above it the other tail is computed.
    guard x <= (a + 1) / (a + b + 2) else {
      return 1 - regularized(y, complement: x, b, a)
    }
    let (logX, logY) = (x < y ? log(x) : log1p(-y), x < y ? log1p(-x) : log(y))
    let front = exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * logX + b * logY) / a
    return front * fraction(x, a, b)
  }

  private static func fraction(_ x: Double, _ a: Double, _ b: Double) -> Double {
    func away(_ value: Double) -> Double { abs(value) < 1e-300 ? 1e-300 : value }
    var c = 1.0
    var d = 1 / away(1 - (a + b) * x / (a + 1))
    var result = d
    for step in 1...100_000 {
      let m = Double(step)
      let even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
      let odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
      var change = 1.0
      for coefficient in [even, odd] {
        d = 1 / away(1 + coefficient * d)
        c = away(1 + coefficient / c)
        change = c * d
        result *= change
      }
      if abs(change - 1) < 1e-15 { break }
    }
    return result
  }
}
