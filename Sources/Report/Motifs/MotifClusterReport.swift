import Figures
import Motifs
import Runtime
import Statistics

/// Motifs that are alike, as tables, files and pictures.
public struct MotifClusterReport: Sendable {
  public let clustering: MotifClustering
  public let clusters: [MotifCluster]
  public let maximumDistance: Double

  /// Distances are kept for every pair, so that their memory grows with the square.
  public static let mostMotifs = 5000
  private static let drawnMotifs = 400
  private static let drawnClusters = 200

  /// - Parameters:
  ///   - maximumDistance: 1 − normalized correlation up to which clusters are joined.
  ///   - weighting: How much each motif counts in the merged one.
  /// - Throws: `InputError` if there are more than `mostMotifs`.
  public init(
    _ motifs: [Motif], maximumDistance: Double = MotifClustering.defaultMaximumDistance,
    linkage: HierarchicalClustering.Linkage = .average,
    minimumOverlap: Int = MotifAlignment.defaultMinimumOverlap, weighting: MotifCluster.Weighting = .sites
  ) throws {
    guard motifs.count <= Self.mostMotifs else {
      throw InputError("\(motifs.count) motifs are too many to cluster; up to \(Self.mostMotifs) are")
    }
    clustering = MotifClustering(motifs, linkage: linkage, minimumOverlap: minimumOverlap)
    clusters = clustering.clusters(maximumDistance: maximumDistance, weighting: weighting)
    self.maximumDistance = maximumDistance
  }

  /// A row for each cluster, in the order of the tree.
  public var table: Table {
    Table(
      "clusters", clusters,
      columns: [
        Column("cluster") { .text($0.merged.identifier) }, Column("motifs") { .integer($0.members.count) },
        Column("width") { .integer($0.merged.width) },
        Column("information_content") {
          .number($0.merged.frequencies.informationContent.reduce(0, +), decimals: 2)
        },
        Column("consensus") { .text($0.merged.frequencies.consensus()) },
        Column("members") {
          .text($0.members.map { clustering.motifs[$0.index].identifier }.joined(separator: ","))
        },
      ])
  }

  /// A row for each motif: its cluster, and how it lies on the merged motif (start from 0, may be negative).
  public var memberTable: Table {
    typealias Row = (member: MotifCluster.Member, motif: Motif, cluster: String)
    let rows: [Row] = clusters.flatMap { cluster in
      cluster.members.map { ($0, clustering.motifs[$0.index], cluster.merged.identifier) }
    }
    return Table(
      "members", rows,
      columns: [
        Column("motif") { .text($0.motif.identifier) }, Column("name") { Table.Cell($0.motif.name) },
        Column("cluster") { .text($0.cluster) }, Column("start") { .integer($0.member.start) },
        Column("strand") { .text($0.member.isReverse ? "-" : "+") },
        Column("consensus") { row in
          let frequencies = row.motif.frequencies
          return .text((row.member.isReverse ? frequencies.reverseComplement : frequencies).consensus())
        },
      ])
  }

  /// What was found, for a terminal.
  public var text: String {
    let alone = clusters.count { $0.members.count == 1 }
    return "\(clustering.motifs.count) motifs in \(clusters.count) clusters, \(alone) of them of one motif\n"
  }

  /// What `write` may leave in a folder.
  public static let entries = [
    "clusters.tsv", "members.tsv", "clusters.meme", "clusters.nwk", "clusters.png", "clusters.svg",
    "tree.png",
    "tree.svg",
  ]

  /// Writes `clusters.tsv`, `members.tsv`, `clusters.meme`, the tree as `clusters.nwk` and as a picture (`tree.png` and
  /// `.svg`: of the clusters where there are more than 400 motifs), and logos of the largest clusters, `clusters.png` and
  /// `.svg`, into a folder that is there.
  ///
  /// - Throws: `InputError` or `FigureError` naming the file that cannot be written.
  public func write(to folder: String, background: Background, provenance: Provenance) throws {
    for table in [table, memberTable] { try AtomicFile.write(table.tsv, to: "\(folder)/\(table.name).tsv") }
    let file = MotifFile(motifs: clusters.map(\.merged), background: background)
    try AtomicFile.write(file.text, to: "\(folder)/clusters.meme")
    try AtomicFile.write(clustering.newick + "\n", to: "\(folder)/clusters.nwk")
    let figures = FigureFiles(folder, provenance)
    try figures.write(logos, "clusters", alt: "Logos of the largest clusters")
    if let tree { try figures.write(tree, "tree", alt: "Tree of motifs by likeness") }
  }

  private var tree: CorrelationMap? {
    let isSmall = clustering.motifs.count <= Self.drawnMotifs
    if !isSmall, clusters.count > Self.drawnMotifs { return nil }
    let drawn = isSmall ? clustering : MotifClustering(clusters.map(\.merged))
    return CorrelationMap(
      drawn.distances.map { $0.map { 1 - $0 } }, names: drawn.motifs.map(\.displayName),
      linkage: drawn.tree.steps,
      cut: isSmall ? maximumDistance : nil,
      title: isSmall ? "Motifs by likeness" : "Clusters of motifs by likeness",
      valueLabel: "normalized correlation")
  }

  private var logos: LogoGrid {
    let largest = clusters.indices.sorted {
      (clusters[$1].members.count, $0) < (clusters[$0].members.count, $1)
    }
    return LogoGrid(
      largest.prefix(Self.drawnClusters).map { index in
        let cluster = clusters[index]
        return LogoGrid.Item(
          cluster.merged.identifier, frequencies: cluster.merged.frequencies.rows,
          note: cluster.members.count == 1
            ? clustering.motifs[cluster.members[0].index].displayName : "\(cluster.members.count) motifs")
      }, title: "Motifs of the largest clusters")
  }
}

extension MotifClusterReport: Encodable {
  private enum Keys: String, CodingKey { case motifs, clusters, maximumDistance }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Keys.self)
    try container.encode(clustering.motifs.count, forKey: .motifs)
    try container.encode(maximumDistance, forKey: .maximumDistance)
    try container.encode(table, forKey: .clusters)
  }
}
