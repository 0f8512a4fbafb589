import Interpretation
import Motifs
import Runtime
import Sequences
import Statistics
import Study

extension Study {
  /// Share of G and C and of each dinucleotide in both classes; `nil` for planted data.
  package var compositionTable: TypedTable<CompositionRow>? {
    composition.map { composition in
      let (positives, negatives) = (composition.groups[0], composition.groups[1])
      let pairs = (0..<16).map { pair in
        CompositionRow(
          name: "\(Nucleotide.letters[pair / 4])\(Nucleotide.letters[pair % 4])",
          positives: positives.dinucleotides[pair], negatives: negatives.dinucleotides[pair])
      }
      return TypedTable(
        "composition",
        [CompositionRow(name: "G and C", positives: positives.gc, negatives: negatives.gc)] + pairs,
        columns: [.name, .positives, .negatives, .ratio])
    }
  }

  /// Every enriched motif that stands for others, with where its sites lie; `nil` without a database.
  package var factorTable: TypedTable<FactorRow>? {
    enrichment.map { enrichment in
      TypedTable(
        "enrichment",
        enrichment.factors.map { factor in
          FactorRow(enrichment, factor, filters: filters(like: factor, of: enrichment))
        },
        columns: [
          .motif, .name, .consensus, .e, .positiveShare, .negativeShare, .auroc, .centralE, .distance, .alike,
          .filters,
        ])
    }
  }

  /// The filters that are named after this motif, or one that has its sites.
  private func filters(like factor: DatabaseEnrichment.Factor, of enrichment: DatabaseEnrichment)
    -> [String]
  {
    let names = Set(([factor.motif] + factor.alike).map { enrichment.motifs[$0].identifier })
    return filters.named.filter { names.contains(filters.names[$0]!.best.target.identifier) }
      .map { filters.motifs[$0].name }
  }
}

/// How frequent something is in positives and in negatives.
package struct CompositionRow {
  let name: String
  let positives, negatives: Double
}

extension Column<CompositionRow> {
  static var name: Self { Column("bases", heading: "Bases") { .text($0.name) } }
  static var positives: Self {
    Column("positives", heading: "Positives") { .number($0.positives, decimals: 4) }
  }
  static var negatives: Self {
    Column("negatives", heading: "Negatives") { .number($0.negatives, decimals: 4) }
  }
  static var ratio: Self {
    Column("ratio", heading: "Ratio") {
      $0.negatives > 0 ? .number($0.positives / $0.negatives, decimals: 3) : .missing
    }
  }
}

/// An enriched motif.
package struct FactorRow {
  package let motif: Motif
  let log10EValue: Double
  let positiveShare, negativeShare: Double
  package let auroc: Double
  /// log₁₀ of the E-value that its sites lie in the middle; `nil` where too few count.
  let log10CentralEValue: Double?
  /// Median distance of its sites from the middle.
  let distance: Double
  let alike: [Motif]
  let filters: [String]

  init(_ enrichment: DatabaseEnrichment, _ factor: DatabaseEnrichment.Factor, filters: [String]) {
    let (result, test) = (
      enrichment.results[factor.motif], enrichment.results[factor.motif].threshold!
    )
    motif = enrichment.motifs[factor.motif]
    log10EValue = enrichment.log10EValue(factor.motif)
    positiveShare = Double(test.positives) / Double(enrichment.positives.count)
    negativeShare = Double(test.negatives) / Double(enrichment.negatives.count)
    auroc = result.rank.auroc
    let tests = enrichment.log10EValue(factor.motif) - test.log10PValue
    log10CentralEValue = result.central.map { $0.log10PValue + tests }
    let distances = factor.offsets.map(abs).sorted()
    distance = distances.isEmpty ? 0 : distances[distances.count / 2]
    alike = factor.alike.map { enrichment.motifs[$0] }
    self.filters = filters
  }
}

extension Column<FactorRow> {
  static var motif: Self { Column("motif", heading: "Motif") { .text($0.motif.identifier) } }
  static var name: Self { Column("name", heading: "Name") { Table.Cell($0.motif.name) } }
  static var consensus: Self {
    Column("consensus", heading: "Logo") { .text($0.motif.frequencies.consensus()) }
      .shown {
        "<span class=\"mini\">"
          + MiniLogo.svg($0.motif.frequencies, label: "Logo of \($0.motif.identifier)") + "</span>"
      }
  }
  static var e: Self { Column("E", heading: "<i>E</i>") { .probability(log10: $0.log10EValue) } }
  static var positiveShare: Self {
    Column("positive_share", heading: "Positives") { .number($0.positiveShare, decimals: 4) }
  }
  static var negativeShare: Self {
    Column("negative_share", heading: "Negatives") { .number($0.negativeShare, decimals: 4) }
  }
  static var auroc: Self { Column("auroc", heading: "AUROC") { .number($0.auroc, decimals: 4) } }
  static var centralE: Self {
    Column("central_E", heading: "Central <i>E</i>") { Table.Cell(log10Probability: $0.log10CentralEValue) }
  }
  static var distance: Self {
    Column("median_distance", heading: "Median distance") { .number($0.distance, decimals: 1) }
  }
  static var alike: Self {
    Column("alike", heading: "Motifs of the same sites") {
      .text($0.alike.map(\.displayName).joined(separator: ", "))
    }
    .shown { Words.few($0.alike.map(\.displayName), most: 8).htmlEscaped }
  }
  static var filters: Self {
    Column("filters", heading: "Filters") { .text($0.filters.joined(separator: ", ")) }
  }
}
