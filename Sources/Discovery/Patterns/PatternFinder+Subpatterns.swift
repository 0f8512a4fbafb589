import Foundation
import Runtime

extension PatternFinder {
  /// Communities within a pattern by the similarity of its seqlets as they are aligned, the largest first.
  func subpatterns(of pattern: Pattern) -> [Pattern] {
    let count = pattern.seqlets.count
    let perplexity = options.subpatternPerplexity
    let size = min(Int(3 * perplexity) + 2, count)
    let windows = AttributionWindows(pattern.seqlets, of: tracks)
    var best = [[(index: Int, score: Float)]](repeating: [], count: count)
    best.withUnsafeMutableBufferPointer { best in
      nonisolated(unsafe) let best = best
      SimilarityPanels(windows).forEachRow(windows) { _, row, scores in
        var list = TopList(limit: size)
        for (index, score) in scores.enumerated() { list.add(index, score) }
        best[row] = list.sorted()
      }
    }
    let nearest = best
    // The nearest is the seqlet itself, or its equal.
    let lists = DirectedLists(nodes: count, size: max(0, size - 1)) { node, targets, values in
      let entries = nearest[node].dropFirst()
      let distances = entries.map { Double(distance(ofSimilarity: $0.score)) }
      let beta = NeighborGraph.beta(distances, perplexity: perplexity, itself: 0)
      let kernels = distances.map { exp(-$0 * beta) }
      let total = max(kernels.reduce(0, +), 1e-8)
      for (place, entry) in entries.enumerated() {
        targets[place] = Int32(entry.index)
        values[place] = Float(kernels[place] / total)
      }
      return entries.count
    }
    let graph = lists.symmetric { ($0 ?? 0) + ($1 ?? 0) }
    let communities = Leiden.communities(graph, runs: options.leidenRuns, seed: options.seed).membership
    return grouped(pattern.seqlets, by: communities).map { Pattern($0, of: tracks) }
  }
}
