import Evaluation
import Interpretation
import Runtime
import Sequences
import Study

extension Study {
  private struct AttributionContext: Sendable {
    let logos, profile: PageFigure?
    let maps: [PageFigure]
    let agreement: Agreement?

    struct Agreement: Sendable {
      let finding: String
      let table: PageTable
    }
  }

  func attributionSection(_ pictures: StudyPictures) -> PageSection {
    let count = attribution.sequences.count
    return PageSection(
      .attribution, title: "Which bases decide?", shortTitle: "Attribution",
      template: """
        <p>For one sequence, a network’s answer can be traced back to the bases. Saliency asks how much the answer would
        change if a base did; input × gradient asks what the base that is there contributes; Grad-CAM asks where the last
        convolution sees what speaks for a site. All explain the logit, the answer before it becomes a probability.
        {{#agreement}}Since the sites were planted, it is known which bases should decide. {{finding}}{{/agreement}}</p>
        {{#logos}}
        {{> figure}}
        {{/logos}}
        {{#profile}}
        {{> figure}}
        {{/profile}}
        <div class="pair">
        {{#maps}}
        {{> figure}}
        {{/maps}}
        </div>
        {{#agreement}}
        <h3>Against the planted truth</h3>
        {{#table}}
        {{> table}}
        {{/table}}
        <p>Under each method, the share of its magnitude that lies on the site, and the AUROC: the chance that a base inside
        the site has a greater magnitude than one outside, 0.5 without any knowledge.</p>
        {{/agreement}}
        """,
      context: AttributionContext(
        logos: pictures(
          .attributionLogos,
          """
          <b>What each base contributes</b> (input × gradient): letters above the line speak for a site, letters below \
          against it. From the top: \(shownAnswers(of: count)).
          """),
        profile: pictures(
          .attributionProfile,
          "<b>On average.</b> How the magnitude of each method is spread over the positions of \(count) test positives."
        ),
        maps: [
          pictures(
            .map(.saliency),
            "<b>Saliency</b>: how much the answer would change with each base. One row is one test sequence."),
          pictures(
            .map(.gradCAM),
            """
            <b>Grad-CAM</b>: where the last convolution speaks for a site, drawn over the bases in the middle of what each \
            of its units sees. Before the first and after the last of these bases the value of the nearest unit stands.
            """),
        ].compactMap { $0 }, agreement: agreementContext))
  }

  /// The sequences shown, from a high logit to the lowest.
  private func shownAnswers(of count: Int) -> String {
    switch shownSequences.count(where: { attribution.logits[$0] <= 0 }) {
    case 0: "a confident answer, a typical one, and the weakest of \(count)"
    case 1: "a confident answer, a typical one, and the weakest of \(count), which the network misses"
    case 2: "a confident answer, a typical one, and the weakest of \(count); the network misses the last two"
    default: "a high answer, a typical one, and the weakest of \(count); the network misses them all"
    }
  }

  private var agreementContext: AttributionContext.Agreement? {
    guard data.planted != nil else { return nil }
    let name = filters.network.name
    return AttributionContext.Agreement(
      finding: attribution.entry(.saliency, network: name).agreement.map {
        """
        On average \(Words.percent($0.share)) of the saliency of \(name) lies on the planted site, which is \
        \(Words.percent($0.expectedShare)) of the sequence.
        """
      } ?? "",
      table: PageTable(
        agreementTable,
        shown: [.network, .expected] + AttributionResult.Method.allCases.flatMap { [.share($0), .auroc($0)] })
    )
  }
}
