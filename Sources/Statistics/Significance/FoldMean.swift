/// Mean of a number over the folds of a cross-validation, and what may be said of its precision.
///
/// The folds' training sets overlap, so their numbers are not independent and the usual interval of a mean is too
/// narrow. Nadeau & Bengio 2003 (Machine Learning 52, 239–281) put the variance (1/k + n_test/n_train) s² in the place
/// of s²/k; for k folds n_test/n_train = 1/(k − 1).
public struct FoldMean: Codable, Equatable, Sendable {
  public let folds: Int
  public let mean: Double
  /// s, with k − 1 in the denominator.
  public let standardDeviation: Double
  /// mean ± t s/√k, Student's t with k − 1 degrees of freedom: as if folds were independent.
  public let interval: Estimate
  /// mean ± t s √(1/k + 1/(k − 1)): corrected for the overlap.
  public let correctedInterval: Estimate
  /// Two-sided p-value of the hypothesis that the expected number is zero, by the corrected t-test. For differences
  /// between two networks.
  public let correctedPValue: Double

  /// - Parameters:
  ///   - values: one of each fold, two or more.
  ///   - bounds: between which the number lies; intervals end there.
  public init(
    _ values: [Double], confidence: Double = 0.95,
    bounds: ClosedRange<Double> = -.infinity ... .infinity
  ) {
    precondition(values.count > 1, "a deviation needs two folds or more")
    let k = Double(values.count)
    let mean = values.reduce(0, +) / k
    let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (k - 1)
    let t = StudentT.quantile(confidence: confidence, degreesOfFreedom: k - 1)
    func interval(_ error: Double) -> Estimate {
      Estimate(
        value: mean, low: max(bounds.lowerBound, mean - t * error),
        high: min(bounds.upperBound, mean + t * error))
    }
    let corrected = ((1 / k + 1 / (k - 1)) * variance).squareRoot()
    folds = values.count
    self.mean = mean
    standardDeviation = variance.squareRoot()
    self.interval = interval((variance / k).squareRoot())
    correctedInterval = interval(corrected)
    correctedPValue =
      mean == 0 ? 1 : StudentT.twoSidedPValue(mean / corrected, degreesOfFreedom: k - 1)
  }
}
