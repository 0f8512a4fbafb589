import Motifs
import Runtime
import Statistics
import Study

extension Study {
  private struct DataContext: Sendable {
    let origin: String
    let figures: [PageFigure]
    let table: PageTable
    /// What the classes are made of; none for planted data.
    let composition: String?
    let bases: PageTable?
    /// What the scattered set is for; none without one.
    let scattered: String?
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
        {{#composition}}<h3>What they are made of</h3>
        <p>{{composition}}</p>{{/composition}}
        {{#bases}}
        {{> table}}
        {{/bases}}
        {{#scattered}}<p>{{{scattered}}}</p>{{/scattered}}
        """,
      context: DataContext(
        origin: data.origin, figures: [motif, positives].compactMap { $0 },
        table: PageTable(dataTable, shown: dataTable.columns),
        composition: compositionFinding,
        bases: compositionTable.map { PageTable($0, shown: $0.columns) },
        scattered: data.scattered == nil
          ? nil
          : """
          The set <i>scattered</i> is simulated like the test set, but with each site up to 40 bases away from the \
          middle. It shows what a network knows beside the position.
          """))
  }

  /// How much composition alone tells; `nil` for planted data.
  package var compositionFinding: String? {
    guard let composition else { return nil }
    let shares = composition.groups.map {
      "\(Words.percent($0.gc)) (standard deviation \(Words.percent($0.deviation))) of the \($0.name)"
    }
    var text = "G and C are \(Words.list(shares)) to train on."
    if let gc = composition.gc, let pairs = composition.dinucleotides {
      text += """
         Composition alone tells the classes of the test sequences apart with an AUROC of \(Words.share(gc.value)) \
        (95 % interval \(Words.interval(gc))) by the share of G and C, and of \(Words.share(pairs.value)) \
        (\(Words.interval(pairs))) by the frequencies of the 16 dinucleotides, both by logistic regression on the training sequences; what a network \
        has beyond that it learned from the order of the bases.
        """
    }
    return text
  }
}
