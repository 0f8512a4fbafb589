import Foundation

/// q-values after Benjamini & Hochberg 1995, Journal of the Royal Statistical Society B 57, 289–300.
public enum FalseDiscovery {
  /// The smallest false discovery rate at which each p-value is called: q_i = min over p_j ≥ p_i of
  /// p_j · tests / #{p ≤ p_j}, at most 1.
  ///
  /// - Parameter tests: How many tests there were, where only the smallest p-values are given; all if `nil`.
  public static func benjaminiHochberg(_ pValues: [Double], tests: Int? = nil) -> [Double] {
    var tally = PValueTally()
    for pValue in pValues { tally.add(pValue) }
    let qValues = tally.qValues(tests: tests ?? pValues.count)
    return pValues.map { qValues[$0]! }
  }

  /// The same in logarithms to the base 10, for p-values below what a number can hold.
  public static func benjaminiHochberg(log10 logs: [Double]) -> [Double] {
    var least = 0.0
    var result = logs
    for (rank, index) in logs.indices.sorted(by: { logs[$0] < logs[$1] }).enumerated().reversed() {
      least = min(least, logs[index] + Foundation.log10(Double(logs.count) / Double(rank + 1)))
      result[index] = least
    }
    return result
  }
}

/// How often each p-value was seen; scores are discrete, so there are few different ones.
package struct PValueTally: Sendable {
  private var counts: [Double: Int] = [:]

  package init() {}

  package mutating func add(_ pValue: Double) { counts[pValue, default: 0] += 1 }

  /// The q-value of each p-value.
  package func qValues(tests: Int) -> [Double: Double] {
    let sorted = counts.sorted { $0.key < $1.key }
    var rank = counts.values.reduce(0, +)
    var least = 1.0
    var qValues: [Double: Double] = [:]
    for (pValue, count) in sorted.reversed() {
      least = min(least, pValue * Double(tests) / Double(rank))
      qValues[pValue] = least
      rank -= count
    }
    return qValues
  }
}
