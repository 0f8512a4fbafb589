import Foundation

/// The motif whose log-likelihood ratio is a filter's activation up to a constant: the rule `softmax`.
///
/// Each column is p_j(b) = β(b)·exp(λ·w_j(b)) / Z_j with the background β and Z_j = Σ_b β(b)·exp(λ·w_j(b)). Then for
/// every k-mer
///
///     λ · activation = Σ_j ln(p_j(b_j) / β(b_j)) + λ·bias + Σ_j ln Z_j,
///
/// so thresholding the activation is a likelihood-ratio test of this motif against the background (Ding et al. 2017,
/// bioRxiv 163220). Among all distributions over k-mers with the same mean activation it is the one nearest to the
/// background.
public struct SoftmaxMotif: Equatable, Sendable {
  public let frequencies: FrequencyMatrix
  /// λ: nats of log-likelihood ratio for a unit of activation.
  public let scale: Double
  /// λ·bias + Σ ln Z: what λ · activation exceeds the log-likelihood ratio by, in nats.
  public let offset: Double
  /// The mean activation of k-mers drawn from the motif.
  public let meanActivation: Double

  /// - Parameters:
  ///   - weights: width × 4 finite numbers, position by position, A C G T within a position.
  ///   - scale: λ. At 1 the activation itself is the log-likelihood ratio in nats, plus the constant.
  public init(weights: [Double], bias: Double = 0, background: Background = .uniform, scale: Double = 1) {
    precondition(weights.count % 4 == 0 && weights.allSatisfy(\.isFinite), "four finite weights a position")
    var offset = scale * bias
    var mean = bias
    let rows = stride(from: 0, to: weights.count, by: 4).map { first -> [Double] in
      let row = weights[first..<first + 4].map { scale * $0 }
      let top = row.max()!
      let parts = (0..<4).map { background[$0] * exp(row[$0] - top) }
      let total = parts.reduce(0, +)
      offset += top + log(total)
      let column = parts.map { $0 / total }
      for base in 0..<4 { mean += column[base] * weights[first + base] }
      return column
    }
    frequencies = FrequencyMatrix(rows: rows)
    self.scale = scale
    self.offset = offset
    meanActivation = mean
  }

  /// With λ fitted so that k-mers drawn from the motif have the mean activation that the filter's sites have: the
  /// maximum-likelihood λ given those sites.
  ///
  /// The mean rises with λ from that of the background (λ = 0) to the highest activation (λ = ∞). `nil` outside.
  public init?(
    weights: [Double], bias: Double = 0, background: Background = .uniform, meanActivation target: Double
  ) {
    func motif(_ scale: Double) -> SoftmaxMotif {
      SoftmaxMotif(weights: weights, bias: bias, background: background, scale: scale)
    }
    guard target > motif(0).meanActivation else { return nil }
    var high = 1.0
    while motif(high).meanActivation < target {
      high *= 2
      guard high < 1e12 else { return nil }
    }
    var low = 0.0
    for _ in 0..<200 where high - low > 1e-12 * high {
      let middle = (low + high) / 2
      if motif(middle).meanActivation < target { low = middle } else { high = middle }
    }
    self = motif(high)
  }
}
