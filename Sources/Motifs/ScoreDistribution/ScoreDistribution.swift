/// The exact distribution of a weight matrix's score over words of a background, weights rounded to a grid.
///
/// Every weight is rounded to a multiple of `step` (0.001 bits unless told otherwise), which makes the score of a
/// word a whole number of units; dynamic programming over columns then gives the probability of every sum
/// without further error (Staden 1989; Touzet & Varré 2007). A word's full score is at most `roundingError` away
/// from its units · `step`.
public struct ScoreDistribution: Sendable {
  /// The rounded weights.
  package let grid: ScoreGrid
  public let background: BackgroundModel
  /// survival[i] = P(units ≥ lowest + i).
  let survival: [Double]
  /// Of the rounded score.
  public let mean: Double
  public let standardDeviation: Double

  /// The size of a unit: as asked for, or doubled until the distribution fits two million bins.
  public var step: Double { grid.step }
  /// The largest distance between a word's full score and its rounded one.
  public var roundingError: Double { grid.roundingError }
  /// The lowest and highest rounded score of a word without a forbidden base.
  public var scores: ClosedRange<Double> { Double(grid.lowest) * step...Double(grid.highest) * step }

  /// - Parameters:
  ///   - weights: Finite, or −∞ for a base that must not occur; every position has a finite weight.
  ///   - step: The grid in the unit of the weights, bits for log-odds.
  public init(_ weights: WeightMatrix, background: BackgroundModel = .uniform, step: Double = 0.001) {
    self.init(weights, background: background, step: step, kernels: .best)
  }

  package init(_ weights: WeightMatrix, background: BackgroundModel, step: Double, kernels: ScanKernels) {
    grid = ScoreGrid(weights.values, step: step)
    self.background = background
    var columns = ScoreColumns(grid, background: background, kernels: kernels)
    while columns.column < grid.width { columns.advance() }
    var survival = columns.total
    var mean = 0.0, square = 0.0
    survival.withUnsafeMutableBufferPointer { bins in
      var above = 0.0
      for bin in bins.indices.reversed() {
        let mass = bins[bin]
        mean += mass * Double(bin)
        square += mass * Double(bin) * Double(bin)
        above += mass
        bins[bin] = min(above, 1)
      }
    }
    self.survival = survival
    let reachable = survival[0]
    mean /= reachable
    self.mean = (mean + Double(grid.lowest)) * grid.step
    standardDeviation = max(0, square / reachable - mean * mean).squareRoot() * grid.step
  }

  /// P(rounded score ≥ units · step): exact for the rounded weights.
  package func pValue(units: Int) -> Double {
    let bin = units - grid.lowest
    return bin < 0 ? survival[0] : bin < survival.count ? survival[bin] : 0
  }

  /// The lowest units a word can have with P(units or more) ≤ `pValue`; `nil` if the best word is too common.
  package func units(forPValue pValue: Double) -> Int? {
    var low = 0, high = survival.count
    while low < high {
      let middle = (low + high) / 2
      if survival[middle] <= pValue { high = middle } else { low = middle + 1 }
    }
    // Up to the next units that a word does have.
    while low + 1 < survival.count, survival[low] == survival[low + 1] { low += 1 }
    return low < survival.count && survival[low] > 0 ? low + grid.lowest : nil
  }

  /// The probability that a word of the background scores at least `score`.
  ///
  /// Never below the exact p-value of the unrounded weights, and at most P(score − 2 · `roundingError` or more).
  public func pValue(ofScore score: Double) -> Double { pValueBounds(ofScore: score).upperBound }

  /// Between these two lies the exact p-value of the unrounded weights.
  public func pValueBounds(ofScore score: Double) -> ClosedRange<Double> {
    pValue(reaching: score + roundingError)...pValue(reaching: score - roundingError)
  }

  /// The lowest rounded score that at most a share `pValue` of the background's words reach.
  ///
  /// `nil` if even the best word is more probable than that.
  public func score(forPValue pValue: Double) -> Double? {
    units(forPValue: pValue).map { Double($0) * step }
  }

  private func pValue(reaching score: Double) -> Double {
    if score == -.infinity { return 1 }
    // A hair below, so that a score that is a multiple of the step counts as such.
    let units = (score / step - 1e-6).rounded(.up)
    return pValue(units: Int(min(max(units, Double(grid.lowest)), Double(grid.highest) + 1)))
  }
}
