import Figures
import Interpretation
import Runtime
import Statistics

extension ExperimentReport {
  /// `ablate`: a row for each kind of place.
  public init(_ experiment: Ablation) {
    typealias Row = Ablation.Row
    table =
      TypedTable(
        "ablate", experiment.rows,
        columns: [
          Column<Row>("site") { .text($0.name) }, Column("sequences") { .integer($0.sequences.count) },
          Column("places") { .integer($0.places) },
        ] + Self.columns("before") { $0.loss.after } + Self.columns("after") { $0.loss.before }
          + Self.columns("loss") { $0.loss.effect } + Self.columns("elsewhere") { $0.control.effect }
          + Self.columns("necessity", \.necessity) + [
            Column("p_value") { Table.Cell(scientific: $0.loss.pValue) }
          ]
      ).table
    caption = "What is lost without sites, beside places elsewhere"
    picture = EstimatePlot(
      experiment.rows.map {
        EstimatePlot.Item($0.name, [Self.point($0.loss.effect), Self.point($0.control.effect)])
      }, series: ["site", "elsewhere"], valueLabel: "loss of the \(experiment.measure.label)",
      direction: .rightwards)
  }
}
