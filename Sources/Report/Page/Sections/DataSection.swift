import Motifs
import Study

extension Study {
  func dataSection(_ pictures: PagePictures) -> PageSection {
    var figures = [[String: Any]?]()
    if let planted = data.planted {
      figures.append(
        pictures(
          "planted-motif",
          """
          <b>\(planted.motif.displayName.htmlEscaped)</b>, the planted motif. The higher a letter, the more the site \
          insists on it: 2 bits is a base that never changes.
          """))
    }
    figures.append(
      pictures(
        "positives",
        data.planted == nil
          ? "<b>All training positives, one above the other.</b> Flat where any base is as good as another."
          : """
          <b>All training positives, one above the other.</b> Away from the site the four bases are equally frequent. \
          The site stands at the same place in every sequence, which a network can learn too.
          """))
    let table = PageTable(
      table: dataTable,
      columns: [
        ("set", "Set"), ("sequences", "Sequences"), ("positives", "Positives"), ("negatives", "Negatives"),
        ("length", "Bases"),
      ])
    return PageSection(
      id: "data", title: "The data", shortTitle: "Data",
      template: """
        <p>{{origin}}</p>
        {{#figures}}
        {{> figure}}
        {{/figures}}
        {{#table}}
        {{> table}}
        {{/table}}
        <p>The set <i>scattered</i> {{scattered}} It shows what a network knows beside the position.</p>
        """,
      context: [
        "origin": data.origin, "figures": figures.compactMap { $0 }, "table": table.context,
        "scattered": data.planted == nil
          ? "holds the test sequences, each turned round a random place, so that a site may stand anywhere."
          : "is simulated like the test set, but with each site up to 40 bases away from the middle.",
      ])
  }
}
