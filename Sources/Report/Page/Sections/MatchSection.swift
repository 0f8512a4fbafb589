import Interpretation
import Motifs

extension Study {
  func matchSection(_ pictures: PagePictures) -> PageSection {
    let target = filters.target.displayName
    let matching = filters.matching(filters.significance)
    let best = filters.ranking.first
    func figure(_ filter: Int, _ match: MotifMatch, _ target: Motif, _ name: String) -> [String: Any]? {
      pictures(
        name,
        """
        <b>\(filters.motifs[filter].name)</b> over \(target.displayName.htmlEscaped)\
        \(match.orientation == .reverse ? ", read on the other strand" : ""): \(match.overlap) positions, \
        <i>p</i> = \(Words.probability(match.pValue)), <i>E</i> = \(Words.probability(match.eValue))
        """)
    }
    var context: [String: Any] = [
      "target": target, "identifier": filters.target.identifier, "null": filters.null,
      "isSynthetic": options.database == nil,
      "count": filters.motifs.count, "matching": Words.spelled(matching.count),
      "network": filters.network.name,
      "threshold": Words.probability(filters.significance), "isPlanted": data.planted != nil,
      "figures": shownMatches.compactMap {
        figure($0, filters.matches[$0]!, filters.target, "match-\(filters.motifs[$0].name)")
      },
      "table": PageTable(
        table: matchTable,
        columns: [
          ("network", "Network"), ("filters", "Filters"), ("matching", "That match"),
          ("best_filter", "Best filter"),
          ("consensus", "Consensus"), ("p", "<i>p</i>"), ("offset", "Offset"), ("overlap", "Overlap"),
          ("orientation", "Strand"),
        ]
      ).context,
    ]
    if let best, let match = filters.matches[best] {
      context["best"] = [
        "name": filters.motifs[best].name, "p": Words.probability(match.pValue),
        "consensus": filters.motifs[best].frequencies.consensus(),
        "isMatch": match.pValue <= filters.significance,
      ]
    }
    if let database = options.database {
      let names = details.database?.compactMap { $0 } ?? []
      let same = names.filter { $0.target.identifier == filters.target.identifier }.count
      context["database"] = [
        "path": database.path, "count": Words.count(database.motifs.count), "same": Words.spelled(same),
        "hasTarget": database.motifs.contains { $0.identifier == filters.target.identifier },
        "figures": shownDatabaseMatches.compactMap { filter in
          let (match, target) = details.database![filter]!
          return figure(filter, match, target, "database-\(filters.motifs[filter].name)")
        },
      ]
    }
    return PageSection(
      id: "match", title: data.planted == nil ? "Which factors are they?" : "Is it \(target)?",
      shortTitle: "Match",
      template: """
        <p>Each filter’s motif was laid over {{target}} ({{identifier}}) in every possible way, on both strands, and
        the best placement was judged by how alike the columns are. The <i>p</i>-value says how often a motif that has
        nothing to do with {{target}} would fit as well.
        {{#best}}
        {{#isMatch}}The best is {{name}} ({{consensus}}) with <i>p</i> = {{p}}; in all, {{matching}} of the {{count}} filters
        of {{network}} match with <i>p</i> ≤ {{threshold}}, which chance alone would do once in twenty studies.{{/isMatch}}
        {{^isMatch}}None of the filters of {{network}} matches; the best is {{name}} with <i>p</i> = {{p}}.{{/isMatch}}
        {{/best}}</p>
        <div class="pair">
        {{#figures}}
        {{> figure}}
        {{/figures}}
        </div>
        {{#database}}
        <h3>Against a whole database</h3>
        <p>The same filters against all {{count}} motifs of {{path}}.
        {{#hasTarget}}For {{same}} of them the best match of all is {{identifier}} itself.{{/hasTarget}}</p>
        <div class="pair">
        {{#figures}}
        {{> figure}}
        {{/figures}}
        </div>
        {{/database}}
        <h3>The filters of all networks</h3>
        {{#table}}
        {{> table}}
        {{/table}}
        <p>Where these <i>p</i>-values come from: Tomtom’s method (Gupta et al. 2007) with Euclidean distances of columns.
        {{#isSynthetic}}A single target tells nothing about chance, so the null distribution is that of {{null}}, drawn
        from a Dirichlet mixture that resembles the motifs of databases.{{/isSynthetic}}
        {{^isSynthetic}}The null distribution is that of the columns of {{null}}.{{/isSynthetic}}
        <i>E</i> is <i>p</i> times the number of motifs compared with.</p>
        """,
      context: context)
  }
}
