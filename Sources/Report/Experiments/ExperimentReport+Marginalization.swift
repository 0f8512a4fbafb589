import Figures
import Interpretation
import Runtime
import Statistics

extension ExperimentReport {
  /// `marginalize`: a row for each site, strand and start.
  public init(_ experiment: Marginalization) {
    typealias Row = Marginalization.Row
    table =
      TypedTable(
        "marginalize", experiment.rows,
        columns: [
          Column<Row>("site") { .text($0.site) }, Column("strand") { .text(Self.strand($0.isReverse)) },
          Column("start") { .integer($0.start) }, Column("end") { .integer($0.start + $0.width) },
          Column("sequences") { .integer($0.effect.differences.count) },
        ] + Self.columns("before") { $0.effect.before } + Self.columns("after") { $0.effect.after }
          + Self.columns("effect") { $0.effect.effect } + [
            Column("p_value") { Table.Cell(scientific: $0.effect.pValue) }
          ]
      ).table
    caption = "What sites change in \(experiment.count) sequences"
    picture = Self.picture(of: experiment)
  }

  /// Lines in one plot at most.
  private static let mostLines = 8

  private static func picture(of experiment: Marginalization) -> any Drawing {
    var groups: [(name: String, rows: [Marginalization.Row])] = []
    for row in experiment.rows {
      let name = row.isReverse ? "\(row.site) (−)" : row.site
      if groups.last?.name == name {
        groups[groups.count - 1].rows.append(row)
      } else {
        groups.append((name, [row]))
      }
    }
    let label = "change of the \(experiment.measure.label)"
    guard groups.contains(where: { $0.rows.count > 1 }) else {
      return EstimatePlot(
        groups.map { EstimatePlot.Item($0.name, [point($0.rows[0].effect.effect)]) }, valueLabel: label,
        mark: .bar, direction: .rightwards)
    }
    func most(_ rows: [Marginalization.Row]) -> Double { rows.map { abs($0.effect.effect.value) }.max() ?? 0 }
    let shown =
      groups.count > mostLines
      ? Array(groups.sorted { most($0.rows) > most($1.rows) }.prefix(mostLines)) : groups
    var plot = LinePlot(
      series: shown.map { group in
        series(group.name, x: group.rows.map { Double($0.start + 1) }, group.rows.map(\.effect.effect))
      }, xLabel: "first position of the site", yLabel: label)
    plot.preferredSize = Size(400, 170)
    plot.references = [LinePlot.Reference(y: 0, label: "")]
    return plot
  }
}
