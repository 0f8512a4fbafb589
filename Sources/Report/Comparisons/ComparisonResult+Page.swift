import Motifs
import Runtime

extension ComparisonResult {
  /// A self-contained HTML page: the best match of every query, and the logos of queries above those of their
  /// matches, aligned.
  ///
  /// - Parameters:
  ///   - comparison: What the result was computed with.
  ///   - command: A command that computes it again.
  ///   - seed: Of the null distribution, where it is synthetic.
  ///   - shownMatches: Matches of each query that are drawn; the tables count all of them.
  ///   - shownQueries: Queries whose matches are drawn, those with the best match first.
  public func page(
    _ comparison: Comparison, command: String, seed: UInt64, shownMatches: Int = 6, shownQueries: Int = 100
  ) throws -> String {
    let found = Dictionary(grouping: matches, by: \.query)
    let matched = found.keys.sorted { ($0.best(found), $0) < ($1.best(found), $1) }
    let shown = Array(matched.prefix(shownQueries))
    let page = Page(
      title:
        "What \(queries.count == 1 ? queries[0].displayName : "\(Words.count(queries.count)) motifs") resemble\(queries.count == 1 ? "s" : "")",
      lead: """
        Each query motif was laid against \(targets.count == 1 ? targets[0].displayName : "\(Words.count(targets.count)) known motifs") \
        at every offset\(comparison.bothStrands ? " and on both strands" : ""). The p-value is the chance that a \
        random target fits as well.
        """,
      facts: facts(comparison, matched: matched.count),
      sections: [
        summarySection(found, order: matched, shown: shown, comparison),
        logoSection(found, matched: matched.count, shown: shown, limit: shownMatches),
        methodSection(comparison, command: command),
      ], seed: seed, kind: "comparison")
    return try page.html()
  }

  private func facts(_ comparison: Comparison, matched: Int) -> [(number: String, text: String)] {
    var facts = [
      (
        "\(Words.count(matched)) of \(Words.count(queries.count))",
        "queries have a match with \(comparison.threshold.words)"
      ),
      (Words.count(matches.count), "matches in all"),
    ]
    if let best = matches.min(by: { $0.pValue < $1.pValue }) {
      facts.append(
        (
          Words.probability(best.pValue),
          "is the smallest p-value: \(query(best).displayName) and \(target(best).displayName)"
        ))
    }
    return facts
  }

  private func summarySection(
    _ found: [Int: [MotifMatch]], order: [Int], shown: [Int], _ comparison: Comparison
  ) -> PageSection {
    var table = Table(
      "best_matches",
      columns: ["query", "consensus", "matches", "target", "target_name", "p", "E", "q", "strand"])
    let unmatched = queries.indices.filter { found[$0] == nil }
    let rows = order + unmatched
    for index in rows {
      let best = found[index]?.first
      table.append([
        .text(queries[index].identifier), .text(queries[index].frequencies.consensus()),
        .integer(found[index]?.count ?? 0), .text(best.map { target($0).identifier } ?? ""),
        .text(best.flatMap { target($0).name } ?? ""), best.map { .scientific($0.pValue) } ?? .missing,
        best.map { .scientific($0.eValue) } ?? .missing, best.map { .scientific($0.qValue) } ?? .missing,
        .text(best?.orientation.rawValue ?? ""),
      ])
    }
    let linked = Set(shown)
    let view = PageTable(
      table: table,
      columns: [
        ("query", "Query"), ("consensus", "Logo"), ("target", "Best match"), ("p", "<i>p</i>"),
        ("E", "<i>E</i>"), ("q", "<i>q</i>"), ("matches", "Matches"),
      ],
      html: { row, column in
        let motif = queries[rows[row]]
        switch column {
        case "query" where linked.contains(rows[row]):
          return "<a href=\"#query-\(rows[row] + 1)\">\(motif.identifier.htmlEscaped)</a>"
        case "target": return found[rows[row]]?.first.map { target($0).fullName.htmlEscaped }
        case "consensus":
          return "<span class=\"mini\">"
            + MiniLogo.svg(motif.frequencies, label: "Logo of \(motif.identifier)") + "</span>"
        default: return nil
        }
      }, faded: Set(rows.indices.dropFirst(order.count)), isSortable: true, isTall: true)
    return PageSection(
      id: "best", title: "The best match of each query", shortTitle: "Best matches",
      template: """
        <p>Queries with the best match first; a click on a heading sorts. A match counts with {{limit}};
        <i>E</i> is <i>p</i> times the number of targets, <i>q</i> the false discovery rate among the targets of one
        query.</p>
        {{#table}}
        {{> table}}
        {{/table}}
        """,
      context: ["limit": comparison.threshold.words, "table": view.context])
  }

  private func logoSection(
    _ found: [Int: [MotifMatch]], matched: Int, shown: [Int], limit: Int
  ) -> PageSection {
    let all = shown.map { index -> [String: Any] in
      let hits = found[index]!
      return [
        "id": index + 1, "name": queries[index].displayName, "count": Words.count(hits.count),
        "rest": hits.count > limit, "limit": limit, "one": hits.count == 1,
        "hits": hits.prefix(limit).map(self.context),
      ]
    }
    let left = matched - shown.count
    var context: [String: Any] = ["limit": limit, "none": shown.isEmpty, "queries": all]
    if left > 0 { context["left"] = Words.count(left) }
    return PageSection(
      id: "logos", title: "Queries above their matches", shortTitle: "Aligned logos",
      template: """
        <p>Each picture has the query above the target, column above column, on a scale of 0 to 2 bits; shaded columns
        are those that both have. A target that matches on its other strand is drawn reverse complemented. Of each
        query the best {{limit}} matches are drawn.{{#left}} {{left}} more queries with weaker matches are in the table
        above, without logos.{{/left}}{{#none}} No query has a match.{{/none}}</p>
        {{#queries}}
        <h3 id="query-{{id}}">{{name}}</h3>
        <p class="under">{{#rest}}The best {{limit}} of {{count}} matches{{/rest}}\
        {{^rest}}{{count}} {{#one}}match{{/one}}{{^one}}matches{{/one}}{{/rest}} ·
        <a href="#best">all queries</a></p>
        <div class="pair">
        {{#hits}}
        <figure>
        <div class="picture">{{{svg}}}</div>
        <figcaption><b>{{target}}</b> {{place}}<br>\
        <i>p</i>&nbsp;{{p}} · <i>E</i>&nbsp;{{e}} · <i>q</i>&nbsp;{{q}}</figcaption>
        </figure>
        {{/hits}}
        </div>
        {{/queries}}
        """,
      context: context)
  }

  private func context(_ match: MotifMatch) -> [String: Any] {
    let known = target(match)
    let isReverse = match.orientation == .reverse
    return [
      "target": known.fullName, "p": Words.probability(match.pValue), "e": Words.probability(match.eValue),
      "q": Words.probability(match.qValue),
      "place": "\(match.overlap) columns\(isReverse ? ", other strand" : ""), offset \(match.offset)",
      "svg": MiniLogo.aligned(
        query(match).frequencies,
        over: isReverse ? known.frequencies.reverseComplement : known.frequencies, offset: match.offset,
        label: "\(query(match).identifier) above \(known.identifier)"),
    ]
  }

  private func methodSection(_ comparison: Comparison, command: String) -> PageSection {
    var context: [String: Any] = [
      "command": command, "summary": summary, "distance": comparison.distance.rawValue,
      "program": comparison.mode == .meme ? "Tomtom of MEME Suite 5.5.8" : "the Tomtom of memelite 0.5",
      "discovery": comparison.mode == .meme
        ? "Storey 2002, over the stranded targets of each query"
        : "Benjamini & Hochberg 1995, over the targets of each query",
    ]
    if !skippedQueries.isEmpty {
      context["skipped"] = Words.list(skippedQueries.map { queries[$0].identifier }) + " (too wide)"
    }
    return PageSection(
      id: "method", title: "How this was computed", shortTitle: "Method",
      template: """
        <pre>{{command}}</pre>
        <dl class="pairs">
        <dt>Compared</dt><dd>{{summary}}</dd>
        <dt>Columns</dt><dd>{{distance}}, as {{program}} has it</dd>
        <dt>q-values</dt><dd>{{discovery}}</dd>
        {{#skipped}}<dt>Skipped</dt><dd>{{skipped}}</dd>{{/skipped}}
        <dt>Source</dt><dd>Tomtom: Gupta, Stamatoyannopoulos, Bailey &amp; Noble 2007, Genome Biology 8, R24</dd>
        </dl>
        """,
      context: context)
  }
}

extension Motif {
  /// Identifier, and name where there is one.
  fileprivate var fullName: String {
    name.map { $0 == identifier ? identifier : "\(identifier) (\($0))" } ?? identifier
  }
}

extension Int {
  /// The smallest p-value of this query.
  fileprivate func best(_ found: [Int: [MotifMatch]]) -> Double { found[self]?.first?.pValue ?? 1 }
}

extension Comparison.Threshold {
  fileprivate var words: String {
    switch self {
    case .pValue(let limit): "p at most \(Words.probability(limit))"
    case .eValue(let limit): "E at most \(Words.probability(limit))"
    case .qValue(let limit): "q at most \(Words.probability(limit))"
    }
  }
}
