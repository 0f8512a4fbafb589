import Evaluation
import Interpretation
import Motifs
import NeuralNetworks
import Runtime
import Statistics
import Study

extension Study {
  /// Every filter of the interpreted network, as `motifkit filters` has it.
  package var filterTable: TypedTable<FilterRow> {
    TypedTable(
      "filters", filters.analysis.rows(known: filters.known?.matches), columns: Column<FilterRow>.inFile)
  }

  /// Every filter against the motif that the study is about, where the names come from a database.
  package var knownMatchTable: Table? {
    guard let known = filters.known, options.database != nil else { return nil }
    return Table(
      "known_matches", filters.motifs,
      columns: [
        Column("filter") { .text($0.name) }, Column("motif") { _ in .text(known.motif.identifier) },
        Column("p") { Table.Cell(scientific: known.matches[$0.filter]?.pValue) },
        Column("offset") { Table.Cell(known.matches[$0.filter]?.offset) },
        Column("overlap") { Table.Cell(known.matches[$0.filter]?.overlap) },
        Column("orientation") { Table.Cell(known.matches[$0.filter]?.orientation.rawValue) },
      ])
  }

  /// The best filter of each network, and how many have a name; `nil` where nothing was compared.
  package var matchTable: TypedTable<FilterResult>? {
    guard !filters.analysis.targets.isEmpty else { return nil }
    return TypedTable(
      "matches", filterResults, columns: Column<FilterResult>.inFile(known: filters.known?.motif))
  }

  /// Pairs of filters of the interpreted network.
  package var correlationTable: Table { RedundancyReport(filters.analysis.redundancy).correlationTable }

  /// The interpreted network with fewer and fewer filters.
  package var pruningTable: TypedTable<PruningRow> {
    TypedTable(
      "pruning",
      [
        PruningRow(name: "original", step: pruning.original),
        PruningRow(name: "lossless", step: pruning.losslessStep),
      ] + pruning.steps.map { PruningRow(name: "pruned", step: $0) },
      columns: [
        .network, .filters, .parameters, .operations, .before, .accuracy,
        Column("accuracy_low") { .number($0.step.accuracy.low, decimals: 4) },
        Column("accuracy_high") { .number($0.step.accuracy.high, decimals: 4) },
        .aurocBefore, .auroc,
        Column("auroc_low") { Table.Cell($0.step.auroc?.low, decimals: 4) },
        Column("auroc_high") { Table.Cell($0.step.auroc?.high, decimals: 4) },
      ])
  }
}

extension Column<FilterResult> {
  static func inFile(known: Motif?) -> [Column] {
    [
      network, filters, known.map(matching) ?? named, best, consensus, match, p, e, offset, overlap, strand,
      matchName,
    ]
  }

  static var network: Column { Column("network", heading: "Network") { .text($0.network.name) } }
  static var filters: Column { Column("filters", heading: "Filters") { .integer($0.motifs.count) } }
  static func matching(_ motif: Motif) -> Column {
    Column("matching_\(motif.tableName)", heading: "That match \(motif.displayName.htmlEscaped)") {
      .integer($0.matching.count)
    }
  }
  static var named: Column { Column("named", heading: "With a name") { .integer($0.named.count) } }
  static var best: Column {
    Column("best_filter", heading: "Best filter") { Table.Cell($0.bestMatch.map { $0.motif.name }) }
  }
  static var consensus: Column {
    Column("consensus", heading: "Consensus") { result in
      Table.Cell(result.bestMatch.map { result.reading.consensus($0.motif.filter) })
    }
  }
  static var match: Column {
    Column("best_match", heading: "Best match") { Table.Cell($0.bestName?.identifier) }
  }
  static var matchName: Column { Column("best_match_name") { Table.Cell($0.bestName?.name) } }
  static var p: Column {
    Column("p", heading: "<i>p</i>") { Table.Cell(scientific: $0.bestMatch?.best.match.pValue) }
  }
  static var e: Column {
    Column("E", heading: "<i>E</i>") { Table.Cell(scientific: $0.bestMatch?.best.match.eValue) }
  }
  static var offset: Column {
    Column("offset", heading: "Offset") { Table.Cell($0.bestMatch?.best.match.offset) }
  }
  static var overlap: Column { Column("overlap") { Table.Cell($0.bestMatch?.best.match.overlap) } }
  static var strand: Column {
    Column("orientation", heading: "Strand") { Table.Cell($0.bestMatch?.best.match.orientation.rawValue) }
  }
}

extension FilterResult {
  /// The filter with the best match, among many motifs the one that tells positives from negatives best of those with a name;
  /// and what it is over.
  var bestMatch: (motif: FilterMotif, best: TargetMatch)? {
    (analysis.targets.count > 1 ? distinct : reading.byMatch).first.map { (motifs[$0], reading.match($0)!) }
  }

  /// The motif that this filter is named after.
  var bestName: Motif? { bestMatch.flatMap { names[$0.motif.filter]?.best.target } }
}

/// A network with fewer filters.
package struct PruningRow {
  let name: String
  let step: PruningResult.Step
}

extension Column<PruningRow> {
  static var network: Column { Column("network", heading: "Network") { .text($0.name) } }
  static var filters: Column { Column("filters", heading: "Filters") { .integer($0.step.filters) } }
  static var parameters: Column {
    Column("parameters", heading: "Parameters") { .integer($0.step.network.architecture.parameterCount) }
  }
  static var operations: Column {
    Column("operations", heading: "Operations") { .integer($0.step.network.architecture.operations) }
  }
  static var before: Column {
    Column("accuracy_before_tuning", heading: "Only pruned") {
      .number($0.step.accuracyBefore.value, decimals: 4)
    }
  }
  static var accuracy: Column {
    Column("accuracy", heading: "Fine-tuned (95&nbsp;% interval)") {
      .number($0.step.accuracy.value, decimals: 4)
    }
    .shown { "\(Words.share($0.step.accuracy.value)) <small>(\(Words.interval($0.step.accuracy)))</small>" }
  }
  static var aurocBefore: Column {
    Column("auroc_before_tuning", heading: "AUROC only pruned") {
      Table.Cell($0.step.aurocBefore?.value, decimals: 4)
    }
  }
  static var auroc: Column {
    Column("auroc", heading: "AUROC fine-tuned (95&nbsp;% interval)") {
      Table.Cell($0.step.auroc?.value, decimals: 4)
    }
    .shown { row in
      row.step.auroc.map { "\(Words.share($0.value)) <small>(\(Words.interval($0)))</small>" }
    }
  }
}

extension Motif {
  /// For the heading of a table's column: no blanks.
  var tableName: String { displayName.split(whereSeparator: \.isWhitespace).joined(separator: "_") }
}
