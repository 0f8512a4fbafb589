import Figures
import Interpretation
import Runtime
import Statistics

extension ExperimentReport {
  /// `space`: a row for each arrangement and distance.
  public init(_ experiment: SpacingExperiment) {
    typealias Row = SpacingExperiment.Row
    table =
      TypedTable(
        "space", experiment.rows,
        columns: [
          Column<Row>("first") { .text($0.first) }, Column("second") { .text($0.second) },
          Column("strands") { .text(Self.strand($0.isFirstReverse) + Self.strand($0.isSecondReverse)) },
          Column("distance") { .integer($0.distance) }, Column("start") { .integer($0.start) },
          Column("sequences") { .integer($0.both.differences.count) },
        ] + Self.columns("before") { $0.both.before } + Self.columns("effect") { $0.both.effect }
          + Self.columns("first_alone") { $0.firstAlone.effect }
          + Self.columns("second_alone") { $0.secondAlone.effect }
          + Self.columns("interaction", \.interaction)
      ).table
    caption = "What two sites do together by their distance, in \(experiment.count) sequences"
    var arrangements: [(name: String, rows: [Row])] = []
    for row in experiment.rows {
      let name =
        "\(row.first) \(Self.strand(row.isFirstReverse)) \(row.second) \(Self.strand(row.isSecondReverse))"
      if arrangements.last?.name == name {
        arrangements[arrangements.count - 1].rows.append(row)
      } else {
        arrangements.append((name, [row]))
      }
    }
    func plot(_ title: String, _ estimate: (Row) -> Estimate) -> LinePlot {
      var plot = LinePlot(
        title: title,
        series: arrangements.map { arrangement in
          Self.series(
            arrangement.name, x: arrangement.rows.map { Double($0.distance) }, arrangement.rows.map(estimate))
        }, xLabel: "bases between the sites", yLabel: experiment.measure.label)
      plot.preferredSize = Size(400, 160)
      plot.hasWholeX = true
      plot.references = [LinePlot.Reference(y: 0, label: "")]
      return plot
    }
    picture = Panels(
      [
        plot("Both sites", \.both.effect),
        plot("Beyond the sum of each alone", \.interaction),
      ], columns: 1)
  }
}
