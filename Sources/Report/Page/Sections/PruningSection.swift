import Evaluation
import Interpretation
import NeuralNetworks
import Runtime
import Sequences
import Statistics
import Study

extension Study {
  private struct PruningContext: Sendable {
    let clusters, epochs, finding, lossless: String
    let weights, activations, figure: PageFigure?
    let table: PageTable
  }

  func pruningSection(_ pictures: StudyPictures) -> PageSection {
    PageSection(
      .pruning, title: "Which filters are needed?", shortTitle: "Pruning",
      template: """
        <p>Two filters do the same if their weights agree after shifting one along the other or reading it on the other
        strand. {{clusters}}</p>
        {{#weights}}
        {{> figure}}
        {{/weights}}
        {{#activations}}
        {{> figure}}
        {{/activations}}
        <p>Pruning takes filters out for good, with everything that hung on them: those first whose absence the loss
        notices least. The smaller network is then fine-tuned for {{epochs}} more epochs. {{finding}}</p>
        {{#figure}}
        {{> figure}}
        {{/figure}}
        {{#table}}
        {{> table}}
        {{/table}}
        <p>{{{lossless}}}</p>
        """,
      context: PruningContext(
        clusters: clustersFinding, epochs: Words.spelled(pruning.epochs), finding: pruningFinding,
        lossless: losslessFinding,
        weights: pictures(
          .redundancyWeights,
          """
          <b>By weights.</b> Correlation of each pair of filters in their best placement, ordered by the tree. Frames \
          are groups that do the same.
          """),
        activations: pictures(
          .redundancyActivations,
          """
          <b>By what they do.</b> Correlation of the filters’ strongest answers, test sequence by test sequence: filters that \
          find the same motif agree here even if their weights differ.
          """),
        figure: pictures(
          .pruning,
          "<b>Fewer and fewer filters.</b> \(Words.capitalized(pruning.measure.word)) on the test sequences right after pruning, and after"
            + " fine-tuning."
        ),
        table: PageTable(
          pruningTable,
          shown: [.filters, .network, .parameters, .operations]
            + (pruning.measure == .auroc ? [.aurocBefore, .auroc] : [.before, .accuracy]))))
  }

  private var clustersFinding: String {
    let redundancy = filters.analysis.redundancy
    let duplicates = (0..<redundancy.filters).count { redundancy.duplicate($0) != nil }
    return duplicates == 0
      ? "Among the \(redundancy.filters) filters of \(filters.network.name) no two correlate by \(redundancy.threshold) or more."
      : """
      Counting filters as the same when their weights correlate by \(redundancy.threshold) or more, the \
      \(redundancy.filters) filters of \(filters.network.name) are \(redundancy.filters - duplicates) different ones.
      """
  }

  private var pruningFinding: String {
    let name = filters.network.name
    let half = pruning.half
    let fewest = pruning.fewest(costing: 0.005)
    let more =
      fewest.filters < half.filters
      ? " Even \(Words.spelled(fewest.filters)) \(fewest.filters == 1 ? "is" : "are") enough: \(Words.share(fewest.value(pruning.measure).value)) with \(Words.count(fewest.network.architecture.parameterCount)) parameters."
      : ""
    return """
      With \(half.filters) of its \(pruning.original.filters) filters \(name) reaches an \(pruning.measure.word) of \
      \(Words.share(half.value(pruning.measure).value)), with all of them \
      \(Words.share(pruning.original.value(pruning.measure).value)).\(more)
      """
  }

  /// HTML.
  private var losslessFinding: String {
    let removable = filters.analysis.redundancy.statuses.count { $0.isRemovable }
    let meaning = """
      The row <i>lossless</i> removes only filters of which it is proved that they change no output, whatever the \
      sequence
      """
    return removable == 0
      ? "\(meaning). \(filters.network.name.htmlEscaped) has none."
      : """
      \(meaning): \(Words.spelled(removable)) here. Its outputs on all \(Words.count(data.test.count)) test sequences are \
      \(pruning.isLosslessEqual ? "equal to the last bit" : "not equal to the last bit").
      """
  }
}

extension PruningResult.Measure {
  var word: String { self == .auroc ? "AUROC" : "accuracy" }
}
