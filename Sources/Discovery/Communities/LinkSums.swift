/// Weights from a node to the communities around it.
struct LinkSums {
  /// By community; 0 for those not touched.
  private(set) var values: [Double]
  /// Communities in the order in which they were met.
  private(set) var touched: [Int] = []
  private var isTouched: [Bool]

  init(count: Int) {
    values = Array(repeating: 0, count: count)
    isTouched = Array(repeating: false, count: count)
  }

  /// Adds the weights of a node's edges to the communities of their other ends.
  @inline(__always)
  mutating func collect(
    _ node: Int, in graph: NeighborGraph, by membership: [Int], where counts: (Int) -> Bool = { _ in true }
  ) {
    for place in graph.starts[node]..<graph.starts[node + 1] {
      let neighbor = Int(graph.neighbors[place])
      guard counts(neighbor) else { continue }
      let community = membership[neighbor]
      if !isTouched[community] {
        isTouched[community] = true
        touched.append(community)
      }
      values[community] += Double(graph.weights[place])
    }
  }

  mutating func clear() {
    for community in touched {
      values[community] = 0
      isTouched[community] = false
    }
    touched.removeAll(keepingCapacity: true)
  }
}

/// Nodes to visit, first in, first out, each at most once at a time.
struct WorkQueue {
  private var nodes: [Int]
  private var head = 0
  private var waiting: Int
  private var isWaiting: [Bool]

  /// All of 0..<count in the order given.
  init(_ order: [Int]) {
    nodes = order
    waiting = order.count
    isWaiting = Array(repeating: true, count: order.count)
  }

  mutating func next() -> Int? {
    guard waiting > 0 else { return nil }
    let node = nodes[head]
    head = head + 1 == nodes.count ? 0 : head + 1
    waiting -= 1
    isWaiting[node] = false
    return node
  }

  mutating func add(_ node: Int) {
    guard !isWaiting[node] else { return }
    isWaiting[node] = true
    let place = head + waiting
    nodes[place < nodes.count ? place : place - nodes.count] = node
    waiting += 1
  }
}
