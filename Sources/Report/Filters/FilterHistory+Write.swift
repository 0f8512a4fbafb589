import Figures
import Foundation
import Interpretation
import Motifs
import Runtime
import Sequences
import Statistics
import Study

extension FilterHistory {
  /// A row for each epoch and filter.
  public var table: Table {
    typealias Row = (epoch: Int, row: FilterRow)
    let rows = zip(epochs, analyses).flatMap { epoch, analysis in
      analysis.rows().map { (epoch: epoch, row: $0) }
    }
    func column(_ column: Column<FilterRow>) -> Column<Row> { Column(column.name) { column.cell($0.row) } }
    return Table(
      "history", rows,
      columns: [Column("epoch") { .integer($0.epoch) }]
        + [.filter, .consensus, .bits, .sites, .best, .p, .auroc, .bestName].map(column))
  }

  /// Writes `history.tsv`, and `history.png` and `.svg`: logos of the filters that match best in the end, at some of the epochs,
  /// and information and p-value of all filters at every epoch.
  ///
  /// - Throws: `InputError` or `FigureError` naming the file that cannot be written.
  public func write(to folder: String, provenance: Provenance) throws {
    try AtomicFile.write(table.tsv, to: "\(folder)/history.tsv")
    try FigureFiles(folder, provenance).write(
      picture, "history", alt: "How filters became motifs, epoch by epoch")
  }

  private static let shownFilters = 5
  private static let shownEpochs = 6

  private var shown: [Int] { Array((readings.last?.ranking ?? []).prefix(Self.shownFilters)) }

  private var picture: Panels {
    var panels: [any Drawing] = [
      lines("Information content", "bits") { $0.trimmed[$1] == nil ? .nan : $0.information[$1] }
    ]
    if readings.contains(where: { $0.best.contains { $0 != nil } }) {
      panels.append(
        lines("Best match", "−log10 p") { reading, filter in
          reading.match(filter).map { -log10(max($0.match.pValue, .leastNonzeroMagnitude)) } ?? .nan
        })
    }
    return Panels([logos, Panels(panels, columns: 2)], columns: 1)
  }

  /// First, last and some epochs between them.
  private var logos: LogoTable {
    let count = min(Self.shownEpochs, epochs.count)
    let columns = (0..<count).map { count > 1 ? $0 * (epochs.count - 1) / (count - 1) : 0 }
    return LogoTable(
      columns: columns.map { epochs[$0] == 0 ? "before" : "epoch \(epochs[$0])" },
      rows: shown.map { filter in
        LogoTable.Row("filter\(filter)", columns.map { LogoTable.Cell(readings[$0], filter) })
      })
  }

  /// A line for each filter over the epochs; those that the logos show are colored and named.
  private func lines(_ title: String, _ label: String, _ value: (FilterReading, Int) -> Double) -> LinePlot {
    let x = epochs.map(Double.init)
    let filters = readings.last?.motifs.indices ?? 0..<0
    let shown = shown
    let others = filters.filter { !shown.contains($0) }
    let theme = Theme.standard
    // A filter with a site or two may have any information; the axis is that of the named ones.
    let highest = readings.flatMap { reading in shown.map { value(reading, $0) } }.filter(\.isFinite).max()
    var plot = LinePlot(
      title: title,
      series: others.map { filter in
        LinePlot.Series("", x: x, y: readings.map { value($0, filter) }, color: theme.faint)
      }
        + shown.enumerated().map { place, filter in
          LinePlot.Series(
            "filter\(filter)", x: x, y: readings.map { value($0, filter) }, color: theme.series[place])
        }, xLabel: "epoch", yLabel: label,
      yRange: highest.map { 0...max(1, 1.2 * $0) })
    plot.hasWholeX = true
    return plot
  }
}
