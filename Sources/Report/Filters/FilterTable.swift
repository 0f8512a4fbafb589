import Interpretation
import Motifs
import Runtime
import Statistics
import Study

/// A filter as one rule reads it: a row of `filters.tsv`.
package struct FilterRow {
  let analysis: FilterAnalysis
  let reading: FilterReading
  let filter: Int
  /// The match with the motif that the study is about, if it is about one.
  var known: MotifMatch?

  var motif: FilterMotif { reading.motifs[filter] }
  /// The motif that gives the name; none where no match counts.
  var name: Motif? { reading.names[filter]?.best.target }
  var best: TargetMatch? { reading.match(filter) }
  var enrichment: MotifEnrichment? { reading.enrichment[filter] }
}

extension FilterAnalysis {
  /// Every filter by every rule; the same of a study and of `motifkit filters`.
  var table: TypedTable<FilterRow> {
    TypedTable("filters", rows(), columns: Column<FilterRow>.inFile)
  }

  func rows(known: [MotifMatch?]? = nil) -> [FilterRow] {
    readings.flatMap { reading in
      reading.motifs.map { motif in
        FilterRow(analysis: self, reading: reading, filter: motif.filter, known: known?[motif.filter])
      }
    }
  }
}

extension Column<FilterRow> {
  /// New columns come last, so that who counts columns still finds the old ones.
  static var inFile: [Column] {
    [
      filter, consensus, bits, sites, maximum, mean, active, dead, duplicate,
    ] + match + [auroc, enrichmentP, enrichmentQ, centralP, centralWidth, centralHits, hits, rule, bestName]
  }

  static var match: [Column] { [best, p, e, q, offset, overlap, strand] }

  static var filter: Column { Column("filter", heading: "Filter") { .text($0.motif.name) } }
  static var consensus: Column {
    Column("consensus", heading: "Logo") { .text($0.reading.consensus($0.filter)) }
  }
  static var bits: Column {
    Column("information_content", heading: "Bits") { .number($0.reading.information[$0.filter], decimals: 2) }
  }
  static var sites: Column { Column("sites", heading: "Sites") { Table.Cell($0.motif.sites) } }
  static var maximum: Column { Column("maximum") { .number(Double($0.motif.maximum), decimals: 3) } }
  static var mean: Column { Column("mean") { .number($0.motif.mean, decimals: 4) } }
  static var active: Column {
    Column("fraction_active", heading: "Active at") { .number($0.motif.fractionActive, decimals: 4) }
  }
  static var dead: Column {
    Column("dead", heading: "Dead") { .text($0.analysis.redundancy.statuses[$0.filter].death) }
  }
  static var duplicate: Column {
    Column("duplicate_of", heading: "Duplicate of") { row in
      row.analysis.redundancy.duplicate(row.filter).map { .text("filter\($0)") } ?? .missing
    }
  }
  static var best: Column {
    Column("best_match", heading: "Best match") { Table.Cell($0.name?.identifier) }
  }
  /// The name beside the identifier, where the database has one.
  static var bestName: Column { Column("best_match_name") { Table.Cell($0.name?.name) } }
  static var p: Column { Column("p", heading: "<i>p</i>") { Table.Cell(scientific: $0.best?.match.pValue) } }
  static var e: Column { Column("E", heading: "<i>E</i>") { Table.Cell(scientific: $0.best?.match.eValue) } }
  static var q: Column { Column("q", heading: "<i>q</i>") { Table.Cell(scientific: $0.best?.match.qValue) } }
  static var offset: Column { Column("offset", heading: "Offset") { Table.Cell($0.best?.match.offset) } }
  static var overlap: Column { Column("overlap") { Table.Cell($0.best?.match.overlap) } }
  static var strand: Column {
    Column("orientation", heading: "Strand") { Table.Cell($0.best?.match.orientation.rawValue) }
  }
  static var auroc: Column {
    Column("auroc", heading: "AUROC") { Table.Cell($0.enrichment?.rank.auroc, decimals: 4) }
  }
  static var enrichmentP: Column {
    Column("enrichment_p") { Table.Cell(log10Probability: $0.enrichment?.rank.log10PValue) }
  }
  static var enrichmentQ: Column { Column("enrichment_q") { Table.Cell(scientific: $0.enrichment?.qValue) } }
  static var centralP: Column {
    Column("central_p") { Table.Cell(log10Probability: $0.enrichment?.central?.log10PValue) }
  }
  static var centralWidth: Column {
    Column("central_width") { Table.Cell($0.enrichment?.central?.regionWidth) }
  }
  static var centralHits: Column {
    Column("central_hits") { Table.Cell($0.enrichment?.central?.hitsInRegion) }
  }
  static var hits: Column { Column("hits") { Table.Cell($0.enrichment?.central?.hits) } }
  static var rule: Column { Column("rule") { .text($0.reading.rule.name) } }
}

extension FilterRedundancy.Status {
  /// In a word or two; empty for a living filter.
  var death: String { cannotFire ? "cannot fire" : neverFires ? "never fires" : "" }
}
