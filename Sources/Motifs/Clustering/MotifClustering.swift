import Runtime
import Sequences
import Statistics

/// The tree of motifs by how alike they are, and the clusters it falls into.
///
/// Distance of two motifs: 1 − the normalized correlation of their best alignment on either strand.
public struct MotifClustering: Equatable, Sendable {
  public let motifs: [Motif]
  /// (n, n), from 0 to 2.
  public let distances: [[Double]]
  public let tree: HierarchicalClustering
  private let minimumOverlap: Int

  /// The distance up to which motifs share a cluster if not told: RSAT's normalized correlation of 0.4.
  public static let defaultMaximumDistance = 0.6

  /// - Parameter motifs: each with positions.
  public init(
    _ motifs: [Motif], linkage: HierarchicalClustering.Linkage = .average,
    minimumOverlap: Int = MotifAlignment.defaultMinimumOverlap, threads: Int = Parallel.threads
  ) {
    self.motifs = motifs
    self.minimumOverlap = minimumOverlap
    let rows = Parallel.map(motifs.count, threads: threads) { (index: Int) -> [Double] in
      (index + 1..<max(motifs.count, index + 1)).map { other in
        let alignment = MotifAlignment.best(
          motifs[index].frequencies, motifs[other].frequencies, minimumOverlap: minimumOverlap)
        return 1 - alignment.normalizedCorrelation
      }
    }
    distances = motifs.indices.map { row in
      motifs.indices.map { column in
        row == column ? 0 : rows[min(row, column)][abs(row - column) - 1]
      }
    }
    tree = HierarchicalClustering(distances: distances, linkage: linkage)
  }

  /// The clusters that are left when no two further apart than `maximumDistance` are joined, in the tree's order,
  /// named `cluster1`, `cluster2`, ….
  public func clusters(
    maximumDistance: Double = defaultMaximumDistance, weighting: MotifCluster.Weighting = .sites,
    minimumCoverage: Double = 0.5
  ) -> [MotifCluster] {
    var members: [[Int]] = []
    for (leaf, label) in tree.clusters(atHeight: maximumDistance).enumerated() {
      while members.count <= label { members.append([]) }
      members[label].append(leaf)
    }
    return members.enumerated().map { number, leaves in
      merge(
        leaves, identifier: "cluster\(number + 1)", weighting: weighting, minimumCoverage: minimumCoverage)
    }
  }

  /// The tree in Newick's format, the motifs' identifiers at its leaves.
  public var newick: String { tree.newick(motifs.map(\.identifier)) }

  /// Joins the given leaves in the order of the tree.
  func merge(
    _ leaves: [Int], identifier: String, weighting: MotifCluster.Weighting, minimumCoverage: Double
  ) -> MotifCluster {
    let bySites = weighting == .sites && leaves.allSatisfy { (motifs[$0].sites ?? 0) > 0 }
    let widths = motifs.map(\.width)
    var profiles: [Int: MotifProfile] = [:]
    for leaf in leaves {
      profiles[leaf] = MotifProfile(motifs[leaf], index: leaf, weight: bySites ? motifs[leaf].sites! : 1)
    }
    for (number, merge) in tree.merges.enumerated() {
      let joined: MotifProfile?
      switch (profiles.removeValue(forKey: merge.left), profiles.removeValue(forKey: merge.right)) {
      case (let left?, let right?):
        joined = left.joined(right, widths: widths, minimumOverlap: minimumOverlap)
      case (let one, let other): joined = one ?? other
      }
      if let joined { profiles[motifs.count + number] = joined }
    }
    return MotifCluster(
      profiles.first!.value, motifs: motifs, identifier: identifier, hasCounts: bySites,
      minimumCoverage: minimumCoverage)
  }
}
