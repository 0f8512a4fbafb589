import Statistics

/// A measure of the same sequences before and after a change.
public struct PairedEffect: Sendable {
  /// After less before, for each sequence.
  public let differences: [Double]
  /// Means with their normal 95 % intervals.
  public let before, after: Estimate
  /// Mean difference, with the 95 % interval of the paired t-test where there are two sequences or more.
  public let effect: Estimate
  /// Two-sided, of no difference (Student 1908); `nil` for a single sequence, or where nothing varies.
  public let pValue: Double?

  /// - Parameters:
  ///   - before: one number for each sequence, at least one.
  ///   - after: of the same sequences.
  public init(before: [Double], after: [Double]) {
    precondition(before.count == after.count && !before.isEmpty, "numbers in pairs")
    differences = zip(after, before).map { $0 - $1 }
    self.before = Self.mean(before)
    self.after = Self.mean(after)
    let test = differences.allSatisfy(\.isFinite) ? PairedComparison.means(after, before) : nil
    effect = test?.difference ?? Self.mean(differences)
    pValue = test.flatMap { $0.difference.low < $0.difference.high ? $0.pValue : nil }
  }

  /// The effect beside another of the same sequences: their difference.
  public func beyond(_ other: PairedEffect) -> Estimate {
    PairedEffect(before: other.differences, after: differences).effect
  }

  private static func mean(_ values: [Double]) -> Estimate {
    Metrics.mean(values, bounds: -.infinity ... .infinity, confidence: 0.95)
  }
}
