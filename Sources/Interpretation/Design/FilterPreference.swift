import Foundation
import Motifs
import NeuralNetworks
import Runtime
import Sequences

/// What a filter of the first layer wants: exact, since its score is a sum over positions.
public struct FilterPreference: Sendable {
  public let filter: Int
  /// The bases with the largest weight at each position, the first of A C G T among equals: no other sequence scores higher.
  public let codes: [UInt8]
  /// Σ of the largest weights, and the bias: what `codes` scores before the activation function.
  public let score: Double
  /// The distribution of most entropy among those whose mean score lies half-way from that of a random site to `score`:
  /// p_ib ∝ exp(β w_ib), position by position (Ding et al. 2017, bioRxiv 163220, for the form).
  public let frequencies: FrequencyMatrix

  /// Of a filter of a plain first convolution; one that scores both strands is read along the given one.
  ///
  /// - Throws: `InputError` if the first layer is no plain convolution or has no such filter.
  public init(_ network: Network, filter: Int) throws {
    let filters = try network.firstConvolution().filters
    guard (0..<filters).contains(filter) else {
      throw InputError("the first convolution has filters 0 to \(filters - 1), not \(filter)")
    }
    let found = try network.filter(filter)
    let (rows, bias) = (found.weights, found.bias)
    self.init(filter: filter, weights: rows.map { $0.map(Double.init) }, bias: Double(bias))
  }

  init(filter: Int, weights: [[Double]], bias: Double) {
    self.filter = filter
    codes = weights.map { row in UInt8(row.indices.max { (row[$0], $1) < (row[$1], $0) }!) }
    let best = weights.reduce(0) { $0 + $1.max()! }
    score = best + bias
    let random = weights.reduce(0) { $0 + $1.reduce(0, +) / 4 }
    let wanted = (best + random) / 2
    // The mean rises with β, from that of a random site to the best.
    var (low, high) = (0.0, 1.0)
    let spread = best - random
    if spread > 0 {
      high = 1 / spread
      while Self.mean(weights, high) < wanted { high *= 2 }
      for _ in 0..<200 {
        let middle = (low + high) / 2
        if Self.mean(weights, middle) < wanted { low = middle } else { high = middle }
      }
    }
    frequencies = FrequencyMatrix(rows: weights.map { Self.shares($0, high) })
  }

  private static func shares(_ row: [Double], _ beta: Double) -> [Double] {
    let largest = row.max()!
    let powers = row.map { exp(beta * ($0 - largest)) }
    let sum = powers.reduce(0, +)
    return powers.map { $0 / sum }
  }

  private static func mean(_ weights: [[Double]], _ beta: Double) -> Double {
    weights.reduce(0) { sum, row in sum + zip(shares(row, beta), row).reduce(0) { $0 + $1.0 * $1.1 } }
  }
}
