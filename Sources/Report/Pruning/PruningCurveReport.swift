import Figures
import Interpretation
import NeuralNetworks
import Runtime

/// What `motifkit prune --target-drop --curve` writes: a table and a picture of the networks tried.
public struct PruningCurveReport {
  let curve: PruningCurve

  public init(_ curve: PruningCurve) { self.curve = curve }

  /// What `write` may leave in a folder.
  public static let entries = ["pruning.tsv", "pruning.png", "pruning.svg"]

  /// From the whole network to the smallest that was tried.
  private var steps: [PruningCurve.Step] {
    ([curve.original] + curve.steps).sorted { $0.network.parameters.count > $1.network.parameters.count }
  }

  /// A row for each network.
  public var table: Table {
    let metric = curve.metric.name
    return Table(
      "pruning", steps,
      columns: [
        Column("filters") { .text($0.filters.map(String.init).joined(separator: ", ")) },
        Column("parameters") { .integer($0.network.parameters.count) },
        Column("\(metric)_pruned") { Table.Cell($0.pruned, decimals: 4) },
        Column(metric) { Table.Cell($0.tuned, decimals: 4) },
        Column("chosen") { [filters = curve.smallest.filters] in .text($0.filters == filters ? "yes" : "no")
        },
      ])
  }

  private var plot: EstimatePlot {
    let metric = curve.metric
    let limit = curve.original.tuned + (metric.isLowerBetter ? curve.drop : -curve.drop)
    var plot = EstimatePlot(
      steps.map { step in
        EstimatePlot.Item(
          step.filters.map(String.init).joined(separator: ", "),
          [EstimatePlot.Estimate(step.pruned), EstimatePlot.Estimate(step.tuned)], ceiling: limit)
      }, series: ["pruned", "fine-tuned"], title: "\(metric.title) by number of filters",
      valueLabel: metric.label,
      direction: curve.original.filters.count > 1 ? .rightwards : .upwards)
    plot.ceilingLabel = "good enough"
    plot.itemLabel = "filters"
    return plot
  }

  /// Writes `pruning.tsv`, `pruning.png` and `pruning.svg` into a folder that is there.
  ///
  /// - Throws: `InputError` or `FigureError` naming the file that cannot be written.
  public func write(to folder: String, provenance: Provenance) throws {
    try AtomicFile.write(table.tsv, to: "\(folder)/pruning.tsv")
    try FigureFiles(folder, provenance).write(
      plot, "pruning", alt: "\(curve.metric.title) with fewer filters")
  }
}
