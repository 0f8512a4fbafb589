import Foundation
import Motifs
import Runtime
import Sequences
import Statistics

/// Which motifs of a database tell positives from negatives, the surest first.
public struct EnrichmentReport: Sendable {
  public let motifs: [Motif]
  /// Of each motif.
  public let results: [MotifEnrichment]
  /// Motifs by the p-value of their best threshold, then by AUROC.
  public let order: [Int]
  public let positives: SequenceSet
  public let negatives: Int
  /// Of each motif: Benjamini–Hochberg over the p-values of the best thresholds, as log₁₀.
  let log10QValues: [Double]
  /// Of the first motifs in `order`, each with each; empty where it was not asked for.
  public let spacings: [[MotifSpacing?]]
  let bothStrands: Bool

  /// - Parameters:
  ///   - pseudocount: Sites added to each motif.
  ///   - minimumScore: The lowest best hit, in bits, that central enrichment counts.
  ///   - spacing: How many of the best motifs are tested for preferred distances.
  ///   - seed: For the choice among equally good windows.
  ///   - progress: Told how many motifs are done.
  /// - Throws: `InputError` if there are no positives or no negatives.
  public init(
    _ motifs: [Motif], positives: SequenceSet, negatives: SequenceSet, pseudocount: Double = 0.1,
    bothStrands: Bool = true, minimumScore: Double = 5, spacing: Int = 0, seed: UInt64 = 0,
    progress: @escaping @Sendable (_ done: Int) -> Void = { _ in }
  ) throws {
    let weights = motifs.map { $0.weights(pseudocount: pseudocount) }
    let done = Locked(0)
    let results = try MotifEnrichment.test(
      weights, positives: positives, negatives: negatives, bothStrands: bothStrands,
      minimumScore: minimumScore,
      seed: seed
    ) { _ in
      let count = done.withLock { count in
        count += 1
        return count
      }
      progress(count)
    }
    let logs = results.map { $0.threshold?.log10PValue ?? 0 }
    let order = motifs.indices.sorted {
      (logs[$0], -results[$0].rank.auroc, $0) < (logs[$1], -results[$1].rank.auroc, $1)
    }
    (self.motifs, self.results, self.order) = (motifs, results, order)
    (self.positives, self.negatives, self.bothStrands) = (positives, negatives.count, bothStrands)
    log10QValues = FalseDiscovery.benjaminiHochberg(log10: logs)
    let paired = order.prefix(spacing).filter { results[$0].threshold != nil }
    spacings =
      paired.isEmpty
      ? []
      : MotifSpacing.test(
        paired.map { weights[$0] }, minimumScores: paired.map { results[$0].threshold!.score }, in: positives,
        seed: seed)
    self.paired = paired
  }

  /// The motifs of `spacings`.
  let paired: [Int]

  /// log₁₀ of p times the number of motifs: motifs this good that chance would give.
  func log10EValue(_ log10PValue: Double) -> Double { log10PValue + log10(Double(motifs.count)) }

  /// Matches among positives over matches among negatives, each share with one added above and below.
  func ratio(_ test: ThresholdTest) -> Double {
    (Double(test.positives + 1) / Double(positives.count + 1))
      / (Double(test.negatives + 1) / Double(negatives + 1))
  }

  /// Motifs whose best threshold has an E-value of at most `limit`.
  public func count(eValue limit: Double) -> Int {
    order.count { log10EValue(results[$0].threshold?.log10PValue ?? 0) <= log10(limit) }
  }

  /// A motif and what was found of it.
  struct Row {
    let motif: Motif
    let result: MotifEnrichment
    let log10QValue: Double
    /// Whether its best threshold has an E-value of at most 0.05.
    let isEnriched: Bool
  }

  /// A row for each motif, the surest first.
  public var table: Table { motifTable.table }

  var motifTable: TypedTable<Row> {
    typealias Cell = Table.Cell
    let rows = order.map { index in
      let test = results[index].threshold
      return Row(
        motif: motifs[index], result: results[index], log10QValue: log10QValues[index],
        isEnriched: log10EValue(test?.log10PValue ?? 0) <= log10(0.05))
    }
    return TypedTable(
      "enrichment", rows,
      columns: [
        .motif, .name, .consensus,
        Column("p") { Cell(log10Probability: $0.result.threshold?.log10PValue) }, eValue, .q,
        Column("threshold") { Cell($0.result.threshold?.score, decimals: 3) },
        Column("positives") { Cell($0.result.threshold?.positives) },
        Column("negatives") { Cell($0.result.threshold?.negatives) },
        positiveShare, negativeShare, ratioColumn, .auroc,
        Column("rank_p") { Cell(log10Probability: $0.result.rank.log10PValue) },
        Column("rank_E") { Cell(log10Probability: log10EValue($0.result.rank.log10PValue)) },
        Column("central_p") { Cell(log10Probability: $0.result.central?.log10PValue) }, centralEValue,
        Column("central_width") { Cell($0.result.central?.regionWidth) },
        Column("central_hits") { Cell($0.result.central?.hitsInRegion) },
        Column("hits") { Cell($0.result.central?.hits) },
        Column("best_score") { Cell($0.result.best?.score, decimals: 3) },
        Column("best_sequence") { Cell($0.result.best.map { positives.name($0.sequence) }) },
        Column("best_start") { Cell($0.result.best.map { $0.start + 1 }) },
        Column("best_strand") { Cell($0.result.best?.strand.rawValue) },
      ])
  }

  var eValue: Column<Row> {
    Column("E", heading: "<i>E</i>") {
      Table.Cell(log10Probability: ($0.result.threshold?.log10PValue).map(log10EValue))
    }
  }
  var centralEValue: Column<Row> {
    Column("central_E", heading: "Central <i>E</i>") {
      Table.Cell(log10Probability: ($0.result.central?.log10PValue).map(log10EValue))
    }
  }
  var positiveShare: Column<Row> {
    Column("positive_share", heading: "Positives") {
      Table.Cell($0.result.threshold.map { Double($0.positives) / Double(positives.count) }, decimals: 4)
    }
  }
  var negativeShare: Column<Row> {
    Column("negative_share", heading: "Negatives") {
      Table.Cell($0.result.threshold.map { Double($0.negatives) / Double(negatives) }, decimals: 4)
    }
  }
  var ratioColumn: Column<Row> {
    Column("ratio", heading: "Ratio") { Table.Cell($0.result.threshold.map(ratio), decimals: 2) }
  }

  /// Two motifs at a preferred distance.
  struct Pair {
    let primary, secondary: Motif
    let spacing: MotifSpacing
    let log10EValue: Double
  }

  /// A row for each pair of the best motifs that stands at a preferred distance, the surest first.
  public var spacingTable: Table { pairTable.table }

  var pairTable: TypedTable<Pair> {
    let pairs = spacings.indices.flatMap { first in spacings[first].indices.map { (first, $0) } }
    let found = pairs.compactMap { first, second in spacings[first][second].map { (first, second, $0) } }
    let tests = log10(Double(max(found.count, 1)))
    let rows = found.sorted { ($0.2.log10PValue, $0.0, $0.1) < ($1.2.log10PValue, $1.0, $1.1) }.map {
      Pair(
        primary: motifs[paired[$0]], secondary: motifs[paired[$1]], spacing: $2,
        log10EValue: $2.log10PValue + tests)
    }
    return TypedTable(
      "spacing", rows,
      columns: [
        .primary, .secondary, .side, .strand, .gap, .count, .expected,
        Column("sequences") { .integer($0.spacing.sequences) },
        Column("pairs") { .integer($0.spacing.pairs) },
        Column("p") { .probability(log10: $0.spacing.log10PValue) }, .e,
      ])
  }

  /// The first rows, for a terminal.
  public var text: String {
    let head = Table(
      "best", Array(motifTable.rows.prefix(10)),
      columns: [
        .motif, .name, .consensus, eValue, Column("positives") { Table.Cell($0.result.threshold?.positives) },
        Column("negatives") { Table.Cell($0.result.threshold?.negatives) }, .auroc, centralEValue,
      ])
    return
      "\(count(eValue: 0.05)) of \(motifs.count) motifs tell \(positives.count) positives from \(negatives) negatives"
      + " (E at most 0.05)\n" + head.text
  }

  /// What `write` may leave in a folder.
  public static let entries = ["enrichment.tsv", "spacing.tsv", "index.html"]

  /// Writes `enrichment.tsv`, `spacing.tsv` where distances were tested, and `index.html`, into a folder that is there.
  ///
  /// - Throws: `InputError` naming the file that cannot be written.
  public func write(to folder: String, command: String, seed: UInt64) throws {
    try AtomicFile.write(table.tsv, to: "\(folder)/enrichment.tsv")
    if !spacings.isEmpty { try AtomicFile.write(spacingTable.tsv, to: "\(folder)/spacing.tsv") }
    try AtomicFile.write(page(command: command, seed: seed), to: "\(folder)/index.html")
  }
}

extension Column<EnrichmentReport.Row> {
  static var motif: Self { Column("motif", heading: "Motif") { .text($0.motif.identifier) } }
  static var name: Self { Column("name", heading: "Name") { Table.Cell($0.motif.name) } }
  static var consensus: Self {
    Column("consensus", heading: "Logo") { .text($0.motif.frequencies.consensus()) }
  }
  static var q: Self { Column("q", heading: "<i>q</i>") { .probability(log10: $0.log10QValue) } }
  static var auroc: Self { Column("auroc", heading: "AUROC") { .number($0.result.rank.auroc, decimals: 4) } }
}

extension Column<EnrichmentReport.Pair> {
  static var primary: Self { Column("primary", heading: "Motif") { .text($0.primary.identifier) } }
  static var secondary: Self { Column("secondary", heading: "Beside it") { .text($0.secondary.identifier) } }
  static var side: Self { Column("side", heading: "Side") { .text($0.spacing.side.rawValue) } }
  static var strand: Self {
    Column("strand", heading: "Strand") { .text($0.spacing.isSameStrand ? "same" : "opposite") }
  }
  static var gap: Self { Column("gap", heading: "Gap") { .integer($0.spacing.gap) } }
  static var count: Self { Column("count", heading: "Sequences") { .integer($0.spacing.count) } }
  static var expected: Self {
    Column("expected", heading: "Expected") { .number($0.spacing.expected, decimals: 2) }
  }
  static var e: Self { Column("E", heading: "<i>E</i>") { .probability(log10: $0.log10EValue) } }
}

extension EnrichmentReport: Encodable {
  private enum Keys: String, CodingKey { case positives, negatives, motifs, spacing }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Keys.self)
    try container.encode(positives.count, forKey: .positives)
    try container.encode(negatives, forKey: .negatives)
    try container.encode(table, forKey: .motifs)
    if !spacings.isEmpty { try container.encode(spacingTable, forKey: .spacing) }
  }
}
