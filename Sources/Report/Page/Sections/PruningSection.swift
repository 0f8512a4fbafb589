import Evaluation
import Interpretation
import NeuralNetworks
import Runtime
import Sequences
import Statistics
import Study

extension Study {
  func pruningSection(_ pictures: PagePictures) -> PageSection {
    let name = filters.network.name
    let redundancy = details.redundancy
    let duplicates = (0..<redundancy.filters).filter { redundancy.duplicate($0) != nil }
    let kinds = redundancy.filters - duplicates.count
    let removable = redundancy.statuses.count { $0.isRemovable }
    let half = pruning.half
    let fewest = pruning.fewest(costing: 0.005)
    let table = PageTable(
      table: pruningTable,
      columns: [
        ("filters", "Filters"), ("network", "Network"), ("parameters", "Parameters"),
        ("operations", "Operations"), ("accuracy_before_tuning", "Only pruned"),
        ("accuracy", "Trained on (95&nbsp;% interval)"),
      ],
      html: { row, column in
        guard column == "accuracy" else { return nil }
        let step = ([pruning.original, pruning.losslessStep] + pruning.steps)[row]
        return "\(Words.share(step.accuracy.value)) <small>(\(Words.interval(step.accuracy)))</small>"
      })
    return PageSection(
      id: "pruning", title: "Which filters are needed?", shortTitle: "Pruning",
      template: """
        <p>Two filters do the same if their weights agree after shifting one along the other or reading it on the other
        strand. {{clusters}}</p>
        <div class="pair">
        {{#weights}}
        {{> figure}}
        {{/weights}}
        {{#activations}}
        {{> figure}}
        {{/activations}}
        </div>
        <p>Pruning takes filters out for good, with everything that hung on them: those first whose absence the loss
        notices least. The smaller network is then trained on for {{epochs}} more epochs. {{finding}}</p>
        {{#figure}}
        {{> figure}}
        {{/figure}}
        {{#table}}
        {{> table}}
        {{/table}}
        <p>{{{lossless}}}</p>
        """,
      context: [
        "clusters": duplicates.isEmpty
          ? "Among the \(redundancy.filters) filters of \(name) no two correlate by \(redundancy.threshold) or more."
          : """
          Counting filters as the same when their weights correlate by \(redundancy.threshold) or more, the \
          \(redundancy.filters) filters of \(name) are \(kinds) different ones.
          """,
        "weights": pictures(
          "redundancy-weights",
          """
          <b>By weights.</b> Correlation of each pair of filters in their best placement, ordered by the tree. Frames \
          are groups that do the same.
          """) as Any,
        "activations": pictures(
          "redundancy-activations",
          """
          <b>By what they do.</b> Correlation of the filters’ strongest answers, test sequence by test sequence: filters that \
          find the same motif agree here even if their weights differ.
          """) as Any,
        "epochs": Words.spelled(pruning.epochs),
        "finding": """
        With \(half.filters) of its \(pruning.original.filters) filters \(name) reaches an accuracy of \
        \(Words.share(half.accuracy.value)), with all of them \(Words.share(pruning.original.accuracy.value)).\
        \(fewest.filters < half.filters ? " Even \(Words.spelled(fewest.filters)) \(fewest.filters == 1 ? "is" : "are") enough: \(Words.share(fewest.accuracy.value)) with \(Words.count(fewest.network.architecture.parameterCount)) parameters." : "")
        """,
        "figure": pictures(
          "pruning",
          "<b>Fewer and fewer filters.</b> Accuracy on the test sequences right after pruning, and after training on."
        )
          as Any,
        "table": table.context,
        "lossless": removable == 0
          ? """
          The row <i>lossless</i> removes only filters of which it is proved that they change no output, whatever the \
          sequence. \(name) has none.
          """
          : """
          The row <i>lossless</i> removes only filters of which it is proved that they change no output, whatever the \
          sequence: \(Words.spelled(removable)) here. Its outputs on all \(Words.count(data.test.count)) test sequences are \
          \(pruning.isLosslessEqual ? "equal to the last bit" : "not equal to the last bit").
          """,
      ])
  }
}
