import CKernels
import Foundation
import Sequences

/// Which windows are hits.
public enum ScanThreshold: Equatable, Sendable {
  /// Those whose rounded score a word of the background reaches with at most this probability.
  case pValue(Double)
  /// Those whose unrounded score is at least this.
  case score(Double)
}

/// A motif ready to be scanned with: weights, threshold, and p-values from the threshold up.
public struct ScanMotif: Sendable {
  public let identifier: String
  public let name: String?
  public let weights: WeightMatrix
  /// The lowest score of a hit: of the rounded weights for a p-value, of the full ones for a score. `nil` if no
  /// window can be a hit.
  public let scoreCut: Double?

  let units: [Int32]
  let minimumScore: Double
  let minimumUnits: Int64
  private let binning: Binning
  private let firstUnits: Int
  /// P(units ≥ firstUnits + i)
  private let tail: [Double]

  /// From which number a hit's p-value is looked up.
  private enum Binning: Sendable {
    case units
    /// The full score divided by the step, cut off towards zero.
    case score(step: Double)
  }

  public var width: Int { weights.width }

  /// How probable a hit is at a position of the background.
  var hitProbability: Double { scoreCut == nil ? 0 : tail.first ?? 0 }

  /// - Parameters:
  ///   - weights: Finite, or −∞ for a base that must not occur; every position has a finite weight.
  ///   - step: The grid of `ScoreDistribution`.
  public init(
    identifier: String, name: String? = nil, weights: WeightMatrix, threshold: ScanThreshold,
    background: BackgroundModel = .uniform, step: Double = 0.001
  ) {
    let distribution = ScoreDistribution(weights, background: background, step: step)
    let grid = distribution.grid
    let firstUnits: Int?
    switch threshold {
    case .pValue(let pValue):
      firstUnits = distribution.units(forPValue: pValue)
      minimumScore = -.infinity
      minimumUnits = Int64(firstUnits ?? .max)
      scoreCut = firstUnits.map { Double($0) * grid.step }
    case .score(let score):
      minimumScore = score
      minimumUnits = .min
      scoreCut = score
      let lowest = ((score - grid.roundingError) / grid.step).rounded(.down) - 1
      firstUnits = lowest > Double(grid.highest) ? nil : max(grid.lowest, Int(max(lowest, -1e15)))
    }
    self.identifier = identifier
    self.name = name
    self.weights = weights
    units = grid.units
    binning = .units
    self.firstUnits = firstUnits ?? grid.highest + 1
    tail = Array(distribution.survival.dropFirst(self.firstUnits - grid.lowest))
  }

  /// With the weights and thresholds of memelite 0.5's FIMO, to find the same hits with the same p-values.
  ///
  /// w = log₂(f + 1e-4) + 2, uniform background, bins of 0.1; a hit's full score exceeds the lower edge of the
  /// first bin with p < `pValue`, and its p-value is that of the bin its score is cut off to.
  public init(memelite motif: Motif, pValue: Double) {
    let frequencies = motif.given ?? motif.frequencies
    weights = WeightMatrix(unchecked: frequencies.values.map { log2($0 + 1e-4) - log2(0.25) })
    identifier = motif.identifier
    name = motif.name
    let step = 0.1
    let distribution = ScoreDistribution(weights, step: step)
    let survival = distribution.survival
    let first = survival.firstIndex { log2($0) < log2(pValue) } ?? survival.count
    let lowest = distribution.grid.lowest
    // memelite keeps the cut in single precision.
    let cut = Double(Float(Double(lowest + first) * step))
    scoreCut = cut
    minimumScore = cut.nextUp
    minimumUnits = .min
    units = distribution.grid.units
    binning = .score(step: step)
    firstUnits = lowest + max(0, first - 1)
    tail = Array(survival.dropFirst(max(0, first - 1)))
  }

  /// Whether a window of this score passes the threshold.
  func isHit(_ score: scan_score) -> Bool {
    scoreCut != nil && score.score >= minimumScore && score.units >= minimumUnits
  }

  func pValue(of score: scan_score) -> Double {
    let units: Int
    switch binning {
    case .units: units = Int(score.units)
    case .score(let step): units = Int(score.score / step)
    }
    let bin = max(0, units - firstUnits)
    return bin < tail.count ? tail[bin] : 0
  }

  /// The look-up tables of one strand; `nil` if no window can be a hit.
  func pattern(isReverse: Bool, kernels: ScanKernels) -> ScanPattern? {
    guard scoreCut != nil else { return nil }
    if minimumUnits > .min {
      let values = units.map { $0 == ScoreGrid.forbidden ? -.infinity : Double($0) }
      return ScanPattern(values: values, cut: Double(minimumUnits), isReverse: isReverse, kernels: kernels)
    }
    return ScanPattern(values: weights.values, cut: minimumScore, isReverse: isReverse, kernels: kernels)
  }
}
