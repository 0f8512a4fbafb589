import Evaluation
import Motifs
import Runtime
import Statistics
import Study

extension Study {
  func positionSection(_ pictures: PagePictures) -> PageSection {
    let table = PageTable(
      table: networkTable,
      columns: [
        ("network", "Network"), ("accuracy", "Accuracy"),
        ("scattered_accuracy", data.planted == nil ? "Turned round" : "Site anywhere"),
      ] + (ceilings == nil ? [] : [("ceiling", "Best possible"), ("windows", "Places it cannot tell apart")]))
    var context: [String: Any] = [
      "table": table.context,
      "figure": pictures(
        "position",
        data.planted == nil
          ? "<b>The test sequences as they are, and turned round.</b> What a network loses by the turn is what it knew of the position."
          : """
          <b>The same networks on the test sequences, and on sequences whose site may stand anywhere.</b> What a network \
          loses is what it knew of the position rather than of the motif.
          """) as Any,
      "finding": positionFinding,
    ]
    if let ceilings, let planted = data.planted {
      context["ceilings"] = [
        "motif": planted.motif.displayName, "nothing": Words.share(ceilings.nothing.accuracy.value),
        "everything": Words.share(ceilings.everything.accuracy.value), "windows": ceilings.nothing.windows,
        "count": Words.count(2 * Ceiling.defaultSequencesPerClass),
      ]
    }
    return PageSection(
      id: "position", title: ceilings == nil ? "Does the position matter?" : "What is possible at best",
      shortTitle: ceilings == nil ? "Position" : "Ceilings",
      template: """
        {{#ceilings}}
        <p>Many random sequences hold something that looks like {{motif}}, and many sites are weak, so nobody can be
        right every time. Since the model behind the data is known, the best possible answer is known too: it weighs
        the evidence of all places where the site may be. Somebody who does not know the place has {{windows}} of them
        to look at and is right on {{nothing}}; somebody who knows it is right on {{everything}}. These numbers were
        measured on {{count}} sequences drawn from the model.</p>
        <p>Pooling layers tell a network something about the place. Each of them halves the positions, so a filter
        behind them can only find a site that starts at a certain position modulo 2, 4 or 8, and all sites of these
        data do. Hence each deeper network has fewer places to look at, and a higher ceiling, without knowing the motif
        any better.</p>
        {{/ceilings}}
        {{^ceilings}}
        <p>A network may learn where a site stands instead of what it looks like. To see whether it did, each test
        sequence was turned round a random place: nothing in it changes but the position.</p>
        {{/ceilings}}
        {{#figure}}
        {{> figure}}
        {{/figure}}
        {{#table}}
        {{> table}}
        {{/table}}
        <div class="note"><p>{{finding}}</p></div>
        """,
      context: context)
  }

  /// What the position check says, in words.
  var positionFinding: String {
    let drops = networks.map { ($0, $0.accuracy.value - $0.scatteredAccuracy.value) }
    let (worst, drop) = drops.max { $0.1 < $1.1 }!
    guard let ceilings else {
      return drop > 0.02
        ? """
        \(worst.name) loses \(Words.share(drop)) of its accuracy when the sequences are turned round: a part of what it \
        knows is where sites stand.
        """
        : "No network loses more than \(Words.share(max(0, drop))): what they know is the motif, not its place."
    }
    let nothing = ceilings.nothing.accuracy.value
    guard worst.accuracy.value > nothing, drop > 0.01 else {
      return "No network does better than is possible without knowing the position, \(Words.share(nothing))."
    }
    return """
      Deeper is not better here, it is better placed: \(worst.name) reaches \(Words.share(worst.accuracy.value)) while the \
      site stands in the middle and falls to \(Words.share(worst.scatteredAccuracy.value)) when it may stand anywhere. \
      Without knowledge of the position nobody can do better than \(Words.share(nothing)) on these data.
      """
  }
}
