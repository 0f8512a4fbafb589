import Motifs
import Runtime
import Sequences

extension MotifClusterReport {
  /// A self-contained HTML page: the clusters with the logos of their merged motifs, the largest first, and every motif above
  /// the one that it went into.
  ///
  /// - Parameters:
  ///   - command: A command that computes it again.
  ///   - seed: That of the command.
  package func page(command: String, seed: UInt64) throws -> String {
    let page = Page(
      title: "\(Words.count(clustering.motifs.count)) motifs by how alike they are",
      lead: """
        Each two motifs were laid on each other in every possible way, on both strands; what is alike became one motif.
        """,
      facts: facts, sections: [clusterSection, memberSection, methodSection(command)], seed: seed,
      kind: "clusters")
    return try page.html()
  }

  private var facts: [Page.Fact] {
    let largest = clusters.max { $0.members.count < $1.members.count }
    let alone = clusters.count { $0.members.count == 1 }
    return [
      Page.Fact(
        Words.count(clusters.count),
        clusters.count == 1 ? "cluster" : "clusters, \(Words.count(alone)) of them of one motif"),
      Page.Fact(
        Words.count(largest?.members.count ?? 0),
        "motifs in the largest, " + (largest?.merged.identifier ?? "none")),
    ]
  }

  private var clusterSection: PageSection {
    let table = clusterTable
    return PageSection(
      id: "clusters", title: "Clusters, the largest first", shortTitle: "Clusters",
      template: """
        <p>The logo is that of the merged motif. A click on a heading sorts.</p>
        {{#table}}
        {{> table}}
        {{/table}}
        """,
      context: [
        "table": PageTable(
          table,
          shown: [
            .cluster,
            .consensus.shown(as: "Logo") {
              "<span class=\"mini\">"
                + MiniLogo.svg($0.merged.frequencies, label: "Logo of \($0.merged.identifier)") + "</span>"
            }, .motifs, .bits,
            .members(of: clustering).shown {
              Words.few($0.members.map { clustering.motifs[$0.index].displayName }, most: 12).htmlEscaped
            },
          ], rows: largestFirst(table.rows, \.members.count), isSortable: true, isTall: true)
      ])
  }

  private var memberSection: PageSection {
    let table = motifTable
    return PageSection(
      id: "motifs", title: "Motifs, cluster by cluster", shortTitle: "Motifs",
      template: """
        <p>Above the motif, read on the strand that fits; below the merged motif of its cluster. The shade is what both cover.</p>
        {{#table}}
        {{> table}}
        {{/table}}
        """,
      context: [
        "table": PageTable(
          table,
          shown: [
            .cluster, .motif, .name,
            .consensus.shown(as: "Aligned") {
              let own = $0.motif.frequencies
              return "<span class=\"mini two\">"
                + MiniLogo.aligned(
                  $0.member.isReverse ? own.reverseComplement : own, over: $0.cluster.merged.frequencies,
                  offset: $0.member.start,
                  label: "Logo of \($0.motif.identifier) over \($0.cluster.merged.identifier)") + "</span>"
            }, .start, .strand,
          ], rows: Array(largestFirst(table.rows, \.cluster.members.count).prefix(Self.shownMotifs)),
          isSortable: true, isTall: true)
      ])
  }

  private func methodSection(_ command: String) -> PageSection {
    PageSection(
      id: "method", title: "How this was computed", shortTitle: "Method",
      template: """
        <pre>{{command}}</pre>
        <dl class="pairs">
        <dt>Distance</dt><dd>1 − the correlation of all columns in the best alignment, times the share of the columns that both cover
        (RSAT matrix-clustering, Castro-Mondragon et al. 2017, Nucleic Acids Research 45, e119)</dd>
        <dt>Clusters</dt><dd>The tree of hierarchical clustering, cut at a distance of {{distance}}; <code>tree.png</code> draws it,
        <code>clusters.nwk</code> holds it</dd>
        <dt>Merged motif</dt><dd>The weighted mean of the members' frequencies where they lie on each other, without ends that members
        of less than half of the weight cover; <code>clusters.meme</code></dd>
        </dl>
        """, context: ["command": command, "distance": "\(maximumDistance)"])
  }

  /// Rows of larger clusters first, otherwise in the order of the tree.
  private func largestFirst<Row>(_ rows: [Row], _ size: (Row) -> Int) -> [Row] {
    rows.enumerated().sorted { (size($1.element), $0.offset) < (size($0.element), $1.offset) }.map(\.element)
  }

  /// Motifs that the page shows; the file has all.
  private static let shownMotifs = 1000
}
