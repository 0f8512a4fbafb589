import Motifs
import Runtime
import Study

extension Study {
  private struct DataContext: Sendable {
    let origin: String
    let figures: [PageFigure]
    let table: PageTable
    /// What the scattered set is for; empty without one.
    let scattered: String
  }

  func dataSection(_ pictures: StudyPictures) -> PageSection {
    let motif = data.planted.flatMap { planted in
      pictures(
        .plantedMotif,
        """
        <b>\(planted.motif.displayName.htmlEscaped)</b>, the planted motif. The higher a letter, the more the site \
        insists on it: 2 bits is a base that never changes.
        """)
    }
    let positives = pictures(
      .positives,
      data.planted == nil
        ? "<b>All training positives, one above the other.</b> Flat where any base is as good as another."
        : """
        <b>All training positives, one above the other.</b> Away from the site the four bases are equally frequent. \
        The site stands at the same place in every sequence, which a network can learn too.
        """)
    return PageSection(
      .data, title: "The data", shortTitle: "Data",
      template: """
        <p>{{origin}}</p>
        {{#figures}}
        {{> figure}}
        {{/figures}}
        {{#table}}
        {{> table}}
        {{/table}}
        {{#scattered}}<p>{{{scattered}}}</p>{{/scattered}}
        """,
      context: DataContext(
        origin: data.origin, figures: [motif, positives].compactMap { $0 },
        table: PageTable(dataTable, shown: dataTable.columns),
        scattered: data.scattered == nil
          ? ""
          : """
          The set <i>scattered</i> is simulated like the test set, but with each site up to 40 bases away from the \
          middle. It shows what a network knows beside the position.
          """))
  }
}
