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
    var table = Table(
      "history",
      columns: ["epoch", "filter", "consensus", "information_content", "sites", "best_match", "p", "auroc"])
    for (epoch, reading) in zip(epochs, readings) {
      for motif in reading.motifs {
        let best = reading.best[motif.filter]
        table.append([
          .integer(epoch), .text(motif.name), .text(motif.hasMotif ? motif.frequencies.consensus() : ""),
          .number(motif.totalInformation, decimals: 2), Table.Cell(motif.sites),
          best.map { .text($0.target.identifier) } ?? .missing,
          best.map { .scientific($0.match.pValue) } ?? .missing,
          Table.Cell(reading.enrichment[motif.filter]?.rank.auroc, decimals: 4),
        ])
      }
    }
    return table
  }

  /// Writes `history.tsv`, and `history.png` and `.svg`: logos of the filters that match best in the end, at some of the epochs,
  /// and information and p-value of all filters at every epoch.
  ///
  /// - Throws: `InputError` or `FigureError` naming the file that cannot be written.
  public func write(to folder: String, provenance: Provenance) throws {
    try AtomicFile.write(table.tsv, to: "\(folder)/history.tsv")
    try picture.write(to: "\(folder)/history", provenance: provenance)
  }

  private static let shownFilters = 5
  private static let shownEpochs = 6

  private var shown: [Int] { Array((readings.last?.ranking ?? []).prefix(Self.shownFilters)) }

  private var picture: Panels {
    var panels: [any Drawing] = [
      lines("Information content", "bits") { $0.motifs[$1].hasMotif ? $0.motifs[$1].totalInformation : .nan }
    ]
    if readings.contains(where: { $0.best.contains { $0 != nil } }) {
      panels.append(
        lines("Best match", "−log10 p") { reading, filter in
          reading.best[filter].map { -log10(max($0.match.pValue, .leastNonzeroMagnitude)) } ?? .nan
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

  /// A line for each filter over the epochs; those that the logos show are coloured and named.
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
