import Statistics
import Testing

/// Golden numbers from SciPy: Golden/hierarchical_clustering.py.
@Suite struct HierarchicalClusteringTests {
  typealias Linkage = HierarchicalClustering.Linkage
  typealias Merge = HierarchicalClustering.Merge

  struct Golden: Sendable {
    let linkage: Linkage
    let merges: [(Int, Int, Double, Int)]
    let order: [Int]
    let clusters: [Int]
  }

  static let golden: [Golden] = [
    Golden(
      linkage: .single,
      merges: [
        (0, 9, 0.014930866436692683, 2), (2, 10, 0.11557766088005811, 2), (1, 6, 0.17682240738478638, 2),
        (12, 13, 0.18443913913472554, 4), (4, 14, 0.18646797130297385, 3), (8, 15, 0.1875120296672144, 5),
        (3, 17, 0.23225114179848627, 6), (16, 18, 0.24075480739971852, 9), (5, 19, 0.2553063838448816, 10),
        (7, 20, 0.2613719800088923, 11), (11, 21, 0.4155057797563851, 12),
      ],
      order: [11, 7, 5, 4, 1, 6, 3, 8, 0, 9, 2, 10], clusters: [1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 2]),
    Golden(
      linkage: .complete,
      merges: [
        (0, 9, 0.014930866436692683, 2), (2, 10, 0.11557766088005811, 2), (1, 6, 0.17682240738478638, 2),
        (12, 13, 0.2432602607703942, 4), (5, 8, 0.2553063838448816, 2), (4, 7, 0.2613719800088923, 2),
        (3, 14, 0.3105196726612973, 3), (17, 18, 0.428365850322037, 5), (11, 16, 0.5530964651988701, 3),
        (15, 20, 0.7447157031956257, 7), (19, 21, 0.9693632090059535, 12),
      ],
      order: [4, 7, 3, 1, 6, 0, 9, 2, 10, 11, 5, 8], clusters: [4, 2, 4, 3, 1, 5, 2, 1, 5, 4, 4, 6]),
    Golden(
      linkage: .average,
      merges: [
        (0, 9, 0.014930866436692683, 2), (2, 10, 0.11557766088005811, 2), (1, 6, 0.17682240738478638, 2),
        (12, 13, 0.21311364402589528, 4), (5, 8, 0.2553063838448816, 2), (4, 7, 0.2613719800088923, 2),
        (3, 14, 0.27563724003050794, 3), (17, 18, 0.32119264107483075, 5), (15, 16, 0.3811202842445985, 6),
        (11, 20, 0.5858275948623688, 7), (19, 21, 0.6336663655431811, 12),
      ],
      order: [4, 7, 3, 1, 6, 11, 0, 9, 2, 10, 5, 8], clusters: [3, 2, 3, 2, 1, 4, 2, 1, 4, 3, 3, 5]),
  ]

  private static func distances() -> [[Double]] {
    let points: [(x: Double, y: Double)] = (1...12).map { i in
      let x = Double(i * i * 7919 % 1009)
      let y = Double(i * i * i * 10473 % 997)
      return (x / 1009, y / 997)
    }
    return points.map { a in points.map { b in distance(a, b) } }
  }

  private static func distance(_ a: (x: Double, y: Double), _ b: (x: Double, y: Double)) -> Double {
    let (x, y) = (a.x - b.x, a.y - b.y)
    return (x * x + y * y).squareRoot()
  }

  @Test(arguments: golden) func agreesWithSciPy(_ golden: Golden) {
    let clustering = HierarchicalClustering(distances: Self.distances(), linkage: golden.linkage)
    #expect(clustering.merges.count == golden.merges.count)
    for (found, expected) in zip(clustering.merges, golden.merges) {
      #expect((found.left, found.right, found.size) == (expected.0, expected.1, expected.3))
      #expect(abs(found.height - expected.2) < 1e-14)
    }
    #expect(clustering.leafOrder == golden.order)
    // Clusters may be numbered differently; which leaves are together may not differ.
    let clusters = clustering.clusters(atHeight: 0.3)
    for i in 0..<12 {
      for j in 0..<i {
        #expect((clusters[i] == clusters[j]) == (golden.clusters[i] == golden.clusters[j]))
      }
    }
  }

  @Test func tiesAreBrokenAsSciPyDoes() {
    let distances: [[Double]] = (0..<9).map { a in
      (0..<9).map { b -> Double in
        let value = (3 * min(a, b) + 5 * max(a, b)) % 7 + 1
        return a == b ? 0 : Double(value)
      }
    }
    let complete = HierarchicalClustering(distances: distances, linkage: .complete)
    #expect(
      complete.merges == [
        Merge(left: 0, right: 7, height: 1, size: 2), Merge(left: 1, right: 5, height: 1, size: 2),
        Merge(left: 2, right: 3, height: 1, size: 2), Merge(left: 4, right: 6, height: 1, size: 2),
        Merge(left: 8, right: 12, height: 4, size: 3), Merge(left: 11, right: 13, height: 6, size: 5),
        Merge(left: 9, right: 10, height: 6, size: 4), Merge(left: 14, right: 15, height: 7, size: 9),
      ])
    #expect(complete.leafOrder == [2, 3, 8, 4, 6, 0, 7, 1, 5])
    let average = HierarchicalClustering(distances: distances, linkage: .average)
    #expect(average.leafOrder == [4, 6, 8, 2, 3, 0, 7, 1, 5])
    #expect(average.merges.last?.height == 4.85)
  }

  /// Heights by the definition: merge the two nearest clusters, again and again.
  private static func heights(_ distances: [[Double]], _ linkage: Linkage) -> [Double] {
    var clusters = distances.indices.map { [$0] }
    var heights: [Double] = []
    while clusters.count > 1 {
      var best = (i: 0, j: 1, distance: Double.infinity)
      for i in clusters.indices {
        for j in clusters.indices where j > i {
          let all = clusters[i].flatMap { a in clusters[j].map { distances[a][$0] } }
          let distance =
            switch linkage {
            case .single: all.min()!
            case .complete: all.max()!
            case .average: all.reduce(0, +) / Double(all.count)
            }
          if distance < best.distance { best = (i, j, distance) }
        }
      }
      heights.append(best.distance)
      clusters[best.i] += clusters[best.j]
      clusters.remove(at: best.j)
    }
    return heights
  }

  @Test(arguments: Linkage.allCases, [2, 3, 7, 25]) func agreesWithTheDefinition(linkage: Linkage, count: Int)
  {
    var state: UInt64 = 88_172_645_463_325_252
    var distances = [[Double]](repeating: [Double](repeating: 0, count: count), count: count)
    for i in 0..<count {
      for j in 0..<i {
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        distances[i][j] = Double(state >> 11) * 0x1p-53
        distances[j][i] = distances[i][j]
      }
    }
    let clustering = HierarchicalClustering(distances: distances, linkage: linkage)
    for (found, expected) in zip(clustering.merges, Self.heights(distances, linkage)) {
      #expect(abs(found.height - expected) < 1e-12)
    }
    #expect(clustering.leafOrder.sorted() == Array(0..<count))
    #expect(clustering.merges.last?.size == count)
    #expect(
      clustering.clusters(atHeight: -1)
        == clustering.leafOrder.indices.map { clustering.leafOrder.firstIndex(of: $0)! })
    #expect(clustering.clusters(atHeight: 2).allSatisfy { $0 == 0 })
  }

  @Test func smallest() {
    #expect(HierarchicalClustering(distances: []).leafOrder == [])
    #expect(HierarchicalClustering(distances: [[0]]).leafOrder == [0])
    #expect(HierarchicalClustering(distances: [[0]]).clusters(atHeight: 1) == [0])
  }
}
