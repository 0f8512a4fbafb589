import Foundation

/// One number that a search varies, and its place from 0 to 1 between the ends of its scale.
public struct SearchAxis: Equatable, Sendable {
  public let values: SearchSpace.Values
  /// Whether only whole numbers count; in a range both ends are included.
  public let isWhole: Bool

  public init(_ values: SearchSpace.Values, isWhole: Bool = false) {
    (self.values, self.isWhole) = (values, isWhole)
  }

  /// The value at a place from 0 to below 1: each choice has an equal part, a whole number the interval up to the next one.
  /// Numbers that are not whole have three significant digits, so that they can be typed again.
  public func value(at place: Double) -> Double {
    switch values {
    case .choice(let choices): return choices[min(choices.count - 1, Int(place * Double(choices.count)))]
    case .range(let range, let isLogarithmic):
      let end = range.upperBound + (isWhole ? 1 : 0)
      let value =
        isLogarithmic
        ? range.lowerBound * pow(end / range.lowerBound, place)
        : range.lowerBound + (end - range.lowerBound) * place
      return isWhole
        ? min(range.upperBound, value.rounded(.down))
        : min(max(Self.short(value), range.lowerBound), range.upperBound)
    }
  }

  /// The middle of the places that have a value; of a choice its number.
  func place(of value: Double) -> Double {
    switch values {
    case .choice(let choices): return Double(choices.firstIndex(of: value) ?? 0)
    case .range(let range, let isLogarithmic):
      let (low, end) = (range.lowerBound, range.upperBound + (isWhole ? 1 : 0))
      guard end > low else { return 0.5 }
      let middle = value + (isWhole ? 0.5 : 0)
      let place = isLogarithmic ? log(middle / low) / log(end / low) : (middle - low) / (end - low)
      return min(max(place, 0), 1)
    }
  }

  private static func short(_ value: Double) -> Double { Double(String(format: "%.3g", value)) ?? value }
}
