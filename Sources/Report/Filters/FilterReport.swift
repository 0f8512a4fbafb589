import Figures
import Interpretation
import Motifs
import NeuralNetworks
import Sequences

/// What the filters of a network's first convolution became, by one or several rules: table, motifs and pictures.
public struct FilterReport: Sendable {
  /// What one rule made of the filters.
  public struct Reading: Sendable {
    public let rule: FilterMotifRule
    /// One for each filter.
    public let motifs: [FilterMotif]
    /// The best match of each filter; `nil` where it has no motif.
    public let best: [(match: MotifMatch, target: Motif)?]
  }

  public let readings: [Reading]
  public let redundancy: FilterRedundancy
  /// Where the p-values come from, in words.
  public let null: String
  /// Weights of each filter, [filter][position][A C G T].
  let weights: [[[Double]]]
  /// Base frequencies of the sequences, one added to each count, as Basset writes them.
  let background: Background

  /// - Parameters:
  ///   - targets: motifs that the filters are compared with.
  ///   - null: where the p-values come from.
  /// - Throws: `InputError` if the network does not begin with a convolution or the sequences do not fit it.
  public init(
    _ network: Network, on sequences: SequenceSet, rules: [FilterMotifRule], targets: [Motif],
    null: Comparison.Null
  ) throws {
    let activity = try network.filterActivity(sequences)
    redundancy = try network.filterRedundancy(sequences, activity: activity)
    var names: Set<String> = []
    readings = try rules.map { rule in
      let motifs = try network.filterMotifs(sequences, rule: rule, activity: activity)
      let matches = try FilterResult.best(motifs, targets, null)
      if let matches { names.insert(matches.null) }
      return Reading(rule: rule, motifs: motifs, best: matches?.0 ?? motifs.map { _ in nil })
    }
    self.null = names.sorted().joined(separator: "; ")
    let folded = try network.foldingNormalization()
    weights = try (0..<activity.filters).map { filter in
      try folded.filter(filter).weights.map { $0.map(Double.init) }
    }
    var counts = [Double](repeating: 1, count: 5)
    for code in sequences.codes { counts[Int(min(code, 4))] += 1 }
    background = Background(Array(counts[..<4]))
  }

  public var filters: Int { weights.count }

  /// Matches up to this E-value (p-value × targets) count as such: a chance of 0.05 in all filters together.
  public var significance: Double { 0.05 / Double(max(1, filters)) }

  /// Every filter by every rule.
  public var table: Table {
    var table = Table("filters", columns: Table.filterColumns + ["rule"])
    for reading in readings {
      for motif in reading.motifs {
        table.append(
          Table.cells(motif, redundancy, best: reading.best[motif.filter]) + [.text(reading.rule.name)])
      }
    }
    return table
  }

  /// Writes `filters.tsv`, `filters.meme` (one file for each rule if there are several), `heatmap.png` and
  /// `logos/filter0.png`, … into a folder that is there.
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
    var heatMap = heatMap.figure()
    heatMap.title = "Weights of all filters"
    try heatMap.write(to: "\(folder)/heatmap.png", dpi: Self.resolution, provenance: provenance)
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

  private static let resolution = 160

  private var heatMap: FilterHeatMap {
    FilterHeatMap(
      weights.indices.map { filter in
        FilterHeatMap.Item(
          "filter\(filter)", weights: weights[filter], note: note(filter),
          isFaded: !redundancy.statuses[filter].death.isEmpty)
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
    guard let best = readings.first?.best[filter], best.match.eValue <= significance else { return "" }
    return best.target.displayName
  }
}
