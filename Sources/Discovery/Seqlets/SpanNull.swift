import Foundation
import Runtime

/// How large sums of attributions over spans are if positions are independent: the histogram of all attributions in equal bins,
/// convolved with itself for each length (tangermeme's recursive seqlets).
struct SpanNull: Sendable {
  private let lowest: Float
  private let binWidth: Double
  private let bins: Int
  /// By length, the chance that the sum of this many bins is at least its index.
  private let tails: [[Double]]

  /// - Returns: `nil` if all values are equal.
  init?(_ values: [Float], maximumLength: Int, bins: Int) {
    guard let lowest = values.min(), let highest = values.max(), lowest < highest else { return nil }
    self.lowest = lowest
    self.bins = bins
    binWidth = Double(highest - lowest) / Double(bins - 1)
    var counts = [Int](repeating: 0, count: bins)
    for value in values { counts[Self.bin(value, lowest, binWidth, bins)] += 1 }
    let shares = counts.map { Double($0) / Double(values.count) }
    let filled = shares.indices.filter { shares[$0] > 0 }
    var distribution = [1.0]
    var tails: [[Double]] = [[1]]
    for length in 1...maximumLength {
      let previous = distribution
      var next = [Double](repeating: 0, count: length * (bins - 1) + 1)
      next.withUnsafeMutableBufferPointer { next in
        previous.withUnsafeBufferPointer { previous in
          for bin in filled {
            let share = shares[bin]
            let target = next.baseAddress! + bin
            for place in previous.indices { target[place] += previous[place] * share }
          }
        }
      }
      distribution = next
      // Summed from the top: 1 − the other tail would lose small chances to rounding.
      var tail = next
      for place in stride(from: tail.count - 2, through: 0, by: -1) { tail[place] += tail[place + 1] }
      tails.append(tail)
    }
    self.tails = tails
  }

  private static func bin(_ value: Float, _ lowest: Float, _ width: Double, _ bins: Int) -> Int {
    min(bins - 1, max(0, Int((Double(value - lowest) / width).rounded(.down))))
  }

  /// The bin of a value, the first or last if it is outside their range.
  func bin(_ value: Float) -> Int { Self.bin(value, lowest, binWidth, bins) }

  /// The chance that `length` values have this sum of bins at least.
  func pValue(sum: Int, length: Int) -> Double { tails[length][sum] }
}
