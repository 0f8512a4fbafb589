import Figures
import Foundation
import Interpretation
import Motifs
import NeuralNetworks
import Runtime
import Sequences
import Statistics
import Study

/// What the filters of a convolution became: tables, motifs and pictures.
public struct FilterReport: Sendable {
  public let analysis: FilterAnalysis

  public init(_ analysis: FilterAnalysis) { self.analysis = analysis }

  private var readings: [FilterReading] { analysis.readings }

  /// Every filter by every rule.
  public var table: Table { analysis.table.table }

  /// What `write`, and the reports of clusters and history, leave in a folder.
  public static func entries(rules: [FilterMotifRule], clusters: Bool, history: Bool) -> [String] {
    let several = rules.count > 1
    return ["filters.tsv", "heatmap.png", "logos"]
      + (several ? rules.map { "filters.\($0.name).meme" } : ["filters.meme"])
      + (several ? ["rules.tsv", "rules.png", "rules.svg"] : [])
      + (clusters ? ["tsv", "meme", "nwk", "png", "svg"].map { "clusters.\($0)" } : [])
      + (history ? ["tsv", "png", "svg"].map { "history.\($0)" } : [])
  }

  /// For people: by each rule how many filters match, and the ten that match best; only matches that mean something have names.
  public var text: String {
    var lines: [String] = []
    let targets = analysis.targets
    for reading in readings {
      let motifs = reading.trimmed.count { $0 != nil }
      let best = reading.byMatch
      let named = best.count { reading.names[$0] != nil }
      lines.append(
        "\(reading.rule.name): \(motifs) of \(analysis.filters) filters have a motif, \(named) match one of"
          + " \(targets.count == 1 ? targets[0].displayName : "\(targets.count) motifs") (E ≤"
          + " \(String(format: "%.2g", analysis.namingRule.greatestEValue)), 5 bits or more)")
      for filter in best.prefix(10) {
        let match = reading.names[filter].map {
          "  \($0.best.target.displayName)  p = \(String(format: "%.3g", $0.best.match.pValue))"
        }
        let name = reading.motifs[filter].name.padding(toLength: 10, withPad: " ", startingAt: 0)
        lines.append(
          "  \(name) \(reading.consensus(filter))  \(String(format: "%5.2f bits", reading.information[filter]))"
            + (match ?? "  no match")
            + (reading.enrichment[filter].map { String(format: "  AUROC %.3f", $0.rank.auroc) } ?? ""))
      }
    }
    if !analysis.null.isEmpty { lines.append("null distribution: \(analysis.null)") }
    return lines.map { $0 + "\n" }.joined()
  }

  /// Every filter in a row, the rules side by side.
  public var rulesTable: Table {
    func column(_ column: Column<FilterRow>, _ index: Int) -> Column<[FilterRow]> {
      Column("\(column.name)_\(readings[index].rule.name)") { column.cell($0[index]) }
    }
    let rows = analysis.rows()
    return Table(
      "rules",
      (0..<analysis.filters).map { filter in
        readings.indices.map { rows[$0 * analysis.filters + filter] }
      },
      columns: [Column("filter") { .text($0[0].motif.name) }]
        + readings.indices.flatMap { index in
          [.consensus, .bits, .best, .p, .auroc].map { column($0, index) }
        })
  }

  /// Writes `filters.tsv`, `filters.meme` (one file for each rule if there are several, then also `rules.tsv` and
  /// `rules.png` and `.svg`), `heatmap.png` where weights stand for bases, and `logos/filter0.png`, … into a folder that is there.
  ///
  /// - Throws: `InputError` or `FigureError` naming the file that cannot be written.
  public func write(
    to folder: String, provenance: Provenance, progress: @Sendable (_ done: Int) -> Void = { _ in }
  ) throws {
    try AtomicFile.write(table.tsv, to: "\(folder)/filters.tsv")
    for reading in readings {
      let name = readings.count > 1 ? "filters.\(reading.rule.name).meme" : "filters.meme"
      let file = MotifFile(motifs: reading.trimmed.compactMap { $0 }, background: analysis.background)
      try AtomicFile.write(file.text, to: "\(folder)/\(name)")
    }
    let figures = FigureFiles(folder, provenance)
    if readings.count > 1 {
      try AtomicFile.write(rulesTable.tsv, to: "\(folder)/rules.tsv")
      try figures.write(rulesPicture, "rules", alt: "The best filters by every rule")
    }
    if !analysis.weights.isEmpty {
      try figures.write(analysis.heatMap, "heatmap", alt: "Weights of all filters", types: [.png])
    }
    try OutputFolder.create("\(folder)/logos")
    let logos = FigureFiles("\(folder)/logos", provenance)
    let results = Parallel.map(analysis.filters) { filter in
      let result = Result {
        try logos.write(logo(filter), "filter\(filter)", alt: "Logo of filter\(filter)", types: [.png])
      }
      progress(filter + 1)
      return result
    }
    for result in results { try result.get() }
  }

  /// Rows of a picture of logos.
  private static let shownFilters = 8

  /// The filters with the best matches by the first rule, by all rules: the best of each cluster before others.
  private var rulesPicture: LogoTable {
    let ranking = readings[0].ranking
    var seen: Set<Int> = []
    let first = ranking.filter { seen.insert(analysis.redundancy.clusters[$0]).inserted }
    let shown = (first + ranking.filter { !first.contains($0) }).prefix(Self.shownFilters)
    return LogoTable(
      columns: readings.map(\.rule.name),
      rows: shown.map { filter in
        LogoTable.Row("filter\(filter)", readings.map { LogoTable.Cell($0, filter) })
      })
  }

  /// The filter's logos, one for each rule that found a motif.
  private func logo(_ filter: Int) -> Panels {
    let panels = readings.map { reading -> SequenceLogo in
      let motif = reading.trimmed[filter]
      return SequenceLogo(
        information: motif?.frequencies.rows ?? [],
        title: "filter\(filter), \(reading.rule.name)" + (motif == nil ? ": no motif" : ""))
    }
    return Panels(panels, columns: panels.count > 1 ? 2 : 1)
  }
}
