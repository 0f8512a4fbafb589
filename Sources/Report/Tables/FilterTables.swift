import Evaluation
import Interpretation
import Motifs
import NeuralNetworks
import Runtime
import Statistics
import Study

extension Study {
  /// Every filter of the interpreted network.
  var filterTable: Table {
    var table = Table(
      "filters", columns: Table.filterColumns + ["p_\(filters.target.tableName)"])
    for filter in filters.motifs {
      table.append(
        Table.cells(
          filter, details.redundancy, best: filters.best(filter.filter),
          enrichment: details.enrichment[filter.filter]) + [
            filters.matches[filter.filter].map { .scientific($0.pValue) } ?? .missing
          ])
    }
    return table
  }

  /// The best filter of each network, and how many became the study's motif.
  var matchTable: Table {
    Table(
      "matches",
      columns: [
        "network", "filters", "matching_\(filters.target.tableName)", "best_filter", "consensus",
        "best_match", "p", "E",
        "offset", "overlap", "orientation",
      ],
      rows: filterResults.map { result in
        let filter = result.bestRanking.first
        let best = filter.flatMap { result.best($0) }
        return [
          .text(result.network.name), .integer(result.motifs.count), .integer(result.matching.count),
          filter.map { .text(result.motifs[$0].name) } ?? .missing,
          filter.map { .text(result.motifs[$0].frequencies.consensus()) } ?? .missing,
          best.map { .text($0.target.identifier) } ?? .missing,
          best.map { .scientific($0.match.pValue) } ?? .missing,
          best.map { .scientific($0.match.eValue) } ?? .missing,
          Table.Cell(best?.match.offset), Table.Cell(best?.match.overlap),
          best.map { .text($0.match.orientation.rawValue) } ?? .missing,
        ]
      })
  }

  /// Pairs of filters of the interpreted network.
  var correlationTable: Table { Table(correlationOf: details.redundancy) }

  /// The interpreted network with fewer and fewer filters.
  var pruningTable: Table {
    var table = Table(
      "pruning",
      columns: [
        "network", "filters", "parameters", "operations", "accuracy_before_tuning", "accuracy",
        "accuracy_low",
        "accuracy_high",
      ])
    func append(_ name: String, _ step: PruningResult.Step) {
      let architecture = step.network.architecture
      table.append([
        .text(name), .integer(step.filters), .integer(architecture.parameterCount),
        .integer(architecture.operations),
        .number(step.accuracyBefore.value, decimals: 4), .number(step.accuracy.value, decimals: 4),
        .number(step.accuracy.low, decimals: 4), .number(step.accuracy.high, decimals: 4),
      ])
    }
    append("original", pruning.original)
    append("lossless", pruning.losslessStep)
    for step in pruning.steps { append("pruned", step) }
    return table
  }
}

extension Table {
  static let filterColumns = [
    "filter", "consensus", "information_content", "sites", "maximum", "mean", "fraction_active", "dead",
    "duplicate_of", "best_match", "p", "E", "q", "offset", "overlap", "orientation", "auroc", "enrichment_p",
    "enrichment_q", "central_p", "central_width", "central_hits", "hits",
  ]

  /// A filter's cells under `filterColumns`.
  static func cells(
    _ filter: FilterMotif, _ redundancy: FilterRedundancy, best: (match: MotifMatch, target: Motif)?,
    enrichment: MotifEnrichment?
  ) -> [Cell] {
    [
      .text(filter.name), .text(filter.hasMotif ? filter.frequencies.consensus() : ""),
      .number(filter.totalInformation, decimals: 2), Cell(filter.sites),
      .number(Double(filter.maximum), decimals: 3), .number(filter.mean, decimals: 4),
      .number(filter.fractionActive, decimals: 4), .text(redundancy.statuses[filter.filter].death),
      redundancy.duplicate(filter.filter).map { .text("filter\($0)") } ?? .missing,
      best.map { .text($0.target.identifier) } ?? .missing,
      best.map { .scientific($0.match.pValue) } ?? .missing,
      best.map { .scientific($0.match.eValue) } ?? .missing,
      best.map { .scientific($0.match.qValue) } ?? .missing,
      Cell(best?.match.offset), Cell(best?.match.overlap),
      best.map { .text($0.match.orientation.rawValue) } ?? .missing,
      Cell(enrichment?.rank.auroc, decimals: 4),
      enrichment.map { .probability(log10: $0.rank.log10PValue) } ?? .missing,
      enrichment.map { .scientific($0.qValue) } ?? .missing,
      enrichment?.central.map { .probability(log10: $0.log10PValue) } ?? .missing,
      Cell(enrichment?.central?.regionWidth), Cell(enrichment?.central?.hitsInRegion),
      Cell(enrichment?.central?.hits),
    ]
  }

  /// Every pair of filters.
  init(correlationOf redundancy: FilterRedundancy) {
    self.init(
      "correlation",
      columns: ["filter_a", "filter_b", "weights", "offset", "strand", "activations", "maxima"])
    let count = redundancy.filters
    for a in 0..<count {
      for b in a + 1..<max(a + 1, count) {
        append([
          .text("filter\(a)"), .text("filter\(b)"), .number(redundancy.weights[a, b], decimals: 4),
          .integer(redundancy.weights.offset[a * count + b]),
          .text(redundancy.weights.isReverse[a * count + b] ? "-" : "+"),
          .number(redundancy.activations[a * count + b], decimals: 4),
          .number(redundancy.maxima[a * count + b], decimals: 4),
        ])
      }
    }
  }
}

extension FilterRedundancy.Status {
  /// In a word or two; empty for a living filter.
  var death: String { cannotFire ? "cannot fire" : neverFires ? "never fires" : "" }
}

extension Motif {
  /// For the heading of a table's column: no blanks.
  var tableName: String { displayName.split(whereSeparator: \.isWhitespace).joined(separator: "_") }
}
