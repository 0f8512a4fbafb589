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
    let rule = NamingRule(queries: queries.count)
    let alike = found.compactMapValues { $0.first { rule.allows($0, of: query($0), with: target($0)) } }
    let matched = found.keys.sorted {
      (alike[$0] == nil ? 1 : 0, $0.best(found), $0) < (alike[$1] == nil ? 1 : 0, $1.best(found), $1)
    }
    let shown = Array(matched.prefix(shownQueries))
    let page = Page(
      title:
        "What \(queries.count == 1 ? queries[0].displayName : "\(Words.count(queries.count)) motifs") resemble\(queries.count == 1 ? "s" : "")",
      lead: """
        Each query motif was laid against \(targets.count == 1 ? targets[0].displayName : "\(Words.count(targets.count)) known motifs") \
        at every offset\(comparison.bothStrands ? " and on both strands" : ""). The p-value is the chance that a \
        random target fits as well.
        """,
      facts: facts(comparison, alike: alike, rule),
      sections: [
        summarySection(found, alike: alike, order: matched, shown: shown, comparison),
        logoSection(found, matched: matched.count, shown: shown, limit: shownMatches),
        methodSection(comparison, command: command),
      ], seed: seed, kind: "comparison")
    return try page.html()
  }

  /// - Parameter alike: of each query the best match that `NamingRule` allows; without it flat queries, whose columns are close
  ///   to the flat ends of any motif, would lead.
  private func facts(_ comparison: Comparison, alike: [Int: MotifMatch], _ rule: NamingRule) -> [Page.Fact] {
    let bits = Int(NamingRule.leastInformation)
    var facts = [
      Page.Fact(
        "\(Words.count(alike.count)) of \(Words.count(queries.count))",
        """
        \(queries.count == 1 ? "query is" : "queries are") like a known motif: E at most \
        \(Words.probability(rule.greatestEValue)), \(bits) bits or more where they lie on each other
        """),
      Page.Fact(
        Words.count(matches.count),
        "\(matches.count == 1 ? "match" : "matches") in all, with \(comparison.threshold.words)"),
    ]
    if let best = alike.values.min(by: { ($0.pValue, $0.query) < ($1.pValue, $1.query) }) {
      facts.append(
        Page.Fact(
          Words.probability(best.pValue),
          "is the smallest p-value of these: \(query(best).displayName) and \(target(best).displayName)"))
    }
    return facts
  }

  /// A query with its matches, the best first.
  private struct Query {
    let index: Int
    let motif: Motif
    let matches: [MotifMatch]
    /// The best that counts, otherwise the best.
    let best: MotifMatch?
  }

  private struct SummaryContext: Sendable {
    let limit: String
    let table: PageTable
  }

  private func summarySection(
    _ found: [Int: [MotifMatch]], alike: [Int: MotifMatch], order: [Int], shown: [Int],
    _ comparison: Comparison
  ) -> PageSection {
    let rows = (order + queries.indices.filter { found[$0] == nil }).map {
      Query(
        index: $0, motif: queries[$0], matches: found[$0] ?? [], best: alike[$0] ?? found[$0]?.first)
    }
    typealias Cell = Table.Cell
    let query = Column<Query>("query", heading: "Query") { .text($0.motif.identifier) }
    let consensus = Column<Query>("consensus", heading: "Logo") { .text($0.motif.frequencies.consensus()) }
    let count = Column<Query>("matches", heading: "Matches") { .integer($0.matches.count) }
    let target = Column<Query>("target", heading: "Best match") {
      .text($0.best.map { self.target($0).identifier } ?? "")
    }
    let p = Column<Query>("p", heading: "<i>p</i>") { Cell(scientific: $0.best?.pValue) }
    let e = Column<Query>("E", heading: "<i>E</i>") { Cell(scientific: $0.best?.eValue) }
    let q = Column<Query>("q", heading: "<i>q</i>") { Cell(scientific: $0.best?.qValue) }
    let table = TypedTable(
      "best_matches", rows,
      columns: [
        query, consensus, count, target,
        Column("target_name") { .text($0.best.flatMap { self.target($0).name } ?? "") }, p, e, q,
        Column("strand") { .text($0.best?.orientation.rawValue ?? "") },
      ])
    let linked = Set(shown)
    let view = PageTable(
      table,
      shown: [
        query.shown { row in
          linked.contains(row.index)
            ? "<a href=\"#query-\(row.index + 1)\">\(row.motif.identifier.htmlEscaped)</a>" : nil
        },
        consensus.shown { row in
          "<span class=\"mini\">"
            + MiniLogo.svg(row.motif.frequencies, label: "Logo of \(row.motif.identifier)") + "</span>"
        }, target.shown { row in row.best.map { self.target($0).fullName.htmlEscaped } }, p, e, q,
        count,
      ], isSortable: true, isTall: true, isFaded: { alike[$0.index] == nil })
    return PageSection(
      id: "best", title: "The best match of each query", shortTitle: "Best matches",
      template: """
        <p>Queries that are like a known motif first; in rows that are set back the best match is one that chance or flat
        columns explain. A click on a heading sorts. Matches are those with {{limit}}; <i>E</i> is <i>p</i> times the
        number of targets, <i>q</i> the false discovery rate among the targets of one query.</p>
        {{#table}}
        {{> table}}
        {{/table}}
        """,
      context: SummaryContext(limit: comparison.threshold.words, table: view))
  }

  private func logoSection(
    _ found: [Int: [MotifMatch]], matched: Int, shown: [Int], limit: Int
  ) -> PageSection {
    let all = shown.map { index -> QueryContext in
      let hits = found[index]!
      return QueryContext(
        id: index + 1, name: queries[index].displayName, count: Words.count(hits.count),
        rest: hits.count > limit, one: hits.count == 1, hits: hits.prefix(limit).map(self.context))
    }
    let left = matched - shown.count
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
      context: LogoContext(
        limit: limit, none: shown.isEmpty, left: left > 0 ? Words.count(left) : nil, queries: all))
  }

  private struct LogoContext: Sendable {
    let limit: Int
    let none: Bool
    let left: String?
    let queries: [QueryContext]
  }

  private struct QueryContext: Sendable {
    let id: Int
    let name, count: String
    let rest, one: Bool
    let hits: [HitContext]
  }

  private struct HitContext: Sendable {
    let target, p, e, q, place, svg: String
  }

  private func context(_ match: MotifMatch) -> HitContext {
    let known = target(match)
    let isReverse = match.orientation == .reverse
    return HitContext(
      target: known.fullName, p: Words.probability(match.pValue), e: Words.probability(match.eValue),
      q: Words.probability(match.qValue),
      place: "\(match.overlap) columns\(isReverse ? ", other strand" : ""), offset \(match.offset)",
      svg: MiniLogo.aligned(
        query(match).frequencies,
        over: isReverse ? known.frequencies.reverseComplement : known.frequencies, offset: match.offset,
        label: "\(query(match).identifier) above \(known.identifier)"))
  }

  private struct MethodContext: Sendable {
    let command, summary, distance, program, discovery: String
    let skipped: String?
  }

  private func methodSection(_ comparison: Comparison, command: String) -> PageSection {
    let skipped = skippedQueries.map { queries[$0].identifier }
    let context = MethodContext(
      command: command, summary: summary, distance: comparison.distance.rawValue,
      program: comparison.mode == .meme ? "Tomtom of MEME Suite 5.5.8" : "the Tomtom of memelite 0.5",
      discovery: comparison.mode == .meme
        ? "Storey 2002, over the stranded targets of each query"
        : "Benjamini & Hochberg 1995, over the targets of each query",
      skipped: skipped.isEmpty ? nil : Words.list(skipped) + " (too wide)")
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
