/// Agglomerative clustering of n things from their distances.
///
/// Müllner 2011, "Modern hierarchical, agglomerative clustering algorithms" (arXiv:1109.2378): chains of nearest
/// neighbors, n² in time and memory. The merges are numbered, ordered and sided as SciPy's `linkage` does.
public struct HierarchicalClustering: Equatable, Sendable {
  /// The distance of two clusters, from those of their members.
  public enum Linkage: String, CaseIterable, Sendable {
    /// The smallest.
    case single
    /// The largest.
    case complete
    /// The mean (UPGMA).
    case average
  }

  /// Two clusters become one.
  ///
  /// Numbers below n are the leaves; merge k makes the cluster n + k.
  public struct Merge: Equatable, Sendable {
    /// The smaller number of the two.
    public var left: Int
    public var right: Int
    /// Distance of the two clusters.
    public var height: Double
    /// Leaves in the new cluster.
    public var size: Int

    public init(left: Int, right: Int, height: Double, size: Int) {
      (self.left, self.right, self.height, self.size) = (left, right, height, size)
    }
  }

  public let leafCount: Int
  /// n − 1 merges in the order of their heights.
  public let merges: [Merge]

  /// - Parameter distances: n × n, symmetric; only what lies above the diagonal is read, and must be finite.
  public init(distances: [[Double]], linkage: Linkage = .average) {
    let n = distances.count
    precondition(distances.allSatisfy { $0.count == n }, "as many columns as rows")
    leafCount = n
    var matrix = [Double](repeating: 0, count: n * n)
    for i in 0..<n {
      for j in i + 1..<max(n, i + 1) {
        let distance = distances[i][j]
        precondition(distance.isFinite, "finite distances")
        matrix[i * n + j] = distance
        matrix[j * n + i] = distance
      }
    }
    merges = Self.ordered(Self.chain(&matrix, n, linkage), n)
  }

  // MARK: Reading the tree

  /// The leaves from one side of the tree to the other, left branches first.
  public var leafOrder: [Int] {
    guard leafCount > 1 else { return Array(0..<leafCount) }
    var order: [Int] = []
    order.reserveCapacity(leafCount)
    var stack = [2 * leafCount - 2]
    while let node = stack.popLast() {
      if node < leafCount {
        order.append(node)
      } else {
        stack.append(merges[node - leafCount].right)
        stack.append(merges[node - leafCount].left)
      }
    }
    return order
  }

  /// The clusters that are left when no merge above `height` is made.
  ///
  /// - Returns: for each leaf the number of its cluster; clusters are numbered from 0 in `leafOrder`.
  public func clusters(atHeight height: Double) -> [Int] {
    var parent = Array(0..<2 * leafCount)
    for (k, merge) in merges.enumerated() where merge.height <= height {
      parent[merge.left] = leafCount + k
      parent[merge.right] = leafCount + k
    }
    var labels = [Int](repeating: 0, count: leafCount)
    var numbers: [Int: Int] = [:]
    for leaf in leafOrder {
      var root = leaf
      while parent[root] != root { root = parent[root] }
      labels[leaf] = numbers[root] ?? numbers.count
      numbers[root] = labels[leaf]
    }
    return labels
  }

  // MARK: Building it

  private struct Pair {
    var first, second: Int
    var height: Double
  }

  /// Follows nearest neighbors until two are each other's, merges those, and goes on from what is left of the chain.
  ///
  /// Single, complete and average linkage never bring a merged cluster nearer to a third than its nearer part was, so the
  /// chain stays valid. The merged cluster takes the place of its second part.
  private static func chain(_ matrix: inout [Double], _ n: Int, _ linkage: Linkage) -> [Pair] {
    var sizes = [Int](repeating: 1, count: n)
    var chain: [Int] = []
    var pairs: [Pair] = []
    pairs.reserveCapacity(max(0, n - 1))
    matrix.withUnsafeMutableBufferPointer { distance in
      var start = 0
      while pairs.count < n - 1 {
        if chain.isEmpty {
          while sizes[start] == 0 { start += 1 }
          chain.append(start)
        }
        let end = chain[chain.count - 1]
        // Of equally near neighbors the one before is taken, or the chain would not end.
        var nearest = chain.count > 1 ? chain[chain.count - 2] : -1
        var least = nearest >= 0 ? distance[end * n + nearest] : .infinity
        for other in 0..<n where sizes[other] > 0 && other != end && distance[end * n + other] < least {
          least = distance[end * n + other]
          nearest = other
        }
        guard chain.count > 1, nearest == chain[chain.count - 2] else {
          chain.append(nearest)
          continue
        }
        chain.removeLast(2)
        let (gone, kept) = (min(end, nearest), max(end, nearest))
        pairs.append(Pair(first: gone, second: kept, height: least))
        let (goneSize, keptSize) = (Double(sizes[gone]), Double(sizes[kept]))
        sizes[kept] += sizes[gone]
        sizes[gone] = 0
        for other in 0..<n where sizes[other] > 0 && other != kept {
          let (a, b) = (distance[gone * n + other], distance[kept * n + other])
          let merged =
            switch linkage {
            case .single: min(a, b)
            case .complete: max(a, b)
            case .average: (goneSize * a + keptSize * b) / (goneSize + keptSize)
            }
          distance[kept * n + other] = merged
          distance[other * n + kept] = merged
        }
      }
    }
    return pairs
  }

  /// Sorts the pairs by height (equal ones stay in order) and gives the clusters their numbers.
  private static func ordered(_ pairs: [Pair], _ n: Int) -> [Merge] {
    var parent = Array(0..<2 * n)
    var sizes = [Int](repeating: 1, count: n)
    func root(_ node: Int) -> Int {
      var node = node
      while parent[node] != node {
        parent[node] = parent[parent[node]]
        node = parent[node]
      }
      return node
    }
    let sorted = pairs.enumerated().sorted { ($0.element.height, $0.offset) < ($1.element.height, $1.offset) }
    return sorted.enumerated().map { k, pair in
      let (first, second) = (root(pair.element.first), root(pair.element.second))
      let size = sizes[first] + sizes[second]
      parent[first] = n + k
      parent[second] = n + k
      sizes.append(size)
      return Merge(
        left: min(first, second), right: max(first, second), height: pair.element.height, size: size)
    }
  }
}
