internal import CKernels
import Foundation
import Runtime

/// Distances of similarities: max(0, ln(2 / s − 1)), 0 for s ≥ 1.
func distance(ofSimilarity similarity: Float) -> Float {
  Float(max(log(2 / max(Double(similarity), 1e-7) - 1), 0))
}

extension NeighborGraph {
  /// From distances to weights that are alike in dense and in sparse regions (TF-MoDISco's use of t-SNE's kernels, van der Maaten
  /// & Hinton 2008).
  ///
  /// For each node β is sought at which the weights exp(−β·d), with one of 1 for the node itself, have the perplexity asked for. With
  /// p(i, j) = exp(−d / βᵢ) / (1 + Σ exp(−d / βᵢ)) an edge weighs √(p(i, j)·p(j, i)), and a node adds to its own strength
  /// 1 / (1 + Σ exp(−d / βᵢ)).
  package func densityAdapted(perplexity: Double) -> NeighborGraph {
    let scales = Parallel.map(count) { node -> (beta: Double, total: Double) in
      let distances = weights[starts[node]..<starts[node + 1]].map(Double.init)
      let beta = Self.beta(distances, perplexity: perplexity, itself: 1)
      return (beta, 1 + KernelMoments(distances, beta: 1 / beta).weights)
    }
    var adapted = weights
    adapted.withUnsafeMutableBufferPointer { adapted in
      nonisolated(unsafe) let adapted = adapted
      Parallel.forEach(count) { node in
        let own = scales[node]
        for place in starts[node]..<starts[node + 1] {
          let other = scales[Int(neighbors[place])]
          let distance = Double(weights[place])
          // The same bits from both ends: the factors commute.
          let exponent = -(distance / own.beta + distance / other.beta) / 2
          adapted[place] = Float(exp(exponent) / (own.total * other.total).squareRoot())
        }
      }
    }
    return NeighborGraph(
      starts: starts, neighbors: neighbors, weights: adapted, loops: scales.map { 0.5 / $0.total })
  }

  /// The β at which exp(−β·d), with `itself` for the node, has an entropy of ln(perplexity) to 1e-9: by Newton's steps, dH/dβ = −β·Var(d),
  /// and by bisection where they leave what is known to hold it.
  static func beta(
    _ distances: [Double], perplexity: Double, itself: Double, kernels: SimilarityKernels = .best
  ) -> Double {
    let wanted = log(perplexity)
    var (low, high) = (0.0, Double.infinity)
    var beta = 1.0
    for _ in 0..<100 {
      let moments = KernelMoments(distances, beta: beta, kernels: kernels)
      let (sum, weighted) = (max(itself + moments.weights, 1e-8), moments.first)
      let difference = log(sum) + beta * weighted / sum - wanted
      if abs(difference) <= 1e-9 { break }
      if difference > 0 { low = beta } else { high = beta }
      let mean = weighted / sum
      let next = beta + difference / (beta * (moments.second / sum - mean * mean))
      beta = low < next && next < high ? next : high == .infinity ? beta * 2 : (low + high) / 2
    }
    return beta
  }
}

/// Σ w, Σ w·d and Σ w·d² of the weights w = exp(−β·d) of distances d ≥ 0.
package struct KernelMoments {
  package let weights, first, second: Double

  package init(_ distances: [Double], beta: Double, kernels: SimilarityKernels = .best) {
    var sums = (0.0, 0.0, 0.0)
    withUnsafeMutableBytes(of: &sums) {
      kernels.table.pointee.moments(
        Int64(distances.count), distances, beta, $0.baseAddress!.assumingMemoryBound(to: Double.self))
    }
    (weights, first, second) = sums
  }
}
