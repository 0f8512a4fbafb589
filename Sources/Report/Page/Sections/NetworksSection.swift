import Evaluation
import NeuralNetworks
import Runtime
import Sequences
import Statistics
import Study

extension Study {
  private struct NetworksContext: Sendable {
    let training, testCount, finding: String
    let accuracy: PageFigure?
    let table: PageTable
    let curves: PageFigure?
    let diagrams: [PageFigure]
    let isOne: Bool
  }

  func networksSection(_ pictures: StudyPictures) -> PageSection {
    let isPlanted = ceilings != nil
    let table = PageTable(
      networkTable,
      shown: [.network, .accuracy] + (isPlanted ? [.ceiling] : data.isImbalanced ? [.balanced] : [])
        + [.auroc, .auprc] + (options.training.earlyStopping == nil ? [] : [.epochs])
        + [.parameters, .convolutions])
    return PageSection(
      .networks, title: "The networks", shortTitle: "Networks",
      template: """
        <p>Each network reads a sequence base by base. Its first convolution slides filters along the sequence, each of
        which answers to a short pattern; the following layers combine the answers, and the last unit says how likely
        the sequence is a positive one. {{training}} All were then tested on {{testCount}} sequences that they had never seen.</p>
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
      context: NetworksContext(
        training: trainingSentence, testCount: Words.count(data.test.count), finding: networksFinding,
        accuracy: pictures(
          .accuracy,
          "<b>Accuracy on the test sequences.</b> Each dot has its 95&nbsp;% confidence interval."
            + (link(to: .position).map {
              " The bar above it is the best that any method could reach with the same knowledge (\($0))."
            } ?? "")),
        table: table,
        curves: pictures(
          .learningCurves,
          """
          <b>Learning curves.</b> Loss and accuracy after each pass; dashed lines are the training sequences, solid \
          lines \(data.validation == nil ? "the test sequences" : "the held-out part"). Where both stay together, a \
          network has not learned its sequences by heart.
          """),
        diagrams: networks.compactMap {
          pictures(
            .network($0.name),
            "<b>\($0.name.htmlEscaped)</b>, \(Words.count($0.network.architecture.parameterCount)) parameters"
          )
        }, isOne: networks.count == 1))
  }

  private var trainingSentence: String {
    let most = options.training.epochs
    guard let stopping = options.training.earlyStopping else {
      return "All were trained for \(Words.count(most)) passes over the training sequences."
    }
    let part =
      data.validation.map { "the \(Words.count($0.count)) sequences held out for this" }
      ?? "the test sequences"
    return """
      Training went on until the loss of \(part) had not fallen for \(Words.spelled(stopping.patience)) passes over the \
      training sequences, for \(Words.count(most)) at most, and the weights of the best pass were kept.
      """
  }

  private var networksFinding: String {
    let first = networks[0]
    if data.planted == nil {
      let network = filters.network
      let auroc = network.metrics.auroc.map {
        "its AUROC is \(Words.share($0.value)) (\(Words.interval($0)))"
      }
      let read =
        networks.count == 1 || options.interpreted != nil
        ? "The network read in the following, \(network.name),"
        : "The network with the lowest validation loss, \(network.name),"
      return
        "\(read) is right on \(Words.share(network.accuracy.value)) of the test sequences; \(auroc ?? "")."
        + ((learnedNothing ?? othersAtChance).map { " \($0)" } ?? "")
    }
    return networks.count == 1
      ? "\(first.name) is right on \(Words.share(first.accuracy.value)) of the test sequences."
      : """
      The best network, \(bestNetwork.name), is right on \(Words.share(bestNetwork.accuracy.value)) of the test \
      sequences; the first, \(first.name), on \(Words.share(first.accuracy.value)).
      """
  }
}
