import Figures
import Interpretation
import Runtime
import Statistics

/// An experiment in sequence as a table and a picture.
public struct ExperimentReport {
  /// A row for each site and place, kind of place, or arrangement.
  public let table: Table
  let picture: any Drawing
  /// What the picture shows, for those who cannot see it.
  let caption: String

  /// What `write` leaves in a folder for an experiment of this name.
  public static func entries(_ name: String) -> [String] { ["\(name).tsv", "\(name).png", "\(name).svg"] }

  /// Writes the table, and the picture as PNG and SVG, into a folder that is there.
  ///
  /// - Throws: `InputError` or `FigureError` naming the file that cannot be written.
  public func write(to folder: String, provenance: Provenance) throws {
    try AtomicFile.write(table.tsv, to: "\(folder)/\(table.name).tsv")
    try FigureFiles(folder, provenance).write(picture, table.name, alt: caption)
  }

  /// Columns of a number with its interval, which a single sequence does not have, nor numbers that are all the same.
  static func columns<Row>(_ name: String, _ estimate: @escaping (Row) -> Estimate) -> [Column<Row>] {
    func bound(_ bound: KeyPath<Estimate, Double>) -> (Row) -> Table.Cell {
      { row in
        let known = estimate(row)
        return Table.Cell(known.low < known.high ? known[keyPath: bound] : nil, decimals: 6)
      }
    }
    return [
      Column(name) { .number(estimate($0).value, decimals: 6) }, Column("\(name)_low", bound(\.low)),
      Column("\(name)_high", bound(\.high)),
    ]
  }

  static func strand(_ isReverse: Bool) -> String { isReverse ? "-" : "+" }

  static func point(_ estimate: Estimate) -> EstimatePlot.Estimate {
    EstimatePlot.Estimate(estimate.value, estimate.low...max(estimate.low, estimate.high))
  }

  static func series(_ name: String, x: [Double], _ estimates: [Estimate]) -> LinePlot.Series {
    LinePlot.Series(
      name, x: x, y: estimates.map(\.value),
      interval: .init(low: estimates.map(\.low), high: estimates.map(\.high)))
  }
}
