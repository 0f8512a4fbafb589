import Foundation
import Statistics

/// What sums of attributions over windows without a motif look like: an exponential on each side of their mode, fitted to the
/// bulk of the sums (TF-MoDISco, Shrikumar et al. 2018).
package struct LaplaceNull {
  /// The mode, from a histogram of a histogram (1,000 bins each).
  package let mode: Double
  /// Rates of the two sides: the steepest that any of the percentiles 5, 10 … 95 of a side implies.
  package let positiveRate: Double
  package let negativeRate: Double
  /// The share of sums at the mode or above it.
  package let positiveShare: Double

  /// - Parameter sums: ascending, not empty.
  package init(sorted sums: [Double]) {
    let outer = Self.modalBin(sums[...])
    let inner = Self.modalBin(sums[outer.indices])
    mode = (inner.lower + inner.upper) / 2
    let positive = sums[sums.partitionPoint { $0 >= inner.mid }...]
    let negative = sums[..<sums.partitionPoint { $0 > inner.mid }]
    let center = mode
    func rate(_ side: ArraySlice<Double>, _ percentile: (Double) -> Double) -> Double {
      guard !side.isEmpty else { return .infinity }
      return (1...19).map { step in
        let share = 0.05 * Double(step)
        return -log(1 - share) / abs(side.quantile(percentile(share)) - center)
      }.max()!
    }
    positiveRate = rate(positive) { $0 }
    negativeRate = rate(negative) { 1 - $0 }
    positiveShare = Double(positive.count) / Double(positive.count + negative.count)
  }

  /// `count` values of the distribution at evenly spaced probabilities, ascending: a sample without chance.
  package func values(_ count: Int) -> [Double] {
    (0..<count).map { index in
      let probability = (Double(index) + 0.5) / Double(count)
      let below = 1 - positiveShare
      return probability < below
        ? mode + log(probability / below) / negativeRate
        : mode - log((1 - probability) / positiveShare) / positiveRate
    }
  }

  /// The fullest of 1,000 bins over the range of ascending values, and the values strictly inside it.
  private static func modalBin(_ values: ArraySlice<Double>) -> (
    lower: Double, upper: Double, mid: Double, indices: Range<Int>
  ) {
    guard let first = values.first, let last = values.last, first < last else {
      let value = values.first ?? 0
      return (value, value, value, values.indices)
    }
    let bins = 1000
    let scale = Double(bins) / (last - first)
    var counts = [Int](repeating: 0, count: bins)
    for value in values { counts[min(bins - 1, Int((value - first) * scale))] += 1 }
    let peak = counts.indices.reduce(0) { counts[$1] > counts[$0] ? $1 : $0 }
    let lower = first + Double(peak) / scale
    let upper = first + Double(peak + 1) / scale
    let start = values.partitionPoint { $0 > lower }
    let end = values.partitionPoint { $0 >= upper }
    return (lower, upper, (lower + upper) / 2, start < end ? start..<end : values.indices)
  }
}
