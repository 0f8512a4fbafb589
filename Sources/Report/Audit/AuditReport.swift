import Evaluation
import Figures
import Runtime
import Sequences
import Statistics

/// An audit as tables, lines and a picture.
public struct AuditReport: Sendable {
  public let audit: NetworkAudit

  public init(_ audit: NetworkAudit) { self.audit = audit }

  /// A row for each check.
  public var table: Table { checks.table }

  var checks: TypedTable<AuditCheck> {
    TypedTable(
      "audit", audit.checks,
      columns: [
        Column("check") { .text($0.name) }, Column("value") { .number($0.value, decimals: 6) },
        Column("low") { Table.Cell($0.low, decimals: 6) },
        Column("high") { Table.Cell($0.high, decimals: 6) },
        Column("verdict") { .text($0.verdict.rawValue) }, Column("text") { .text($0.text) },
      ])
  }

  /// Two curves, one below the other: `shift` (AUROC of sequences that were moved, and that lost the same bases in place)
  /// and `site` (what a planted site adds to the logit, by its 0-based start).
  public var positionTable: Table {
    typealias Row = (curve: String, position: Int, series: String, estimate: Estimate)
    let shifts: [Row] = audit.shift.curve.flatMap { point in
      [
        ("shift", point.shift, "auroc_moved", point.movedAUROC),
        ("shift", point.shift, "auroc_in_place", point.unmovedAUROC),
        ("shift", point.shift, "accuracy_moved", point.movedAccuracy),
        ("shift", point.shift, "accuracy_in_place", point.unmovedAccuracy),
      ]
    }
    let sites: [Row] =
      (audit.motif?.response).map { response in
        response.starts.flatMap { start in
          [
            ("site", start, "sampled", response.sampled[start]),
            ("site", start, "consensus", response.consensus[start]),
          ]
        }
      } ?? []
    return Table(
      "position", shifts + sites,
      columns: [
        Column("curve") { .text($0.curve) }, Column("position") { .integer($0.position) },
        Column("series") { .text($0.series) }, Column("value") { .number($0.estimate.value, decimals: 6) },
        Column("low") { .number($0.estimate.low, decimals: 6) },
        Column("high") { .number($0.estimate.high, decimals: 6) },
      ])
  }

  /// One line for each check and one for the answer, in columns.
  public var text: String {
    let names = audit.checks.map(\.name.count).max() ?? 0
    var lines = [Self.line("check", "value", "95 % interval", "verdict", width: names)]
    for check in audit.checks {
      let interval = check.low.flatMap { low in check.high.map { "\(Self.number(low)) to \(Self.number($0))" }
      }
      lines.append(
        Self.line(
          check.name, Self.number(check.value), interval ?? "", check.verdict.rawValue, width: names)
          + "   " + check.text)
    }
    let failed = audit.checks.filter { $0.verdict == .failed }.map(\.name)
    lines.append(failed.isEmpty ? "nothing wrong found" : "not passed: \(failed.joined(separator: ", "))")
    return lines.map { $0 + "\n" }.joined()
  }

  private static func number(_ value: Double) -> String {
    // No −0.0000.
    abs(value) < 5e-5 ? "0.0000" : Table.Cell.number(value, decimals: 4).text
  }

  private static func line(
    _ name: String, _ value: String, _ interval: String, _ verdict: String, width: Int
  ) -> String {
    func pad(_ text: String, _ width: Int) -> String {
      text + String(repeating: " ", count: max(0, width - text.count))
    }
    return pad(name, width) + "  " + String(repeating: " ", count: max(0, 8 - value.count)) + value + "  "
      + pad(interval, 18) + "  " + pad(verdict, 7)
  }

  /// What `write` leaves in a folder.
  public static let entries = ["audit.tsv", "position.tsv", "position.png", "position.svg"]

  /// Writes `audit.tsv`, `position.tsv`, and `position.png` and `.svg`, into a folder that is there.
  ///
  /// - Throws: `InputError` or `FigureError` naming the file that cannot be written.
  public func write(to folder: String, provenance: Provenance) throws {
    try AtomicFile.write(table.tsv, to: "\(folder)/audit.tsv")
    try AtomicFile.write(positionTable.tsv, to: "\(folder)/position.tsv")
    try FigureFiles(folder, provenance).write(
      picture, "position", alt: "What the network knows of the position")
  }

  private var picture: Panels {
    Panels(
      [shiftPlot] + (audit.motif.map { [responsePlot($0), placesPlot($0)] } ?? []), columns: 1)
  }

  private static let size = Size(400, 150)

  private var shiftPlot: LinePlot {
    let curve = audit.shift.curve
    let x = curve.map { Double($0.shift) }
    func series(_ name: String, _ estimate: (ShiftAudit.Point) -> Estimate) -> LinePlot.Series {
      LinePlot.Series(
        name, x: x, y: curve.map { estimate($0).value },
        interval: .init(low: curve.map { estimate($0).low }, high: curve.map { estimate($0).high }))
    }
    var plot = LinePlot(
      title: "Sequences moved, and cut alike in place",
      series: [series("in place", \.unmovedAUROC), series("moved", \.movedAUROC)], xLabel: "bases moved",
      yLabel: "AUROC")
    plot.preferredSize = Self.size
    return plot
  }

  private func responsePlot(_ motif: NetworkAudit.MotifResults) -> LinePlot {
    let response = motif.response
    let x = response.starts.map { Double($0 + 1) }
    func series(_ name: String, _ estimates: [Estimate]) -> LinePlot.Series {
      LinePlot.Series(
        name, x: x, y: estimates.map(\.value),
        interval: .init(low: estimates.map(\.low), high: estimates.map(\.high)))
    }
    var plot = LinePlot(
      title: "What a planted site adds",
      series: [series("consensus", response.consensus), series("drawn site", response.sampled)],
      xLabel: "first position of the site", yLabel: "logit")
    plot.preferredSize = Self.size
    plot.references = [LinePlot.Reference(y: 0, label: "")]
    return plot
  }

  private func placesPlot(_ motif: NetworkAudit.MotifResults) -> LinePlot {
    let response = motif.response
    let x = response.starts.map { Double($0 + 1) }
    var plot = LinePlot(
      title: "Where the positives have their best site",
      series: [LinePlot.Series("positives", x: x, y: response.places)],
      xLabel: "first position of the site",
      yLabel: "share", yRange: 0...max(0.02, 1.05 * (response.places.max() ?? 0)))
    plot.preferredSize = Self.size
    return plot
  }
}

extension AuditReport: Encodable {
  private enum Key: CodingKey { case passed, checks }

  public func encode(to encoder: any Encoder) throws {
    var object = encoder.container(keyedBy: Key.self)
    try object.encode(audit.passed, forKey: .passed)
    try object.encode(audit.checks, forKey: .checks)
  }
}
