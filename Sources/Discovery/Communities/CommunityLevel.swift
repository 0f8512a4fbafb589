import Runtime

/// A graph of one level of the Leiden algorithm with its communities.
struct CommunityLevel {
  let graph: NeighborGraph
  let strengths: [Double]
  /// Σ strengths, 2m.
  let total: Double
  /// Community of each node.
  private(set) var membership: [Int]
  /// Σ strengths and number of nodes of each community; there are as many as nodes, some of them empty.
  private var sums: [Double]
  private var sizes: [Int]

  var count: Int { graph.count }

  init(_ graph: NeighborGraph, membership: [Int], strengths: [Double]? = nil) {
    self.graph = graph
    self.strengths = strengths ?? graph.strengths
    total = self.strengths.reduce(0, +)
    self.membership = membership
    sums = Array(repeating: 0, count: graph.count)
    sizes = Array(repeating: 0, count: graph.count)
    for node in 0..<graph.count {
      sums[membership[node]] += self.strengths[node]
      sizes[membership[node]] += 1
    }
  }

  /// Moves each node to the neighboring or empty community that gains most, and visits again those whose neighbor has moved, until
  /// no move gains anything.
  ///
  /// In units of 1/m, node v in community C gains w(v, C) − k(v)·K(C) / 2m, both without v.
  mutating func moveNodes(random: inout CounterRandom) {
    var queue = WorkQueue(random.permutation(count))
    let links = LinkSums(count: count)
    var empty = sizes.indices.filter { sizes[$0] == 0 }
    while let node = queue.next() {
      let own = membership[node]
      let strength = strengths[node]
      links.collect(node, in: graph, by: membership)
      sums[own] -= strength
      sizes[own] -= 1
      var (best, gain) = (own, links.values[own] - strength * sums[own] / total)
      // What goes off a link's weight is never below 0.
      for touched in links.touched where links.values[Int(touched)] >= gain {
        let community = Int(touched)
        let other = links.values[community] - strength * sums[community] / total
        if other > gain || other == gain && community != own && best != own && community < best {
          (best, gain) = (community, other)
        }
      }
      if gain < 0, sizes[own] > 0, let free = empty.popLast() { best = free }
      sums[best] += strength
      sizes[best] += 1
      links.clear()
      guard best != own else { continue }
      if sizes[own] == 0 { empty.append(own) }
      membership[node] = best
      graph.forEachEdge(of: node) { neighbor, _ in
        if membership[neighbor] != best { queue.add(neighbor) }
      }
    }
  }

  /// Numbers the communities that are left 0, 1, … by their first node and returns how many there are.
  mutating func compact() -> Int {
    var numbers = [Int](repeating: -1, count: count)
    var communities = 0
    for node in 0..<count {
      if numbers[membership[node]] < 0 {
        numbers[membership[node]] = communities
        communities += 1
      }
      membership[node] = numbers[membership[node]]
    }
    sums = Array(repeating: 0, count: count)
    sizes = Array(repeating: 0, count: count)
    for node in 0..<count {
      sums[membership[node]] += strengths[node]
      sizes[membership[node]] += 1
    }
    return communities
  }

  /// Parts of the communities: starting alone, a node that is well connected with its community joins the well connected part of it that
  /// gains most, if it is still alone. The limit of the paper's random choice for small θ.
  func refined(random: inout CounterRandom) -> (membership: [Int], count: Int) {
    var parts = Array(0..<count)
    var partSums = strengths
    var partSizes = [Int](repeating: 1, count: count)
    // Weight from each part to the rest of its community.
    var outside = membership.withUnsafeBufferPointer { membership in
      (0..<count).map { graph.weight(of: $0, to: membership[$0], in: membership) }
    }
    func isWellConnected(_ part: Int, in community: Int) -> Bool {
      outside[part] >= partSums[part] * (sums[community] - partSums[part]) / total
    }
    let links = LinkSums(count: count)
    for node in random.permutation(count) where partSizes[parts[node]] == 1 {
      let (community, own) = (membership[node], parts[node])
      guard isWellConnected(own, in: community) else { continue }
      links.collect(node, in: graph, by: parts) { membership[$0] == community }
      var (best, gain) = (own, 0.0)
      for touched in links.touched where Int(touched) != own && links.values[Int(touched)] >= gain {
        let part = Int(touched)
        let other = links.values[part] - strengths[node] * partSums[part] / total
        guard other > gain || other == gain && best != own && part < best,
          isWellConnected(part, in: community)
        else { continue }
        (best, gain) = (part, other)
      }
      if best != own {
        parts[node] = best
        outside[best] += outside[own] - 2 * links.values[best]
        partSums[best] += strengths[node]
        partSizes[best] += 1
        partSizes[own] = 0
      }
      links.clear()
    }
    var numbers = [Int](repeating: -1, count: count)
    var number = 0
    for node in 0..<count {
      if numbers[parts[node]] < 0 {
        numbers[parts[node]] = number
        number += 1
      }
      parts[node] = numbers[parts[node]]
    }
    return (parts, number)
  }

  /// The graph whose nodes are the parts, each in the community of its nodes.
  func aggregated(by parts: (membership: [Int], count: Int)) -> CommunityLevel {
    var members = [[Int32]](repeating: [], count: parts.count)
    for node in 0..<count { members[parts.membership[node]].append(Int32(node)) }
    let links = LinkSums(count: parts.count)
    var starts = [0]
    var neighbors: [Int32] = []
    var weights: [Float] = []
    var loops = [Double](repeating: 0, count: parts.count)
    var strengths = loops
    var membership = [Int](repeating: 0, count: parts.count)
    for (part, nodes) in members.enumerated() {
      membership[part] = self.membership[Int(nodes[0])]
      for node in nodes {
        strengths[part] += self.strengths[Int(node)]
        loops[part] += graph.loops[Int(node)]
        links.collect(Int(node), in: graph, by: parts.membership)
      }
      // Edges inside were met from both ends.
      loops[part] += links.values[part] / 2
      for other in links.touched.sorted() where Int(other) != part {
        neighbors.append(other)
        weights.append(Float(links.values[Int(other)]))
      }
      starts.append(neighbors.count)
      links.clear()
    }
    return CommunityLevel(
      NeighborGraph(starts: starts, neighbors: neighbors, weights: weights, loops: loops),
      membership: membership,
      strengths: strengths)
  }
}
