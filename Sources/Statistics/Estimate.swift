import Foundation

/// A number computed from a sample, and the interval that holds the true one with a given confidence.
public struct Estimate: Codable, Equatable, Sendable {
  public let value: Double
  public let low: Double
  public let high: Double

  public init(value: Double, low: Double, high: Double) {
    self.value = value
    self.low = low
    self.high = high
  }

  /// value ± z·error, kept inside `bounds`.
  package init(value: Double, standardError: Double, confidence: Double, bounds: ClosedRange<Double>) {
    let margin = Self.quantile(confidence: confidence) * standardError
    self.init(
      value: value, low: max(bounds.lowerBound, value - margin), high: min(bounds.upperBound, value + margin))
  }

  /// z such that a standard normal number lies in −z … z with probability `confidence`; 1.96 for 0.95.
  package static func quantile(confidence: Double) -> Double {
    precondition(confidence > 0 && confidence < 1, "a confidence lies between 0 and 1")
    // Newton's method on erfc(z/√2) = 1 − confidence; the function is convex from 0 up, so it does not overshoot.
    var z = 0.0
    for _ in 0..<100 {
      let excess = erfc(z / 2.0.squareRoot()) - (1 - confidence)
      let step = excess / ((2 / Double.pi).squareRoot() * exp(-z * z / 2))
      z += step
      if abs(step) < 1e-14 { break }
    }
    return z
  }
}
