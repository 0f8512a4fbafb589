import Figures
import Interpretation
import Motifs
import NeuralNetworks
import Runtime
import Sequences
import Statistics
import Study

/// What the filters of a convolution became, by one or several rules: tables, motifs and pictures.
public struct FilterReport: Sendable {
  /// One for each rule.
  public let readings: [FilterReading]
  public let redundancy: FilterRedundancy
  /// Where the p-values come from, in words.
  public let null: String
  /// Weights of each filter, [filter][position][A C G T]; empty where they do not stand for bases (later convolutions).
  let weights: [[[Double]]]
  /// Base frequencies of the sequences, one added to each count, as Basset writes them.
  public let background: Background

  /// - Parameters:
  ///   - layer: Index of the convolution among the layers.
  ///   - names: motifs that the filters are compared with.
  ///   - seed: For the choice among equally good hits of a motif in a sequence.
  /// - Throws: `InputError` if the layer is no convolution, a rule cannot read it or the sequences do not fit it.
  public init(
    _ network: Network, layer: Int = 0, on sequences: SequenceSet, rules: [FilterMotifRule],
    names: FilterReading.Names, seed: UInt64 = 0
  ) throws {
    let activity = try network.filterActivity(sequences, layer: layer)
    redundancy = try network.filterRedundancy(sequences, layer: layer, activity: activity)
    readings = try rules.map {
      try FilterReading(
        network, layer: layer, on: sequences, rule: $0, names: names, activity: activity, seed: seed)
    }
    null = Set(readings.map(\.null)).subtracting([""]).sorted().joined(separator: "; ")
    let folded = network.foldingNormalization()
    weights =
      network.readsWeights(layer)
      ? try (0..<activity.filters).map { try folded.filter($0).weights.map { $0.map(Double.init) } } : []
    var counts = [Double](repeating: 1, count: 5)
    for code in sequences.codes { counts[Int(min(code, 4))] += 1 }
    background = Background(Array(counts[..<4]))
  }

  public var filters: Int { redundancy.filters }

  /// Matches up to this E-value (p-value × targets) count as such: a chance of 0.05 in all filters together.
  public var significance: Double { 0.05 / Double(max(1, filters)) }

  /// Whether a filter's best match counts: better than chance in all filters together, by a motif of at least
  /// `FilterResult.leastInformation` bits.
  public func isNamed(_ filter: Int, by reading: FilterReading) -> Bool {
    guard let best = reading.best[filter] else { return false }
    return best.match.eValue <= significance
      && reading.motifs[filter].totalInformation >= FilterResult.leastInformation
  }

  /// Every filter by every rule.
  public var table: Table {
    var table = Table("filters", columns: Table.filterColumns + ["rule"])
    for reading in readings {
      for motif in reading.motifs {
        table.append(
          Table.cells(
            motif, redundancy, best: reading.best[motif.filter],
            enrichment: reading.enrichment[motif.filter])
            + [.text(reading.rule.name)])
      }
    }
    return table
  }

  /// Every filter in a row, the rules side by side.
  public var rulesTable: Table {
    let columns = ["consensus", "information_content", "best_match", "p", "auroc"]
    var table = Table(
      "rules",
      columns: ["filter"] + readings.flatMap { reading in columns.map { "\($0)_\(reading.rule.name)" } })
    for filter in 0..<filters {
      table.append(
        [.text("filter\(filter)")]
          + readings.flatMap { reading -> [Table.Cell] in
            let (motif, best) = (reading.motifs[filter], reading.best[filter])
            return [
              .text(motif.hasMotif ? motif.frequencies.consensus() : ""),
              .number(motif.totalInformation, decimals: 2),
              best.map { .text($0.target.identifier) } ?? .missing,
              best.map { .scientific($0.match.pValue) } ?? .missing,
              Table.Cell(reading.enrichment[filter]?.rank.auroc, decimals: 4),
            ]
          })
    }
    return table
  }

  /// Writes `filters.tsv`, `filters.meme` (one file for each rule if there are several, then also `rules.tsv` and
  /// `rules.png` and `.svg`), `heatmap.png` where weights stand for bases, and `logos/filter0.png`, … into a folder that is there.
  ///
  /// - Parameter trim: take positions with less information than this off the ends of motifs in the MEME file.
  /// - Throws: `InputError` or `FigureError` naming the file that cannot be written.
  public func write(
    to folder: String, trim: Double? = nil, provenance: Provenance,
    progress: @Sendable (_ done: Int) -> Void = { _ in }
  ) throws {
    try AtomicFile.write(table.tsv, to: "\(folder)/filters.tsv")
    for reading in readings {
      let name = readings.count > 1 ? "filters.\(reading.rule.name).meme" : "filters.meme"
      let file = MotifFile(motifs: reading.motifs.compactMap { $0.motif(trim: trim) }, background: background)
      try AtomicFile.write(file.text, to: "\(folder)/\(name)")
    }
    if readings.count > 1 {
      try AtomicFile.write(rulesTable.tsv, to: "\(folder)/rules.tsv")
      try rulesPicture.write(to: "\(folder)/rules", provenance: provenance)
    }
    if !weights.isEmpty {
      var heatMap = heatMap.figure()
      heatMap.title = "Weights of all filters"
      try heatMap.write(to: "\(folder)/heatmap.png", dpi: Self.resolution, provenance: provenance)
    }
    try OutputFolder.create("\(folder)/logos")
    let results = Parallel.map(filters) { filter in
      let result = Result {
        try logo(filter).figure().write(
          to: "\(folder)/logos/filter\(filter).png", dpi: Self.resolution, provenance: provenance)
      }
      progress(filter + 1)
      return result
    }
    for result in results { try result.get() }
  }

  static let resolution = 160
  /// Rows of a picture of logos.
  private static let shownFilters = 8

  private var heatMap: FilterHeatMap {
    FilterHeatMap(
      weights.indices.map { filter in
        FilterHeatMap.Item(
          "filter\(filter)", weights: weights[filter], note: note(filter),
          isFaded: !redundancy.statuses[filter].death.isEmpty)
      })
  }

  /// The filters with the best matches by the first rule, by all rules: the best of each cluster before others.
  private var rulesPicture: LogoTable {
    let ranking = readings[0].ranking
    var seen: Set<Int> = []
    let first = ranking.filter { seen.insert(redundancy.clusters[$0]).inserted }
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
      let motif = reading.motifs[filter]
      return SequenceLogo(
        information: motif.hasMotif ? motif.frequencies.rows : [],
        title: "filter\(filter), \(reading.rule.name)" + (motif.hasMotif ? "" : ": no motif"))
    }
    return Panels(panels, columns: panels.count > 1 ? 2 : 1)
  }

  /// Dead, or the best match by the first rule if it is better than chance.
  private func note(_ filter: Int) -> String {
    let death = redundancy.statuses[filter].death
    if !death.isEmpty { return death }
    return isNamed(filter, by: readings[0]) ? readings[0].best[filter]!.target.displayName : ""
  }
}

extension Drawing {
  /// As PNG and SVG, `path` without the type.
  func write(to path: String, provenance: Provenance) throws {
    for type in ["png", "svg"] {
      try figure().write(to: "\(path).\(type)", dpi: FilterReport.resolution, provenance: provenance)
    }
  }
}
