import Runtime

/// Communities of a graph by the Leiden algorithm (Traag, Waltman & van Eck 2019, Scientific Reports 9, 5233), for modularity: nodes
/// move to the community that gains most, communities are refined into well connected parts, the parts become the nodes of a smaller
/// graph, and so on until nothing moves.
///
/// The order in which nodes are visited comes from a `CounterRandom`; everything else is determined, and so is the
/// result, whatever the number of threads.
public enum Leiden {
  /// The best of `runs` runs by modularity, the first of equals. Communities are numbered by size, the largest first, equal ones
  /// by their first node.
  package static func communities(_ graph: NeighborGraph, runs: Int, seed: UInt64) -> (
    membership: [Int], modularity: Double
  ) {
    guard graph.count > 0 else { return ([], 0) }
    let results = Parallel.map(max(1, runs)) { run -> (membership: [Int], modularity: Double) in
      var random = CounterRandom(seed: seed, purpose: .order, index: run)
      return single(graph, random: &random)
    }
    let best = results.indices.reduce(0) { results[$1].modularity > results[$0].modularity ? $1 : $0 }
    return (numbered(results[best].membership), results[best].modularity)
  }

  /// Repeats the algorithm from its own result until that does not get better.
  private static func single(_ graph: NeighborGraph, random: inout CounterRandom) -> (
    membership: [Int], modularity: Double
  ) {
    var membership = Array(0..<graph.count)
    var quality = -Double.infinity
    while true {
      let next = iteration(graph, from: membership, random: &random)
      let reached = graph.modularity(of: next)
      guard reached > quality + 1e-10 else {
        return quality > -.infinity ? (membership, quality) : (next, reached)
      }
      (membership, quality) = (next, reached)
    }
  }

  /// One pass over all levels.
  private static func iteration(
    _ graph: NeighborGraph, from membership: [Int], random: inout CounterRandom
  ) -> [Int] {
    var level = CommunityLevel(graph, membership: membership)
    // The level's node that each node of the graph has become part of.
    var parts = Array(0..<graph.count)
    while true {
      level.moveNodes(random: &random)
      let communities = level.compact()
      if communities == level.count { break }
      let refined = level.refined(random: &random)
      let aggregated = level.aggregated(by: refined)
      if aggregated.count == level.count { break }
      for node in parts.indices { parts[node] = refined.membership[parts[node]] }
      level = aggregated
    }
    return parts.map { level.membership[$0] }
  }

  private static func numbered(_ membership: [Int]) -> [Int] {
    let communities = membership.max()! + 1
    var (sizes, firsts) = (
      [Int](repeating: 0, count: communities), [Int](repeating: .max, count: communities)
    )
    for (node, community) in membership.enumerated() {
      sizes[community] += 1
      firsts[community] = min(firsts[community], node)
    }
    let order = (0..<communities).sorted {
      sizes[$0] != sizes[$1] ? sizes[$0] > sizes[$1] : firsts[$0] < firsts[$1]
    }
    var numbers = [Int](repeating: 0, count: communities)
    for (number, community) in order.enumerated() { numbers[community] = number }
    return membership.map { numbers[$0] }
  }
}

extension NeighborGraph {
  /// Q = Σ over communities of (weight inside / total weight − (Σ strength / 2·total weight)²) (Newman & Girvan 2004).
  package func modularity(of membership: [Int]) -> Double {
    let total = strengths.reduce(0, +)
    guard total > 0, let communities = membership.max() else { return 0 }
    var sums = [Double](repeating: 0, count: communities + 1)
    var inside = 0.0
    membership.withUnsafeBufferPointer { membership in
      for node in 0..<count {
        let community = membership[node]
        sums[community] += strengths[node]
        inside += 2 * loops[node] + weight(of: node, to: community, in: membership)
      }
    }
    return inside / total - sums.reduce(0) { $0 + ($1 / total) * ($1 / total) }
  }
}
