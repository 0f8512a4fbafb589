import Interpretation
import Motifs
import Runtime
import Study

extension Study {
  func filtersSection(_ pictures: PagePictures) -> PageSection {
    let name = filters.network.name
    let dead = filters.motifs.indices.filter(details.isDead)
    let rule = filters.rule
    let hasDatabase = filters.database != nil
    let target = filters.target.displayName.htmlEscaped
    let matchColumns =
      hasDatabase
      ? [
        ("best_match", "Best match"), ("p", "<i>p</i>"), ("E", "<i>E</i>"),
        ("p_\(filters.target.tableName)", "<i>p</i> (\(target))"),
      ] : [("p", "<i>p</i> (\(target))"), ("offset", "Offset"), ("orientation", "Strand")]
    let table = PageTable(
      table: filterTable,
      columns: [
        ("filter", "Filter"), ("consensus", "Logo"), ("information_content", "Bits"), ("sites", "Sites"),
        ("fraction_active", "Active at"),
      ] + matchColumns + [("duplicate_of", "Duplicate of"), ("dead", "Dead")],
      html: { row, column in
        let filter = filters.motifs[row]
        switch column {
        case "consensus":
          guard filter.hasMotif else { return "" }
          let consensus = filter.frequencies.consensus()
          return "<span class=\"mini\" title=\"\(consensus)\">"
            + MiniLogo.svg(filter.frequencies, label: "Logo of \(filter.name), consensus \(consensus)")
            + "</span>"
        case "best_match": return filters.best(row)?.target.displayName.htmlEscaped
        case "fraction_active": return Words.percent(filter.fractionActive)
        default: return nil
        }
      }, faded: Set(dead), isSortable: true, isTall: true)
    return PageSection(
      id: "filters", title: "The filters of \(name) as motifs", shortTitle: "Filters",
      template: """
        <p>A filter of the first convolution answers to every window of {{width}} bases, strongly to those that fit it.
        Collecting the windows that it answers to {{rule}} on the test sequences and counting their bases gives a
        motif, which is drawn here as a logo. {{finding}}</p>
        {{#logos}}
        {{> figure}}
        {{/logos}}
        <h3>All filters</h3>
        <p>A click on a heading sorts. “Active at” is the share of all positions at which the filter answers at all;
        {{{match}}}</p>
        {{#table}}
        {{> table}}
        {{/table}}
        <h3>The weights themselves</h3>
        {{#weights}}
        {{> figure}}
        {{/weights}}
        """,
      context: [
        "width": filters.motifs.first?.frequencies.width ?? 0,
        "rule": rule == .halfMax ? "with more than half of its greatest answer" : "best (rule \(rule.name))",
        "finding": dead.isEmpty
          ? "All \(filters.motifs.count) filters of \(name) answer to something."
          : "\(Words.capitalized(Words.spelled(dead.count))) of the \(filters.motifs.count) filters of \(name) \(dead.count == 1 ? "is" : "are") dead: no sequence makes \(dead.count == 1 ? "it" : "them") answer.",
        "logos": pictures(
          "filters",
          """
          <b>Every filter of \(name.htmlEscaped) as a motif</b>, all on the same scale of 0 to 2 bits. The name of a known \
          motif stands beside those that match it.
          """) as Any,
        "match": hasDatabase
          ? "the best match is among the motifs of the database."
          : "<i>p</i> is that of the match with \(target) (section 5).",
        "table": table.context,
        "weights": pictures(
          "filter-weights",
          """
          <b>The weights of every filter.</b> Red is a base that the filter wants at a position, blue one that it \
          rejects. Motifs show what a filter finds; weights also show what keeps it silent.
          """) as Any,
      ])
  }
}
