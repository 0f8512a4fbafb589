import Evaluation
import Figures
import Runtime
import Sequences
import Statistics

/// Attribution methods against the planted truth, as a table, lines and a picture.
public struct GradeReport: Sendable, Encodable {
  public let grading: AttributionGrading

  public init(_ grading: AttributionGrading) { self.grading = grading }

  public func encode(to encoder: any Encoder) throws { try grading.encode(to: encoder) }

  /// A row for each method, with intervals and without times, which no two runs have in common.
  public var table: Table {
    let estimates = ["auroc", "average_precision", "share", "information", "randomized"]
    var table = Table(
      "grade",
      columns: ["method"] + estimates.flatMap { [$0, "\($0)_low", "\($0)_high"] } + ["completeness_error"])
    for grade in grading.grades {
      let cells = [
        grade.auroc, grade.averagePrecision, grade.share, grade.informationCorrelation,
        grade.randomizedCorrelation,
      ].flatMap { estimate in
        [estimate?.value, estimate?.low, estimate?.high].map { Table.Cell($0, decimals: 6) }
      }
      table.append(
        [.text(grade.method)] + cells + [grade.completenessError.map { .scientific($0) } ?? .missing])
    }
    return table
  }

  /// What each method took, for `run.json`.
  public var stages: [RunRecord.Stage] {
    grading.grades.map {
      RunRecord.Stage(name: $0.method, seconds: $0.secondsPerThousand * Double(grading.sequences) / 1000)
    }
  }

  /// One line for each method in columns, and one for what chance would have.
  public var text: String {
    var rows = [
      ["method", "AUROC", "precision", "share", "information", "randomized", "completeness", "s / 1,000"]
    ]
    func number(_ value: Double?) -> String { value.map { Table.Cell.number($0, decimals: 4).text } ?? "" }
    for grade in grading.grades {
      rows.append([
        grade.method, number(grade.auroc.value), number(grade.averagePrecision.value),
        number(grade.share.value), number(grade.informationCorrelation?.value),
        number(grade.randomizedCorrelation?.value),
        grade.completenessError.map { Table.Cell.scientific($0).text } ?? "",
        Table.Cell.number(grade.secondsPerThousand, decimals: 3).text,
      ])
    }
    let chance = number(grading.expectedShare)
    rows.append(["chance", "0.5000", chance, chance, "0.0000", "", "", ""])
    let widths = rows[0].indices.map { column in rows.map { $0[column].count }.max()! }
    return rows.map { row in
      let cells = row.indices.map { column -> String in
        let padding = String(repeating: " ", count: widths[column] - row[column].count)
        return column == 0 ? row[column] + padding : padding + row[column]
      }
      var line = cells.joined(separator: "  ")
      while line.last == " " { line.removeLast() }
      return line + "\n"
    }.joined() + "\(grading.sequences) sequences with a site\n"
  }

  /// What `write` leaves in a folder.
  public static let entries = ["grade.tsv", "grade.png", "grade.svg"]

  /// Writes `grade.tsv`, and `grade.png` and `.svg`, into a folder that is there.
  ///
  /// - Throws: `InputError` or `FigureError` naming the file that cannot be written.
  public func write(to folder: String, provenance: Provenance) throws {
    try AtomicFile.write(table.tsv, to: "\(folder)/grade.tsv")
    try FigureFiles(folder, provenance).write(
      picture, "grade", alt: "How well each method points to the planted sites")
  }

  private var picture: Panels {
    func panel(
      _ title: String, _ range: ClosedRange<Double>, chance: Double, _ value: (AttributionGrade) -> Estimate?
    ) -> EstimatePlot {
      var plot = EstimatePlot(
        grading.grades.map { grade in
          let estimate = value(grade)
          return EstimatePlot.Item(
            grade.method,
            [
              EstimatePlot.Estimate(
                estimate?.value ?? .nan, estimate.map { $0.low...max($0.low, $0.high) })
            ], ceiling: chance)
        }, title: title, valueLabel: "", range: range, direction: .rightwards)
      plot.ceilingLabel = "chance"
      return plot
    }
    let share = grading.expectedShare
    return Panels(
      [
        panel("AUROC", 0.4...1, chance: 0.5, \.auroc),
        panel("average precision", 0...1, chance: share, \.averagePrecision),
        panel("share in the site", 0...1, chance: share, \.share),
        panel("correlation with random weights", -0.2...1, chance: 0, \.randomizedCorrelation),
      ], columns: 2)
  }
}
