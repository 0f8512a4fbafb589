import Foundation

/// A place on an axis with its label.
struct Tick: Equatable, Sendable {
  var value: Double
  var label: String
}

enum Ticks {
  /// Round numbers within the range, at most `count` of them where two fit: multiples of 1, 2, 2.5 or 5 times a
  /// power of ten.
  static func nice(_ range: ClosedRange<Double>, atMost count: Int, leastStep: Double = 0) -> [Tick] {
    let span = range.upperBound - range.lowerBound
    guard span > 0, span.isFinite else {
      return [Tick(value: range.lowerBound, label: number(range.lowerBound, decimals: 2))]
    }
    let count = max(2, count)
    let power = pow(10, (log10(span / Double(count))).rounded(.down))
    // A quarter reads well as 0.25 or 25, not as 0.025.
    let multiples = power >= 0.1 ? [1, 2, 2.5, 5, 10, 20, 25, 50] : [1, 2, 5, 10, 20, 50]
    for multiple in multiples {
      let step = max(multiple * power, leastStep)
      let first = (range.lowerBound / step - 1e-9).rounded(.up)
      let last = (range.upperBound / step + 1e-9).rounded(.down)
      guard last - first + 1 <= Double(count) else { continue }
      guard first <= last else { break }
      let decimals = decimals(of: step)
      return stride(from: first, through: last, by: 1).map {
        Tick(value: $0 * step, label: number($0 * step, decimals: decimals))
      }
    }
    return [range.lowerBound, range.upperBound].map { Tick(value: $0, label: number($0, decimals: 2)) }
  }

  /// The smallest of 1, 2, 5, 10, 20, 50, … that is at least `least`.
  static func wholeStep(atLeast least: Double) -> Int {
    var power = 1
    while true {
      for multiple in [1, 2, 5] where Double(multiple * power) >= least { return multiple * power }
      power *= 10
    }
  }

  /// Positions from `first` on that carry a label: all where they fit, otherwise round ones.
  ///
  /// - Parameters:
  ///   - spacing: points from one position to the next.
  ///   - least: points that one label needs.
  static func positions(first: Int, count: Int, spacing: Double, least: Double) -> [Tick] {
    let step = wholeStep(atLeast: least / max(spacing, 1e-6))
    return (0..<count).compactMap { i in
      let position = first + i
      let isLabelled = step == 1 || position % step == 0 || (i == 0 && position == 1 && step > 4)
      return isLabelled ? Tick(value: Double(i), label: number(Double(position), decimals: 0)) : nil
    }
  }

  /// What a row of position numbers needs for each label.
  static func room(first: Int, count: Int, _ style: TextStyle) -> Double {
    max(style.width(of: "\(first)"), style.width(of: "\(first + count - 1)")) + 0.5 * style.size
  }

  private static func decimals(of step: Double) -> Int {
    for decimals in 0..<12
    where abs((step * pow(10, Double(decimals))).rounded() - step * pow(10, Double(decimals))) < 1e-6 {
      return decimals
    }
    return 12
  }

  /// With a true minus sign; large and tiny numbers in powers of ten.
  static func number(_ value: Double, decimals: Int) -> String {
    guard value.isFinite else { return value.isNaN ? "–" : value < 0 ? "−∞" : "∞" }
    if abs(value) >= 1e6 || decimals > 5 && value != 0 {
      let exponent = log10(abs(value)).rounded(.down)
      let mantissa = value / pow(10, exponent)
      return string(mantissa, decimals: abs(mantissa.rounded() - mantissa) < 1e-6 ? 0 : 1) + "e"
        + string(exponent, decimals: 0)
    }
    return string(value, decimals: decimals)
  }

  private static func string(_ value: Double, decimals: Int) -> String {
    let text = String(format: "%.\(decimals)f", abs(value))
    let isZero = text.allSatisfy { $0 == "0" || $0 == "." }
    return value < 0 && !isZero ? "−" + text : text
  }
}
