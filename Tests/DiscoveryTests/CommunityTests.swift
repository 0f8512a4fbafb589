import Discovery
import Runtime
import Testing

@Suite struct CommunityTests {
  @Test func densityAdaptationIsItsFormulas() {
    let golden = Golden.file.density
    let nodes = golden.distances.count
    let edges = (0..<nodes).flatMap { a in
      (a + 1..<max(a + 1, nodes)).filter { golden.distances[a][$0] > 0 }.map {
        (a, $0, golden.distances[a][$0])
      }
    }
    let adapted = graph(nodes: nodes, edges: edges).densityAdapted(perplexity: 3)
    for node in 0..<nodes {
      for place in adapted.starts[node]..<adapted.starts[node + 1] {
        let golden = golden.weights[node][Int(adapted.neighbors[place])]
        #expect(abs(Double(adapted.weights[place]) - golden) < 1e-6)
      }
      #expect(abs(adapted.loops[node] - golden.loops[node]) < 1e-7)
    }
  }

  private var golden: NeighborGraph {
    let golden = Golden.file.graph
    return graph(
      nodes: golden.nodes, edges: zip(golden.edges, golden.weights).map { ($0[0], $0[1], $1) })
  }

  @Test func modularityIsIgraphs() {
    #expect(abs(golden.modularity(of: Golden.file.graph.partition) - Golden.file.graph.modularity) < 1e-6)
  }

  @Test func leidenFindsIgraphsCommunities() {
    let found = Leiden.communities(golden, runs: 2, seed: 0)
    #expect(found.modularity >= Golden.file.graph.leiden - 1e-6)
    let pairs = Set(zip(found.membership, Golden.file.graph.communities).map { [$0, $1] })
    #expect(pairs.count == Set(found.membership).count)
  }

  @Test func twoCliquesAreTwoCommunities() {
    var edges: [(Int, Int, Double)] = [(0, 5, 0.1)]
    for (a, b) in (0..<5).flatMap({ a in (a + 1..<5).map { (a, $0) } }) {
      edges += [(a, b, 1), (a + 5, b + 5, 1)]
    }
    let found = Leiden.communities(graph(nodes: 10, edges: edges), runs: 1, seed: 4)
    #expect(found.membership == [0, 0, 0, 0, 0, 1, 1, 1, 1, 1])
  }

  @Test func nodesWithoutEdgesStayAlone() {
    #expect(Leiden.communities(graph(nodes: 3, edges: []), runs: 2, seed: 0).membership == [0, 1, 2])
    #expect(Leiden.communities(graph(nodes: 0, edges: []), runs: 2, seed: 0).membership.isEmpty)
  }

  @Test func communitiesAreConnected() {
    var random = CounterRandom(seed: 9, purpose: .simulation)
    let edges = (0..<900).map { _ in (random.below(300), random.below(300), random.uniform()) }
      .filter { $0.0 != $0.1 }
    var seen: Set<[Int]> = []
    let simple = edges.filter { seen.insert([min($0.0, $0.1), max($0.0, $0.1)]).inserted }
    let network = graph(nodes: 300, edges: simple)
    let membership = Leiden.communities(network, runs: 1, seed: 2).membership
    for community in Set(membership) {
      let members = membership.indices.filter { membership[$0] == community }
      var reached: Set = [members[0]]
      var front = [members[0]]
      while let node = front.popLast() {
        for place in network.starts[node]..<network.starts[node + 1] {
          let other = Int(network.neighbors[place])
          if membership[other] == community, reached.insert(other).inserted { front.append(other) }
        }
      }
      #expect(reached.count == members.count)
    }
  }
}
