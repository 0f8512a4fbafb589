import Interpretation
import Motifs
import Runtime
import Statistics
import Study

extension Study {
  private struct FiltersContext: Sendable {
    let width: Int
    let rule, finding, match: String
    let logos: PageFigure?
    let table: PageTable
    let weights: PageFigure?
  }

  func filtersSection(_ pictures: StudyPictures) -> PageSection {
    let name = filters.network.name
    let rule = filters.reading.rule
    return PageSection(
      .filters, title: "The filters of \(name) as motifs", shortTitle: "Filters",
      template: """
        <p>A filter of the first convolution answers to every window of {{width}} bases, strongly to those that fit it.
        Collecting the windows that it answers to {{rule}} on the test sequences and counting their bases gives a
        motif, which is drawn here as a logo. {{finding}}</p>
        {{#logos}}
        {{> figure}}
        {{/logos}}
        <h3>All filters</h3>
        <p>A click on a heading sorts. “Active at” is the share of all positions at which the filter answers at
        all{{{match}}}</p>
        {{#table}}
        {{> table}}
        {{/table}}
        <h3>The weights themselves</h3>
        {{#weights}}
        {{> figure}}
        {{/weights}}
        """,
      context: FiltersContext(
        width: filters.motifs.first?.frequencies.width ?? 0,
        rule: rule == .halfMax ? "with more than half of its greatest answer" : "best (rule \(rule.name))",
        finding: filtersFinding, match: matchWords,
        logos: pictures(
          .filters,
          """
          <b>Every filter of \(name.htmlEscaped) as a motif</b>, all on the same scale of 0 to 2 bits.\
          \(filters.analysis.targets.isEmpty ? "" : " The name of a known motif stands beside those that match it.")
          """),
        table: PageTable(
          filterTable,
          shown: [.filter, .consensus.withLogo, .bits, .sites, .active.asPercent] + matchColumns
            + [.duplicate, .dead],
          isSortable: true, isTall: true, isFaded: { filters.analysis.isDead($0.filter) }),
        weights: pictures(
          .filterWeights,
          """
          <b>The weights of every filter.</b> Red is a base that the filter wants at a position, blue one that it \
          rejects. Motifs show what a filter finds; weights also show what keeps it silent.
          """)))
  }

  private var matchColumns: [Column<FilterRow>] {
    let known = filters.known.map { "<i>p</i> (\($0.motif.displayName.htmlEscaped))" }
    let auroc: [Column<FilterRow>] = data.planted == nil ? [.auroc] : []
    if options.database != nil {
      let best = Column<FilterRow>.best.shown { row in
        row.name?.displayName.htmlEscaped ?? ""
      }
      return [best, .p, .e] + (known.map { [.known($0)] } ?? []) + auroc
    }
    return (known.map { [Column<FilterRow>.p.shown(as: $0), .offset, .strand] } ?? []) + auroc
  }

  private var matchWords: String {
    if options.database != nil {
      return """
        ; the best match is among the motifs of the database, named where it counts: \(countingWords).
        """
    }
    guard let known = filters.known else { return "." }
    return "; <i>p</i> is that of the match with \(known.motif.displayName.htmlEscaped)"
      + (link(to: .match).map { " (\($0))." } ?? ".")
  }

  /// When a match counts, as `NamingRule` has it. HTML.
  var countingWords: String {
    let rule = filters.analysis.namingRule
    let unconfirmed =
      options.database == nil
      ? ""
      : ", or \(Words.probability(NamingRule.unconfirmed * rule.greatestEValue)) for a motif that neither class of sequences"
        + " has more often than the other"
    return """
      <i>E</i> is at most \(Words.probability(rule.greatestEValue))\(unconfirmed), and the columns that lie on each other hold \
      \(Int(NamingRule.leastInformation)) bits or more in both motifs, \(Int(NamingRule.leastBeyondComposition)) of them \
      beyond the filter’s share of G and C, and agree
      """
  }

  private var filtersFinding: String {
    let name = filters.network.name
    let count = filters.motifs.count
    let dead = filters.motifs.indices.count { filters.analysis.isDead($0) }
    return dead == 0
      ? "All \(count) filters of \(name) answer to something."
      : "\(Words.capitalized(Words.spelled(dead))) of the \(count) filters of \(name) \(dead == 1 ? "is" : "are") dead: no sequence makes \(dead == 1 ? "it" : "them") answer."
  }
}

extension Column<FilterRow> {
  /// The motif drawn.
  var withLogo: Column {
    shown { row in
      guard let motif = row.reading.trimmed[row.filter] else { return "" }
      let consensus = motif.frequencies.consensus()
      return "<span class=\"mini\" title=\"\(consensus)\">"
        + MiniLogo.svg(motif.frequencies, label: "Logo of \(row.motif.name), consensus \(consensus)")
        + "</span>"
    }
  }

  var asPercent: Column { shown { Words.percent($0.motif.fractionActive) } }

  /// The p-value of the match with the motif that the study is about.
  static func known(_ heading: String) -> Column {
    Column("known_p", heading: heading) { Table.Cell(scientific: $0.known?.pValue) }
  }
}
