/// Weights from a node to the communities around it.
final class LinkSums {
  /// By community; 0 for those not touched.
  let values: UnsafeMutablePointer<Double>
  private let isTouched: UnsafeMutablePointer<Bool>
  private let list: UnsafeMutablePointer<Int32>
  private var touchedCount = 0

  init(count: Int) {
    values = .allocate(capacity: count)
    isTouched = .allocate(capacity: count)
    list = .allocate(capacity: count)
    values.initialize(repeating: 0, count: count)
    isTouched.initialize(repeating: false, count: count)
  }

  deinit {
    values.deallocate()
    isTouched.deallocate()
    list.deallocate()
  }

  /// Communities in the order in which they were met.
  var touched: UnsafeBufferPointer<Int32> { UnsafeBufferPointer(start: list, count: touchedCount) }

  /// Adds the weights of a node's edges to the communities of their other ends.
  @inline(__always)
  func collect(
    _ node: Int, in graph: NeighborGraph, by membership: [Int], where counts: (Int) -> Bool = { _ in true }
  ) {
    var found = touchedCount
    membership.withUnsafeBufferPointer { membership in
      graph.forEachEdge(of: node) { neighbor, weight in
        guard counts(neighbor) else { return }
        let community = membership[neighbor]
        if !isTouched[community] {
          isTouched[community] = true
          list[found] = Int32(truncatingIfNeeded: community)
          found += 1
        }
        values[community] += Double(weight)
      }
    }
    touchedCount = found
  }

  func clear() {
    for community in touched {
      values[Int(community)] = 0
      isTouched[Int(community)] = false
    }
    touchedCount = 0
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
