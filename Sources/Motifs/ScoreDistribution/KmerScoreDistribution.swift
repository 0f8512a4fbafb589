/// The exact distribution of a filter's activation over the k-mers of a background, from its weights alone.
///
/// Activation means the sum before any nonlinearity: bias + Σ_j w[j][base j]. Weights are rounded to a grid fine
/// enough for `bins` bins over the whole range; `roundingError` says what that costs.
public struct KmerScoreDistribution: Sendable {
  /// (width, 4), as given.
  public let weights: [Double]
  public let bias: Double
  let scores: ScoreDistribution

  public var width: Int { weights.count / 4 }
  public var background: BackgroundModel { scores.background }
  /// The largest distance between a k-mer's activation and its rounded one.
  public var roundingError: Double { scores.roundingError }
  public var mean: Double { scores.mean + bias }
  public var standardDeviation: Double { scores.standardDeviation }
  /// The lowest and the highest activation that any k-mer has.
  public let range: ClosedRange<Double>

  /// - Parameters:
  ///   - weights: width × 4 finite numbers, position by position, A C G T within a position.
  ///   - bins: Of the rounded activation, from the lowest to the highest.
  public init(
    weights: [Double], bias: Double = 0, background: BackgroundModel = .uniform, bins: Int = 1 << 15
  ) {
    precondition(weights.count % 4 == 0 && !weights.isEmpty, "four weights a position, one position at least")
    precondition(weights.allSatisfy(\.isFinite) && bias.isFinite, "finite weights")
    precondition(bins > 0, "one bin at least")
    let columns = stride(from: 0, to: weights.count, by: 4).map { weights[$0..<$0 + 4] }
    let lowest = columns.reduce(bias) { $0 + $1.min()! }
    let highest = columns.reduce(bias) { $0 + $1.max()! }
    let step = (highest - lowest) / Double(bins)
    self.weights = weights
    self.bias = bias
    range = lowest...max(lowest, highest)
    // Weights all alike need no grid at all: every k-mer has the same activation.
    scores = ScoreDistribution(
      WeightMatrix(unchecked: weights), background: background, step: step > 0 ? step : 1)
  }

  /// As above, from the numbers as a network holds them.
  public init(weights: [Float], bias: Float, background: BackgroundModel = .uniform, bins: Int = 1 << 15) {
    self.init(weights: weights.map(Double.init), bias: Double(bias), background: background, bins: bins)
  }

  /// The probability that a k-mer of the background has at least this activation; never below the exact one.
  public func pValue(ofActivation activation: Double) -> Double { scores.pValue(ofScore: activation - bias) }

  /// Between these two lies the exact probability of at least this activation.
  public func pValueBounds(ofActivation activation: Double) -> ClosedRange<Double> {
    scores.pValueBounds(ofScore: activation - bias)
  }

  /// The lowest rounded activation that at most a share `pValue` of the background's k-mers reach; that of the best
  /// k-mers where even they are more common.
  public func activation(forPValue pValue: Double) -> Double {
    Double(units(forPValue: pValue)) * scores.step + bias
  }

  func units(forPValue pValue: Double) -> Int { scores.units(forPValue: pValue) ?? scores.grid.highest }
}
