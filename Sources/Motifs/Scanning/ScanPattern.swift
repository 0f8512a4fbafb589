import CKernels

/// One strand of a weight matrix as look-up tables for the scanning kernels.
///
/// Table entries are shortfalls: how far some neighboring bases fall short of the best ones, in units so small
/// that 254 of them are the whole budget (best score − cut), rounded down and at most 255. Rounding down never
/// loses a window; what it lets through is scored exactly afterwards.
struct ScanPattern: Sendable {
  let width: Int
  let isReverse: Bool
  let lookups: Int
  /// (lookups, 4^span)
  let tables: [UInt8]

  /// `nil` if no window can reach `cut`.
  ///
  /// - Parameter values: (width, 4) in the matrix's own order; −∞ for a base that must not occur.
  init?(values: [Double], cut: Double, isReverse: Bool, kernels: ScanKernels) {
    let best = Self.columnBests(values)
    // Sums of doubles in another order differ in the last bits; the slack keeps the bound a bound.
    let slack = 1e-9 * (1 + best.reduce(0) { $0 + abs($1) } + abs(cut))
    let budget = best.reduce(0, +) - cut + slack
    guard budget >= 0 else { return nil }
    self.init(values: values, best: best, budget: budget, isReverse: isReverse, kernels: kernels)
  }

  /// For the best window of a sequence: the budget reaches down to the score of an average word.
  init(bestOf values: [Double], isReverse: Bool, kernels: ScanKernels) {
    let best = Self.columnBests(values)
    var budget = 1e-9 * (1 + best.reduce(0) { $0 + abs($1) })
    for (column, top) in best.enumerated() {
      let finite = values[4 * column..<4 * column + 4].filter { $0 > -.infinity }
      budget += top - finite.reduce(0, +) / Double(finite.count)
    }
    self.init(values: values, best: best, budget: budget, isReverse: isReverse, kernels: kernels)
  }

  private init(values: [Double], best: [Double], budget: Double, isReverse: Bool, kernels: ScanKernels) {
    let width = best.count
    // Read on the other strand: columns and bases reversed.
    let shortfalls = (0..<4 * width).map { cell in
      let source = isReverse ? 4 * width - 1 - cell : cell
      return best[source / 4] - values[source]
    }
    let span = kernels.span
    let size = kernels.tableSize
    let unit = budget / 254
    lookups = (width + span - 1) / span
    var tables = [UInt8](repeating: 0, count: lookups * size)
    for lookup in 0..<lookups {
      for word in 0..<size {
        var shortfall = 0.0
        for place in 0..<min(span, width - lookup * span) {
          let base = word >> (2 * (span - 1 - place)) & 3
          shortfall += shortfalls[4 * (lookup * span + place) + base]
        }
        tables[lookup * size + word] = UInt8(min(255, (shortfall / unit).rounded(.down)))
      }
    }
    self.tables = tables
    self.width = width
    self.isReverse = isReverse
  }

  private static func columnBests(_ values: [Double]) -> [Double] {
    stride(from: 0, to: values.count, by: 4).map { values[$0..<$0 + 4].max()! }
  }
}
