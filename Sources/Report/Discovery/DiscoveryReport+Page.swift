import Discovery
import Figures
import Motifs
import Runtime

extension DiscoveryReport {
  /// Pictures as they were drawn, by name.
  typealias Drawn = [String: PageFigure.Picture]

  func page(_ drawn: Drawn, provenance: Provenance) -> Page {
    Page(
      title: patterns.isEmpty ? "No motif in the attributions" : "What the attributions repeat",
      lead: """
        Stretches of \(Words.count(tracks.count)) sequences whose attributions stand out were compared with each other and \
        grouped into patterns: motifs as the network reads them.\(nothingFound.map { " \($0)" } ?? "")
        """,
      facts: [
        .init(Words.count(patterns.count), patterns.count == 1 ? "pattern" : "patterns"),
        .init(
          Words.count(seqlets.positive + seqlets.negative),
          "seqlets, \(Words.count(seqlets.positive)) of them raise the output"),
        .init(Words.count(hits.count), "sites of the patterns in the attributions"),
      ],
      sections: patterns.isEmpty
        ? [methodSection(provenance)]
        : [
          patternSection, logoSection(drawn), placeSection(drawn), exampleSection(drawn),
          methodSection(provenance),
        ], seed: provenance.seed ?? 0, kind: "discovery")
  }

  private struct PatternContext: Sendable {
    struct Family: Sendable { let names: String }
    let table: PageTable
    let families: [Family]
  }

  private var patternSection: PageSection {
    let pattern = Column<Int>("pattern", heading: "Pattern") { .text(patterns[$0].name) }
    let consensus = Column<Int>("consensus", heading: "Bases") {
      .text(patterns[$0].motif(flank: 0).frequencies.consensus())
    }
    let seqlets = Column<Int>("seqlets", heading: "Seqlets") { .integer(patterns[$0].pattern.seqlets.count) }
    let hits = Column<Int>("hits", heading: "Hits") { .integer(statistics.positions[$0].count) }
    let match = Column<Int>("match", heading: "Most alike") { .text(self.match($0)?.identifier ?? "") }
    let p = Column<Int>("p_value", heading: "<i>p</i>") { Table.Cell(scientific: self.match($0)?.pValue) }
    let q = Column<Int>("q_value", heading: "<i>q</i>") { Table.Cell(scientific: self.match($0)?.qValue) }
    let named = matches.isEmpty ? [] : [match, p, q]
    let table = TypedTable(
      "patterns", Array(patterns.indices), columns: [pattern, consensus, seqlets, hits] + named)
    let view = PageTable(
      table,
      shown: [
        pattern.shown { row in
          shown.contains(row) ? "<a href=\"#\(pictureName(row))\">\(patterns[row].name.htmlEscaped)</a>" : nil
        },
        consensus.shown { row in
          "<span class=\"mini\">"
            + MiniLogo.svg(
              patterns[row].motif(flank: 0).frequencies, label: "Logo of \(patterns[row].name)") + "</span>"
        }, seqlets, hits,
      ]
        + (matches.isEmpty
          ? []
          : [
            match.shown { row in
              self.match(row).map { ($0.name.map { "\($0) " } ?? "").htmlEscaped + $0.identifier.htmlEscaped }
            }, p, q,
          ]),
      isSortable: true, isTall: true)
    let merged = families.filter { $0.members.count > 1 }.map { family in
      PatternContext.Family(names: Words.list(family.members.map { patterns[$0].name }))
    }
    return PageSection(
      id: "patterns", title: "The patterns", shortTitle: "Patterns",
      template: """
        <p>Seqlets made the pattern; hits are its sites when all patterns compete for the attributions of each
        sequence.</p>
        {{#table}}
        {{> table}}
        {{/table}}
        {{#families}}
        <p>{{names}} are variants of one motif: their contributions correlate. <code>families.meme</code> has them
        together.</p>
        {{/families}}
        """,
      context: PatternContext(table: view, families: merged))
  }

  private func match(_ index: Int) -> PatternMatch? { matches.isEmpty ? nil : matches[index] }

  private struct LogoContext: Sendable {
    struct Item: Sendable {
      let id, title: String
      let figure: PageFigure?
    }
    let patterns: [Item]
  }

  private func logoSection(_ drawn: Drawn) -> PageSection {
    let all = shown.map { index -> LogoContext.Item in
      let pattern = patterns[index].pattern
      let parts = pattern.subpatterns.map { String($0.seqlets.count) }
      let caption =
        "Mean contributions of \(Words.count(pattern.seqlets.count)) seqlets above the frequencies of their bases."
        + (parts.count > 1 ? " Its \(parts.count) subpatterns have \(Words.list(parts)) seqlets." : "")
      return LogoContext.Item(
        id: pictureName(index), title: title(index),
        figure: drawn[pictureName(index)].map { PageFigure($0, caption: caption) })
    }
    return PageSection(
      id: "logos", title: "Contributions above sequence", shortTitle: "Logos",
      template: """
        {{#patterns}}
        <h3 id="{{id}}">{{title}}</h3>
        {{#figure}}
        {{> figure}}
        {{/figure}}
        {{/patterns}}
        """,
      context: LogoContext(patterns: all))
  }

  private struct FigureContext: Sendable {
    let figures: [PageFigure]
    static let template = """
      {{#figures}}
      {{> figure}}
      {{/figures}}
      """
  }

  private func placeSection(_ drawn: Drawn) -> PageSection {
    let captions = [
      ("positions", "Hits along the sequences, for the patterns with most seqlets."),
      (
        "co-occurrence",
        "Sequences with hits of both patterns, against what independent patterns would share. 0 is chance."
      ),
      (
        "spacing",
        "From the middle of a hit to that of the other pattern's, as the first one is read, for the pairs in most sequences."
      ),
    ]
    return PageSection(
      id: "places", title: "Where the sites lie", shortTitle: "Places", template: FigureContext.template,
      context: FigureContext(
        figures: captions.compactMap { name, caption in drawn[name].map { PageFigure($0, caption: caption) } }
      ))
  }

  private func exampleSection(_ drawn: Drawn) -> PageSection {
    let figures = exampleSequences.enumerated().compactMap { number, sequence in
      drawn["example-\(number + 1)"].map {
        PageFigure(
          $0,
          caption:
            "\(names[sequence].htmlEscaped): attributions of the bases that are there; the band is its strongest hit."
        )
      }
    }
    return PageSection(
      id: "examples", title: "Sequences with most patterns", shortTitle: "Examples",
      template: FigureContext.template, context: FigureContext(figures: figures))
  }

  private struct MethodContext: Sendable { let command: String }

  private func methodSection(_ provenance: Provenance) -> PageSection {
    PageSection(
      id: "method", title: "How it was done", shortTitle: "Method",
      template: """
        <p>Seqlets, their similarities and the patterns follow TF-MoDISco (Shrikumar et al. 2018, arXiv:1811.00416) with the
        constants of modisco-lite 3.0; communities are found by the Leiden algorithm (Traag, Waltman &amp; van Eck 2019).
        Seqlets that the clustering left out join the pattern that they resemble as much as its own do. Hits come from a
        sparse non-negative fit of the patterns to the attributions.</p>
        <p><code>{{command}}</code></p>
        """,
      context: MethodContext(command: provenance.command))
  }
}
