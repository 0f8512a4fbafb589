import Evaluation
import Figures
import Runtime
import Sequences
import Statistics

/// Attribution methods against known sites and each other, as tables, lines and a picture.
public struct GradeReport: Sendable, Encodable {
  public let grading: AttributionGrading

  public init(_ grading: AttributionGrading) { self.grading = grading }

  public func encode(to encoder: any Encoder) throws { try grading.encode(to: encoder) }

  /// A row for each method, with intervals and without times, which no two runs have in common.
  public var table: Table {
    func columns(_ name: String, _ estimate: @escaping (AttributionGrade) -> Estimate?)
      -> [Column<AttributionGrade>]
    {
      [
        Column(name) { Table.Cell(estimate($0)?.value, decimals: 6) },
        Column("\(name)_low") { Table.Cell(estimate($0)?.low, decimals: 6) },
        Column("\(name)_high") { Table.Cell(estimate($0)?.high, decimals: 6) },
      ]
    }
    return Table(
      "grade", grading.grades,
      columns: [Column("method") { .text($0.method) }]
        + columns("auroc", \.auroc) + columns("average_precision", \.averagePrecision)
        + columns("share", \.share) + columns("information", \.informationCorrelation)
        + columns("randomized", \.randomizedCorrelation) + columns("seeds", \.seedCorrelation)
        + [Column("completeness_error") { Table.Cell(scientific: $0.completenessError) }])
  }

  /// How well methods agree: a row and a column for each.
  public var agreementTable: Table {
    let names = grading.grades.map(\.method)
    return Table(
      "agreement", columns: ["method"] + names,
      rows: zip(names, grading.agreement).map { name, row in
        [.text(name)] + row.map { Table.Cell($0, decimals: 4) }
      })
  }

  /// What each method took, for `run.json`.
  public var stages: [RunRecord.Stage] {
    grading.grades.map {
      RunRecord.Stage(name: $0.method, seconds: $0.secondsPerThousand * Double(grading.sequences) / 1000)
    }
  }

  /// One line for each method in columns, and one for what chance would have.
  public var text: String {
    func number(_ value: Double?) -> Table.Cell { Table.Cell(value, decimals: 4) }
    let chance: [Table.Cell] = [
      .text("chance"), number(0.5), number(grading.expectedShare), number(grading.expectedShare), number(0),
      .missing, .missing, .missing, .missing,
    ]
    let lines = Table(
      "",
      columns: [
        "method", "AUROC", "precision", "share", "information", "randomized", "seeds", "completeness",
        "s / 1,000",
      ],
      rows: grading.grades.map { grade in
        [
          .text(grade.method), number(grade.auroc.value), number(grade.averagePrecision.value),
          number(grade.share.value), number(grade.informationCorrelation?.value),
          number(grade.randomizedCorrelation?.value), number(grade.seedCorrelation?.value),
          Table.Cell(scientific: grade.completenessError),
          .number(grade.secondsPerThousand, decimals: 3),
        ]
      } + [chance])
    return "\(lines.text)\(grading.sequences) sequences with a site\n"
  }

  /// What `write` leaves in a folder.
  public static let entries = [
    "grade.tsv", "grade.png", "grade.svg", "agreement.tsv", "agreement.png", "agreement.svg",
  ]

  /// Writes `grade.tsv` and `agreement.tsv`, each with its picture as `.png` and `.svg`, into a folder that is there.
  ///
  /// - Throws: `InputError` or `FigureError` naming the file that cannot be written.
  public func write(to folder: String, provenance: Provenance) throws {
    try AtomicFile.write(table.tsv, to: "\(folder)/grade.tsv")
    try AtomicFile.write(agreementTable.tsv, to: "\(folder)/agreement.tsv")
    let files = FigureFiles(folder, provenance)
    try files.write(picture, "grade", alt: "How well each method points to the sites")
    try files.write(agreementPicture, "agreement", alt: "How well the methods agree with each other")
  }

  private var agreementPicture: CorrelationMap {
    CorrelationMap(
      grading.agreement.map { $0.map { $0 ?? .nan } }, names: grading.grades.map(\.method),
      title: "Agreement of methods", valueLabel: "mean rank correlation of magnitudes")
  }

  private var picture: Panels {
    func panel(
      _ title: String, _ range: ClosedRange<Double>, chance: Double, _ value: (AttributionGrade) -> Estimate?
    ) -> EstimatePlot {
      // As far down as an interval goes, in tenths.
      let least = grading.grades.compactMap { value($0)?.low }.reduce(range.lowerBound) { min($0, $1) }
      var plot = EstimatePlot(
        grading.grades.map { grade in
          let estimate = value(grade)
          return EstimatePlot.Item(
            grade.method,
            [
              EstimatePlot.Estimate(
                estimate?.value ?? .nan, estimate.map { $0.low...max($0.low, $0.high) })
            ], ceiling: chance)
        }, title: title, valueLabel: "",
        range: (10 * least).rounded(.down) / 10...range.upperBound, direction: .rightwards)
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
