import Foundation
import Runtime
import Statistics

/// An undirected graph with weights, each edge in the lists of both its ends.
package struct NeighborGraph: Sendable {
  /// Where each node's list begins, and the end of the last.
  package let starts: [Int]
  /// The other end of each edge, ascending within a list; never the node itself.
  package let neighbors: [Int32]
  package let weights: [Float]
  /// Weight of each node's edge to itself.
  package let loops: [Double]
  /// Σ weights at each node, an edge to itself counted twice.
  let strengths: [Double]

  package var count: Int { loops.count }

  /// Calls `body` with the other end and the weight of each of a node's edges.
  @inline(__always)
  func forEachEdge(of node: Int, _ body: (_ neighbor: Int, _ weight: Float) -> Void) {
    let edges = starts[node]..<starts[node + 1]
    neighbors.withUnsafeBufferPointer { neighbors in
      weights.withUnsafeBufferPointer { weights in
        for place in edges { body(Int(neighbors[place]), weights[place]) }
      }
    }
  }

  /// Σ weights of a node's edges to nodes of `community`, in four sums, which do not wait for each other.
  @inline(__always)
  func weight(of node: Int, to community: Int, in membership: UnsafeBufferPointer<Int>) -> Double {
    let edges = starts[node]..<starts[node + 1]
    return neighbors.withUnsafeBufferPointer { neighbors in
      weights.withUnsafeBufferPointer { weights in
        func weight(_ place: Int) -> Double {
          membership[Int(neighbors[place])] == community ? Double(weights[place]) : 0
        }
        var sums = SIMD4<Double>.zero
        var place = edges.lowerBound
        while place + 4 <= edges.upperBound {
          sums += SIMD4(weight(place), weight(place + 1), weight(place + 2), weight(place + 3))
          place += 4
        }
        var rest = 0.0
        while place < edges.upperBound {
          rest += weight(place)
          place += 1
        }
        return sums.sum() + rest
      }
    }
  }

  package init(starts: [Int], neighbors: [Int32], weights: [Float], loops: [Double]) {
    self.starts = starts
    self.neighbors = neighbors
    self.weights = weights
    self.loops = loops
    strengths = weights.withUnsafeBufferPointer { weights in
      loops.indices.map { node in
        weights[starts[node]..<starts[node + 1]].reduce(2 * loops[node]) { $0 + Double($1) }
      }
    }
  }
}

/// Lists of targets with values, one a node, sorted by target.
struct DirectedLists {
  private(set) var starts: [Int]
  private(set) var targets: [Int32]
  private(set) var values: [Float]

  /// - Parameters:
  ///   - nodes: how many.
  ///   - size: most targets of a node.
  ///   - list: writes the targets and values of a node and returns how many; on some thread.
  init(
    nodes: Int, size: Int,
    list:
      @Sendable (_ node: Int, _ targets: UnsafeMutablePointer<Int32>, _ values: UnsafeMutablePointer<Float>)
      -> Int
  ) {
    var targets = [Int32](repeating: 0, count: nodes * size)
    var values = [Float](repeating: 0, count: nodes * size)
    var starts = [0]
    targets.withUnsafeMutableBufferPointer { targets in
      values.withUnsafeMutableBufferPointer { values in
        guard let targetBase = targets.baseAddress, let valueBase = values.baseAddress else { return }
        nonisolated(unsafe) let (first, second) = (targetBase, valueBase)
        let counts = Parallel.map(nodes) { node in
          let (targets, values) = (first + node * size, second + node * size)
          let count = list(node, targets, values)
          var sorted = (0..<count).map { UInt64(targets[$0]) << 32 | UInt64(values[$0].bitPattern) }
          KeySort.sort(&sorted, from: 32)
          for (place, entry) in sorted.enumerated() {
            targets[place] = Int32(entry >> 32)
            values[place] = Float(bitPattern: UInt32(truncatingIfNeeded: entry))
          }
          return count
        }
        for (node, count) in counts.enumerated() {
          let start = starts[node]
          (first + start).update(from: first + node * size, count: count)
          (second + start).update(from: second + node * size, count: count)
          starts.append(start + count)
        }
      }
    }
    self.starts = nodes == 0 ? [0] : starts
    self.targets = targets
    self.values = values
    self.targets.removeLast(nodes * size - self.starts.last!)
    self.values.removeLast(nodes * size - self.starts.last!)
  }

  /// The same edges from their other ends; lists stay sorted.
  var transposed: DirectedLists {
    var result = self
    let nodes = starts.count - 1
    var next = [Int](repeating: 0, count: nodes + 1)
    for target in targets { next[Int(target) + 1] += 1 }
    for node in 0..<nodes { next[node + 1] += next[node] }
    result.starts = next
    for node in 0..<nodes {
      for place in starts[node]..<starts[node + 1] {
        let target = Int(targets[place])
        result.targets[next[target]] = Int32(node)
        result.values[next[target]] = values[place]
        next[target] += 1
      }
    }
    return result
  }

  /// The undirected graph of all pairs that are in a list, in whichever direction: `combine` makes a weight of the two values,
  /// `nil` for a missing one.
  func symmetric(_ combine: @Sendable (Float?, Float?) -> Float) -> NeighborGraph {
    let other = transposed
    let nodes = starts.count - 1
    @Sendable func merge(_ node: Int, _ body: (Int32, Float?, Float?) -> Void) {
      var (left, right) = (self.starts[node], other.starts[node])
      let (leftEnd, rightEnd) = (self.starts[node + 1], other.starts[node + 1])
      while left < leftEnd || right < rightEnd {
        let a = left < leftEnd ? targets[left] : .max
        let b = right < rightEnd ? other.targets[right] : .max
        let target = min(a, b)
        if target != node {
          body(target, a == target ? values[left] : nil, b == target ? other.values[right] : nil)
        }
        if a == target { left += 1 }
        if b == target { right += 1 }
      }
    }
    let counts = Parallel.map(nodes) { node in
      var count = 0
      merge(node) { _, _, _ in count += 1 }
      return count
    }
    let starts = counts.reduce(into: [0]) { $0.append($0.last! + $1) }
    var neighbors = [Int32](repeating: 0, count: starts.last!)
    var weights = [Float](repeating: 0, count: starts.last!)
    neighbors.withUnsafeMutableBufferPointer { neighbors in
      weights.withUnsafeMutableBufferPointer { weights in
        nonisolated(unsafe) let (neighbors, weights) = (neighbors, weights)
        Parallel.forEach(nodes) { node in
          var place = starts[node]
          merge(node) { target, there, back in
            neighbors[place] = target
            weights[place] = combine(there, back)
            place += 1
          }
        }
      }
    }
    return NeighborGraph(
      starts: starts, neighbors: neighbors, weights: weights, loops: Array(repeating: 0, count: nodes))
  }
}
