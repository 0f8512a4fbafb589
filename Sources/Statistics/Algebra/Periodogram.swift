import Foundation

/// The power of the periods 2, 4 and 8 in a curve over positions, against the curve's other frequencies.
///
/// I(f) = |Σ (x − mean) e^(−2πi f p)|² at the Fourier frequencies of a length that is a multiple of 8, so that these
/// periods fall on them exactly (Schuster 1898). A period's own frequencies are ½; ¼; ⅛ and ⅜, so that a curve of
/// period 2 has no power at those of 4 and 8. The noise is the median of the other powers divided by ln 2, which a slow
/// trend does not move. Under noise alone I / noise has the distribution χ²₁ at ½, exponential at ¼, and as a sum of two
/// the gamma distribution of shape 2 at ⅛ and ⅜.
public struct Periodogram: Codable, Equatable, Sendable {
  public struct Line: Codable, Equatable, Sendable {
    public let period: Int
    /// Share of the curve's variance at the period's own frequencies.
    public let share: Double
    /// Of as much power from noise, times the three periods tried.
    public let pValue: Double
  }

  /// Of the periods 2, 4, 8.
  public let lines: [Line]
  /// The longest period with a p-value below `significance`, 1 without any.
  public let period: Int
  /// Share of the variance that the means of the period's phases explain; 0 for period 1.
  public let explained: Double

  public static let significance = 0.001
  private static let longest = 8

  /// - Parameter values: at least 16; of more than a multiple of 8 those in the middle.
  public init?(_ values: [Double]) {
    let count = values.count / Self.longest * Self.longest
    guard count >= 2 * Self.longest else { return nil }
    let first = (values.count - count) / 2
    let middle = Array(values[first..<first + count])
    let mean = middle.reduce(0, +) / Double(count)
    let x = middle.map { $0 - mean }
    let powers = (0...count / 2).map { bin -> Double in
      var (real, imaginary) = (0.0, 0.0)
      for (position, value) in x.enumerated() {
        let angle = 2 * Double.pi * Double(bin * position % count) / Double(count)
        real += value * cos(angle)
        imaginary += value * sin(angle)
      }
      return real * real + imaginary * imaginary
    }
    let eighth = count / 8
    let own = [2: [4 * eighth], 4: [2 * eighth], 8: [eighth, 3 * eighth]]
    let others = (1...count / 2).filter { $0 % eighth != 0 }.map { powers[$0] }.sorted()
    let noise = others[others.count / 2] / log(2)
    // By Parseval: each bin but the one of ½ stands for two frequencies.
    let total = x.reduce(0) { $0 + $1 * $1 } * Double(count)
    lines = [2, 4, 8].map { period in
      let power = own[period]!.reduce(0) { $0 + powers[$1] }
      // Rounding alone must not look like a period.
      guard power > 1e-20 * Double(count * count) * max(1, mean * mean) else {
        return Line(period: period, share: 0, pValue: 1)
      }
      let x = noise > 0 ? power / noise : .infinity
      let p =
        period == 2 ? erfc((x / 2).squareRoot()) : period == 4 ? exp(-x) : x < 700 ? (1 + x) * exp(-x) : 0
      return Line(
        period: period, share: total > 0 ? power * (period == 2 ? 1 : 2) / total : 0, pValue: min(1, 3 * p))
    }
    let period = lines.last { $0.pValue < Self.significance }?.period ?? 1
    self.period = period
    explained =
      period == 1 ? 0 : lines.filter { $0.period <= period }.reduce(0) { $0 + $1.share }
  }
}
