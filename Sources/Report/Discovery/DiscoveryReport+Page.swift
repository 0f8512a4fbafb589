import Discovery
import Figures
import Motifs
import Runtime

extension DiscoveryReport {
  func page(_ picture: PagePictures, provenance: Provenance) throws -> String {
    let page = Page(
      title: patterns.isEmpty ? "No motif in the attributions" : "What the attributions repeat",
      lead: """
        Stretches of \(Words.count(tracks.count)) sequences whose attributions stand out were compared with each other and \
        grouped into patterns: motifs as the network reads them.
        """,
      facts: [
        (Words.count(patterns.count), patterns.count == 1 ? "pattern" : "patterns"),
        (
          Words.count(seqlets.positive + seqlets.negative),
          "seqlets, \(Words.count(seqlets.positive)) of them raise the output"
        ),
        (Words.count(hits.count), "sites of the patterns in the attributions"),
      ],
      sections: patterns.isEmpty
        ? [methodSection(provenance)]
        : [
          patternSection, logoSection(picture), placeSection(picture), exampleSection(picture),
          methodSection(provenance),
        ], seed: provenance.seed ?? 0, kind: "discovery")
    return try page.html()
  }

  private var patternSection: PageSection {
    let motifs = patterns.map { $0.motif(flank: 0) }
    let found: [(name: String, heading: String)] = [
      ("pattern", "Pattern"), ("consensus", "Bases"), ("seqlets", "Seqlets"), ("hits", "Hits"),
    ]
    let named: [(name: String, heading: String)] = [
      ("match", "Most alike"), ("p_value", "<i>p</i>"), ("q_value", "<i>q</i>"),
    ]
    let view = PageTable(
      table: table, columns: matches.isEmpty ? found : found + named,
      html: { row, column in
        switch column {
        case "pattern" where shown.contains(row):
          return "<a href=\"#\(pictureName(row))\">\(patterns[row].name.htmlEscaped)</a>"
        case "match":
          return matches[row].map { ($0.name.map { "\($0) " } ?? "").htmlEscaped + $0.identifier.htmlEscaped }
        case "consensus":
          return "<span class=\"mini\">"
            + MiniLogo.svg(motifs[row].frequencies, label: "Logo of \(patterns[row].name)") + "</span>"
        default: return nil
        }
      }, isSortable: true, isTall: true)
    let merged = families.filter { $0.members.count > 1 }.map { family in
      ["names": Words.list(family.members.map { patterns[$0].name })]
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
      context: ["table": view.context, "families": merged])
  }

  private func logoSection(_ picture: PagePictures) -> PageSection {
    let all = shown.map { index -> [String: Any] in
      let pattern = patterns[index].pattern
      let parts = pattern.subpatterns.map { String($0.seqlets.count) }
      let caption =
        "Mean contributions of \(Words.count(pattern.seqlets.count)) seqlets above the frequencies of their bases."
        + (parts.count > 1 ? " Its \(parts.count) subpatterns have \(Words.list(parts)) seqlets." : "")
      var context: [String: Any] = ["id": pictureName(index), "title": title(index)]
      context["figure"] = picture(pictureName(index), caption)
      return context
    }
    return PageSection(
      id: "logos", title: "Contributions above sequence", shortTitle: "Logos",
      template: """
        {{#patterns}}
        <h3 id="{{id}}">{{title}}</h3>
        {{#figure}}{{> figure}}{{/figure}}
        {{/patterns}}
        """,
      context: ["patterns": all])
  }

  private func placeSection(_ picture: PagePictures) -> PageSection {
    let figures = [
      picture("positions", "Hits along the sequences, for the patterns with most seqlets."),
      picture(
        "co-occurrence",
        "Sequences with hits of both patterns, against what independent patterns would share. 0 is chance."),
      picture(
        "spacing",
        "From the middle of a hit to that of the other pattern's, as the first one is read, for the pairs in most sequences."
      ),
    ].compactMap { $0 }
    return PageSection(
      id: "places", title: "Where the sites lie", shortTitle: "Places",
      template: "{{#figures}}{{> figure}}{{/figures}}", context: ["figures": figures])
  }

  private func exampleSection(_ picture: PagePictures) -> PageSection {
    let figures = exampleSequences.enumerated().compactMap { number, sequence in
      picture(
        "example-\(number + 1)",
        "\(names[sequence].htmlEscaped): attributions of the bases that are there; the band is its strongest hit."
      )
    }
    return PageSection(
      id: "examples", title: "Sequences with most patterns", shortTitle: "Examples",
      template: "{{#figures}}{{> figure}}{{/figures}}", context: ["figures": figures])
  }

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
      context: ["command": provenance.command])
  }
}
