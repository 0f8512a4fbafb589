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
  public var table: Table { clusterTable.table }

  /// A row for each motif: its cluster, and how it lies on the merged motif (start from 0, may be negative).
  public var memberTable: Table { motifTable.table }

  var clusterTable: TypedTable<MotifCluster> {
    TypedTable(
      "clusters", clusters,
      columns: [
        .cluster, .motifs, Column("width") { .integer($0.merged.width) }, .bits, .consensus,
        .members(of: clustering),
      ])
  }

  /// A motif in its cluster.
  struct Row {
    let member: MotifCluster.Member
    let motif: Motif
    let cluster: MotifCluster
  }

  var motifTable: TypedTable<Row> {
    let rows = clusters.flatMap { cluster in
      cluster.members.map { Row(member: $0, motif: clustering.motifs[$0.index], cluster: cluster) }
    }
    return TypedTable(
      "members", rows, columns: [.motif, .name, .cluster, .start, .strand, .consensus])
  }

  /// What was found, for a terminal.
  public var text: String {
    let alone = clusters.count { $0.members.count == 1 }
    return "\(clustering.motifs.count) motifs in \(clusters.count) clusters, \(alone) of them of one motif\n"
  }

  /// What `write` may leave in a folder.
  public static let entries = [
    "clusters.tsv", "members.tsv", "clusters.meme", "clusters.nwk", "clusters.png", "clusters.svg",
    "tree.png", "tree.svg", "index.html",
  ]

  /// Writes `clusters.tsv`, `members.tsv`, `clusters.meme`, the tree as `clusters.nwk` and as a picture (`tree.png` and
  /// `.svg`: of the clusters where there are more than 400 motifs), logos of the largest clusters, `clusters.png` and `.svg`,
  /// and `index.html`, into a folder that is there.
  ///
  /// - Parameter seed: That of the command that made it.
  /// - Throws: `InputError` or `FigureError` naming the file that cannot be written.
  public func write(to folder: String, background: Background, provenance: Provenance, seed: UInt64) throws {
    for table in [table, memberTable] { try AtomicFile.write(table.tsv, to: "\(folder)/\(table.name).tsv") }
    let file = MotifFile(motifs: clusters.map(\.merged), background: background)
    try AtomicFile.write(file.text, to: "\(folder)/clusters.meme")
    try AtomicFile.write(clustering.newick + "\n", to: "\(folder)/clusters.nwk")
    let figures = FigureFiles(folder, provenance)
    try figures.write(logos, "clusters", alt: "Logos of the largest clusters")
    if let tree { try figures.write(tree, "tree", alt: "Tree of motifs by likeness") }
    try AtomicFile.write(page(command: provenance.command, seed: seed), to: "\(folder)/index.html")
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

extension Column<MotifCluster> {
  static var cluster: Self { Column("cluster", heading: "Cluster") { .text($0.merged.identifier) } }
  static var motifs: Self { Column("motifs", heading: "Motifs") { .integer($0.members.count) } }
  static var bits: Self {
    Column("information_content", heading: "Bits") {
      .number($0.merged.frequencies.informationContent.reduce(0, +), decimals: 2)
    }
  }
  static var consensus: Self { Column("consensus") { .text($0.merged.frequencies.consensus()) } }

  static func members(of clustering: MotifClustering) -> Self {
    Column("members", heading: "Members") {
      .text($0.members.map { clustering.motifs[$0.index].identifier }.joined(separator: ","))
    }
  }
}

extension Column<MotifClusterReport.Row> {
  static var motif: Self { Column("motif", heading: "Motif") { .text($0.motif.identifier) } }
  static var name: Self { Column("name", heading: "Name") { Table.Cell($0.motif.name) } }
  static var cluster: Self { Column("cluster", heading: "Cluster") { .text($0.cluster.merged.identifier) } }
  static var start: Self { Column("start", heading: "Start") { .integer($0.member.start) } }
  static var strand: Self { Column("strand", heading: "Strand") { .text($0.member.isReverse ? "-" : "+") } }
  static var consensus: Self {
    Column("consensus") { row in
      let frequencies = row.motif.frequencies
      return .text((row.member.isReverse ? frequencies.reverseComplement : frequencies).consensus())
    }
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
