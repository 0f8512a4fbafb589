import Evaluation
import NeuralNetworks
import Runtime
import Sequences
import Statistics
import Study

extension Study {
  func networksSection(_ pictures: PagePictures) -> PageSection {
    let best = bestNetwork
    let first = networks[0]
    let table = PageTable(
      table: networkTable,
      columns: [
        ("network", "Network"), ("accuracy", "Accuracy (95&nbsp;% interval)"),
      ] + (ceilings == nil ? [] : [("ceiling", "Best possible")]) + [
        ("auroc", "AUROC"), ("auprc", "AUPRC"), ("parameters", "Parameters"),
        ("convolutions", "Convolutions"),
      ],
      html: { row, column in
        column == "accuracy"
          ? "\(Words.share(networks[row].accuracy.value)) <small>(\(Words.interval(networks[row].accuracy)))</small>"
          : nil
      })
    let diagrams = networks.compactMap {
      pictures(
        "network-\($0.name)",
        "<b>\($0.name.htmlEscaped)</b>, \(Words.count($0.network.architecture.parameterCount)) parameters")
    }
    return PageSection(
      id: "networks", title: "The networks", shortTitle: "Networks",
      template: """
        <p>Each network reads a sequence base by base. Its first convolution slides filters along the sequence, each of
        which answers to a short pattern; the following layers combine the answers, and the last unit says how likely a
        site is. All were trained for {{epochs}} passes over the training sequences and then tested on
        {{testCount}} sequences that they had never seen.</p>
        <p>{{finding}}</p>
        {{#accuracy}}
        {{> figure}}
        {{/accuracy}}
        {{#table}}
        {{> table}}
        {{/table}}
        {{#curves}}
        {{> figure}}
        {{/curves}}
        <details{{#isOne}} open{{/isOne}}>
        <summary>The layers of each network</summary>
        {{#diagrams}}
        {{> figure}}
        {{/diagrams}}
        </details>
        """,
      context: [
        "epochs": "\(options.training.epochs)", "testCount": Words.count(data.test.count),
        "finding": networks.count == 1
          ? "\(first.name) is right on \(Words.share(first.accuracy.value)) of the test sequences."
          : """
          The best network, \(best.name), is right on \(Words.share(best.accuracy.value)) of the test sequences; \
          the first, \(first.name), on \(Words.share(first.accuracy.value)).
          """,
        "accuracy": pictures(
          "accuracy",
          "<b>Accuracy on the test sequences.</b> Each dot has its 95&nbsp;% confidence interval."
            + (ceilings == nil
              ? ""
              : " The bar above it is the best that any method could reach with the same knowledge (section 3).")
        ) as Any,
        "table": table.context,
        "curves": pictures(
          "learning-curves",
          """
          <b>Learning curves.</b> Loss and accuracy after each pass; dashed lines are the training sequences, solid \
          lines the test sequences. Where both stay together, a network has not learned its sequences by heart.
          """) as Any,
        "diagrams": diagrams, "isOne": networks.count == 1,
      ])
  }

  /// The network with the highest test accuracy.
  var bestNetwork: NetworkResult {
    networks.max { $0.accuracy.value < $1.accuracy.value }!
  }
}
