import Motifs
import Runtime
import Sequences
import Statistics

extension EnrichmentReport {
  /// Rows that the page shows; the file has all.
  private static let shownMotifs = 300

  /// A self-contained HTML page: motifs with logos, the surest first, and pairs at preferred distances.
  ///
  /// - Parameters:
  ///   - command: A command that computes it again.
  ///   - seed: For the choice among equally good windows.
  package func page(command: String, seed: UInt64) throws -> String {
    var sections = [motifSection]
    if !spacings.isEmpty { sections.append(spacingSection) }
    sections.append(methodSection(command: command))
    let enriched = count(eValue: 0.05)
    let page = Page(
      title:
        "Motifs that tell \(Words.count(positives.count)) sequences from \(Words.count(negatives)) others",
      lead: """
        Each of \(Words.count(motifs.count)) motifs was scored at every window of every sequence\
        \(bothStrands ? ", on both strands" : ""); a sequence counts by its best hit.
        """,
      facts: facts(enriched: enriched), sections: sections, seed: seed, kind: "enrichment")
    return try page.html()
  }

  private func facts(enriched: Int) -> [Page.Fact] {
    var facts = [
      Page.Fact(
        "\(Words.count(enriched)) of \(Words.count(motifs.count))", "motifs are enriched (E at most 0.05)")
    ]
    if enriched > 0, let first = order.first, let test = results[first].threshold {
      facts.append(
        Page.Fact(
          Words.probability(log10: log10EValue(test.log10PValue)),
          "is the smallest E-value: \(motifs[first].displayName)"))
      facts.append(
        Page.Fact(
          Words.share(results[first].rank.auroc),
          "is its AUROC; \(Words.percent(Double(test.positives) / Double(positives.count))) of the positives and"
            + " \(Words.percent(Double(test.negatives) / Double(negatives))) of the negatives match"))
    }
    return facts
  }

  private struct MotifContext: Sendable {
    let table: PageTable
    let left: String?
  }

  private var motifSection: PageSection {
    let all = motifTable
    let hasCentral = results.contains { $0.central != nil }
    let view = PageTable(
      all,
      shown: [
        .motif, .name,
        .consensus.shown {
          "<span class=\"mini\">"
            + MiniLogo.svg($0.motif.frequencies, label: "Logo of \($0.motif.identifier)")
            + "</span>"
        }, eValue, positiveShare, negativeShare, .auroc,
      ] + (hasCentral ? [centralEValue] : []), rows: Array(all.rows.prefix(Self.shownMotifs)),
      isSortable: true, isTall: true, isFaded: { !$0.isEnriched })
    let left = all.rows.count - Self.shownMotifs
    return PageSection(
      id: "motifs", title: "Motifs, the surest first", shortTitle: "Motifs",
      template: """
        <p>A sequence matches where its best hit reaches the motif's best threshold. <i>E</i> is the <i>p</i> of Fisher's
        exact test, adjusted for the thresholds tried, times the number of motifs; AUROC needs no threshold. Rows that are
        set back have an <i>E</i> above 0.05. A click on a heading sorts.{{#left}} {{left}} more motifs are in
        <code>enrichment.tsv</code>.{{/left}}</p>
        {{#table}}
        {{> table}}
        {{/table}}
        """, context: MotifContext(table: view, left: left > 0 ? Words.count(left) : nil))
  }

  private struct SpacingContext: Sendable {
    let table: PageTable
    let count: Int
  }

  private var spacingSection: PageSection {
    let view = PageTable(
      pairTable, shown: [.primary, .secondary, .side, .strand, .gap, .count, .expected, .e], isSortable: true,
      isTall: true)
    return PageSection(
      id: "spacing", title: "Pairs at preferred distances", shortTitle: "Spacing",
      template: """
        <p>Of each pair of the {{count}} surest motifs, the side, strand and gap that occur more often than chance has it.
        The best hit of the first motif in each positive is masked, and the best hit of the second sought in the rest.
        <i>E</i> is adjusted for placements and pairs.</p>
        {{#table}}
        {{> table}}
        {{/table}}
        """, context: SpacingContext(table: view, count: paired.count))
  }

  private func methodSection(command: String) -> PageSection {
    PageSection(
      id: "method", title: "How this was computed", shortTitle: "Method",
      template: """
        <pre>{{command}}</pre>
        <dl class="pairs">
        <dt>Best threshold</dt><dd>Fisher's exact test, one-sided, at every score that occurs; 1 − (1 − <i>p</i>)<sup>T</sup> for T
        scores (the question of AME, McLeay &amp; Bailey 2010, BMC Bioinformatics 11, 165, and SEA, Bailey &amp; Grant 2021)</dd>
        <dt>AUROC</dt><dd>Best hits of positives against those of negatives; Mann &amp; Whitney 1947, one-sided</dd>
        <dt>Central enrichment</dt><dd>Where all positives have one length: CentriMo's binomial test (Bailey &amp; Machanick 2012,
        Nucleic Acids Research 40, e128)</dd>
        <dt>q-values</dt><dd>Benjamini &amp; Hochberg 1995, over all motifs</dd>
        </dl>
        """, context: ["command": command])
  }
}
