import Evaluation
import Motifs
import Runtime
import Statistics
import Study

extension Study {
  private struct PositionContext: Sendable {
    let motif, nothing, everything, count: String
    let windows: Int
    let figure: PageFigure?
    let table: PageTable
    let finding: String
  }

  /// What is possible at best on planted data.
  func positionSection(_ pictures: StudyPictures) -> PageSection {
    let ceilings = ceilings!
    return PageSection(
      .position, title: "What is possible at best", shortTitle: "Ceilings",
      template: """
        <p>Many random sequences hold something that looks like {{motif}}, and many sites are weak, so nobody can be
        right every time. Since the model that made the data is known, the best possible answer is known too: it weighs
        the evidence of all places where the site may be. Somebody who does not know the place has {{windows}} of them
        to look at and is right on {{nothing}}; somebody who knows it is right on {{everything}}. These numbers were
        measured on {{count}} sequences drawn from the model.</p>
        <p>Pooling layers tell a network something about the place. Each of them halves the positions, so a filter
        after them can only find a site that starts at a certain position modulo 2, 4 or 8, and all sites of these
        data do. Hence each deeper network has fewer places to look at, and a higher ceiling, without knowing the motif
        any better.</p>
        {{#figure}}
        {{> figure}}
        {{/figure}}
        {{#table}}
        {{> table}}
        {{/table}}
        <div class="note"><p>{{finding}}</p></div>
        """,
      context: PositionContext(
        motif: data.planted!.motif.displayName, nothing: Words.share(ceilings.nothing.accuracy.value),
        everything: Words.share(ceilings.everything.accuracy.value),
        count: Words.count(2 * Ceiling.defaultSequencesPerClass), windows: ceilings.nothing.windows,
        figure: pictures(
          .position,
          """
          <b>The same networks on the test sequences, and on sequences whose site may stand anywhere.</b> What a network \
          loses is what it knew of the position rather than of the motif.
          """),
        table: PageTable(
          networkTable,
          shown: [.network, .accuracy.shown(as: "Accuracy") { _ in nil }, .scattered, .ceiling, .windows]),
        finding: positionFinding(ceilings)))
  }

  /// What the position check says, in words.
  private func positionFinding(_ ceilings: Ceilings) -> String {
    let drops = networks.map { network in
      (network, network.accuracy.value - (network.scatteredAccuracy ?? network.accuracy).value)
    }
    let (worst, drop) = drops.max { $0.1 < $1.1 }!
    let nothing = ceilings.nothing.accuracy.value
    guard drop > 0.01 else {
      return "No network loses more than 0.01 of its accuracy when the site may stand anywhere."
    }
    guard worst.accuracy.value > nothing else {
      return """
        No network does better than is possible without knowing the position, \(Words.share(nothing)). Still a part of what \
        \(worst.name) knows is the position: it falls from \(Words.share(worst.accuracy.value)) to \
        \(Words.share((worst.scatteredAccuracy ?? worst.accuracy).value)) when the site may stand anywhere.
        """
    }
    return """
      Deeper is not better here, it is better placed: \(worst.name) reaches \(Words.share(worst.accuracy.value)) while the \
      site stands in the middle and falls to \(Words.share((worst.scatteredAccuracy ?? worst.accuracy).value)) when it may stand \
      anywhere. Without knowledge of the position nobody can do better than \(Words.share(nothing)) on these data.
      """
  }
}
