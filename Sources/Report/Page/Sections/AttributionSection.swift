import Interpretation
import Runtime
import Sequences
import Study

extension Study {
  func attributionSection(_ pictures: PagePictures) -> PageSection {
    let name = filters.network.name
    let shown = shownSequences
    let missed = shown.last.map { attribution.logits[$0] <= 0 } ?? false
    var context: [String: Any] = [
      "name": name, "count": attribution.sequences.count, "isPlanted": data.planted != nil,
      "logos": pictures(
        "attribution-logos",
        """
        <b>What each base contributes</b> (input × gradient): letters above the line speak for a site, letters below \
        against it. From the top: a confident answer, a typical one, and the weakest of \
        \(attribution.sequences.count)\(missed ? ", which the network misses" : "").
        """) as Any,
      "profile": pictures(
        "attribution-profile",
        "<b>On average.</b> How the magnitude of each method is spread over the positions of \(attribution.sequences.count) test positives."
      )
        as Any,
      "maps": [
        pictures(
          "saliency",
          "<b>Saliency</b>: how much the answer would change with each base. One row is one test sequence."),
        pictures(
          "grad-cam",
          """
          <b>Grad-CAM</b>: where the last convolution speaks for a site, drawn over the bases in the middle of what each \
          of its units sees.
          """),
      ].compactMap { $0 },
    ]
    if data.planted != nil {
      let best = attribution.entry(.saliency, network: name).agreement
      context["agreement"] = [
        "finding": best.map {
          """
          On average \(Words.percent($0.share)) of the saliency of \(name) lies on the planted site, which is \
          \(Words.percent($0.expectedShare)) of the sequence.
          """
        } ?? "",
        "table": PageTable(
          table: agreementTable,
          columns: [("network", "Network"), ("expected_share", "By chance")]
            + AttributionResult.Method.allCases.flatMap { method in
              let title = Words.capitalized(method.title)
              return [("\(method.rawValue)_share", title), ("\(method.rawValue)_auroc", "AUROC")]
            }
        ).context,
      ]
    }
    return PageSection(
      id: "attribution", title: "Which bases decide?", shortTitle: "Attribution",
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
      context: context)
  }
}
