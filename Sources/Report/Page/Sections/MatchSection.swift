import Interpretation
import Motifs
import Runtime
import Study

extension Study {
  func matchSection(_ pictures: PagePictures) -> PageSection {
    let target = filters.target.displayName
    let isPlanted = data.planted != nil
    let table = PageTable(
      table: matchTable,
      columns: [("network", "Network"), ("filters", "Filters")]
        + (isPlanted ? [("matching_\(filters.target.tableName)", "That match \(target.htmlEscaped)")] : [])
        + [
          ("best_filter", "Best filter"), ("consensus", "Consensus"), ("best_match", "Best match"),
          ("p", "<i>p</i>"), ("offset", "Offset"), ("orientation", "Strand"),
        ],
      html: { row, column in
        guard column == "best_match", let best = filterResults[row].bestRanking.first else { return nil }
        return filterResults[row].best(best)!.target.displayName.htmlEscaped
      })
    var blocks = [targetBlock(pictures)]
    if let database = options.database {
      blocks.insert(databaseBlock(database.path.fileName, database.motifs, pictures), at: isPlanted ? 1 : 0)
    }
    return PageSection(
      id: "match", title: isPlanted ? "Is it \(target)?" : "Which factors are they?", shortTitle: "Match",
      template: """
        <p>Each filter’s motif was laid over a known motif in every possible way, on both strands, and the best placement
        was judged by how alike the columns are. The <i>p</i>-value says how often a motif that has nothing to do with
        the known one would fit as well.</p>
        {{#blocks}}
        {{#heading}}<h3>{{heading}}</h3>{{/heading}}
        <p>{{text}}</p>
        <div class="pair">
        {{#figures}}
        {{> figure}}
        {{/figures}}
        </div>
        {{/blocks}}
        <h3>The filters of all networks</h3>
        {{#table}}
        {{> table}}
        {{/table}}
        <p>Where these <i>p</i>-values come from: Tomtom’s method (Gupta et al. 2007) with Euclidean distances of columns.
        {{null}} <i>E</i> is <i>p</i> times the number of motifs compared with. A filter whose motif has fewer than
        {{bits}} bits is not said to match: it would fit the flat parts of any motif.</p>
        """,
      context: [
        "blocks": blocks, "table": table.context, "bits": "\(Int(FilterResult.leastInformation))",
        "null": options.database == nil
          ? """
          A single target tells nothing about chance, so the null distribution is that of \(filters.null), drawn from a \
          Dirichlet mixture that resembles the motifs of databases.
          """
          : "The null distribution is that of the columns of \(filters.null).",
      ])
  }

  /// The study's motif.
  private func targetBlock(_ pictures: PagePictures) -> [String: Any] {
    let target = filters.target
    let name = filters.network.name
    let matching = filters.matching.count
    var text = "None of the filters of \(name) has a motif to compare."
    if let best = filters.ranking.first, let match = filters.matches[best] {
      let filter = filters.motifs[best]
      text =
        matching > 0
        ? """
        The best is \(filter.name) (\(filter.frequencies.consensus())) with p = \(Words.probability(match.pValue)); in all, \
        \(Words.spelled(matching)) of the \(filters.motifs.count) filters of \(name) match with p ≤ \
        \(Words.probability(filters.significance)), which chance alone would do in one of twenty studies.
        """
        : """
        None of the \(filters.motifs.count) filters of \(name) matches; the best is \(filter.name) with p = \
        \(Words.probability(match.pValue)).
        """
    }
    return [
      "heading": data.planted == nil || options.database != nil
        ? "Against \(target.displayName) (\(target.identifier))" : "",
      "text": text,
      "figures": shownMatches.compactMap { filter in
        figure(filter, filters.matches[filter]!, target, "match", pictures)
      },
    ]
  }

  /// The motifs of the user's file.
  private func databaseBlock(_ path: String, _ motifs: [Motif], _ pictures: PagePictures) -> [String: Any] {
    let target = filters.target
    let significant = filters.bestRanking.filter { filters.isSignificant(filters.best($0)!.match, of: $0) }
    var text = """
      Against all \(Words.count(motifs.count)) motifs of \(path), \(Words.spelled(significant.count)) of the \
      \(filters.motifs.count) filters of \(filters.network.name) have a match with E ≤ \
      \(Words.probability(filters.significance)).
      """
    if motifs.contains(where: { $0.identifier == target.identifier }) {
      let same = significant.filter { filters.best($0)!.target.identifier == target.identifier }.count
      text += " For \(Words.spelled(same)) of them the best match of all is \(target.identifier) itself."
    }
    return [
      "heading": "Against a whole database", "text": text,
      "figures": shownDatabaseMatches.compactMap { filter in
        let best = filters.best(filter)!
        return figure(filter, best.match, best.target, "database", pictures)
      },
    ]
  }

  private func figure(
    _ filter: Int, _ match: MotifMatch, _ target: Motif, _ kind: String, _ pictures: PagePictures
  ) -> [String: Any]? {
    pictures(
      "\(kind)-\(filters.motifs[filter].name)",
      """
      <b>\(filters.motifs[filter].name)</b> over \(target.displayName.htmlEscaped)\
      \(match.orientation == .reverse ? ", read on the other strand" : ""): \(match.overlap) positions, \
      <i>p</i> = \(Words.probability(match.pValue)), <i>E</i> = \(Words.probability(match.eValue))
      """)
  }
}
