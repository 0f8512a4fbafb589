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
    log10QValues = Self.benjaminiHochberg(logs, order)
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

  /// In logarithms, since the smallest p-values are below what a number can hold.
  private static func benjaminiHochberg(_ logs: [Double], _ ascending: [Int]) -> [Double] {
    var least = 0.0
    var result = logs
    for (rank, index) in ascending.enumerated().reversed() {
      least = min(least, logs[index] + log10(Double(logs.count) / Double(rank + 1)))
      result[index] = least
    }
    return result
  }

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

  /// A row for each motif, the surest first.
  public var table: Table {
    Table(
      "enrichment",
      columns: [
        "motif", "name", "consensus", "p", "E", "q", "threshold", "positives", "negatives", "positive_share",
        "negative_share", "ratio", "auroc", "rank_p", "rank_E", "central_p", "central_E", "central_width",
        "central_hits", "hits", "best_score", "best_sequence", "best_start", "best_strand",
      ],
      rows: order.map { index in
        let (motif, result) = (motifs[index], results[index])
        let test = result.threshold, central = result.central, best = result.best
        func probability(_ log10: Double?) -> Table.Cell { log10.map { .probability(log10: $0) } ?? .missing }
        return [
          .text(motif.identifier), motif.name.map { .text($0) } ?? .missing,
          .text(motif.frequencies.consensus()),
          probability(test?.log10PValue), probability(test.map { log10EValue($0.log10PValue) }),
          probability(log10QValues[index]), Table.Cell(test?.score, decimals: 3), Table.Cell(test?.positives),
          Table.Cell(test?.negatives),
          Table.Cell(test.map { Double($0.positives) / Double(positives.count) }, decimals: 4),
          Table.Cell(test.map { Double($0.negatives) / Double(negatives) }, decimals: 4),
          Table.Cell(test.map(ratio), decimals: 2), .number(result.rank.auroc, decimals: 4),
          probability(result.rank.log10PValue), probability(log10EValue(result.rank.log10PValue)),
          probability(central?.log10PValue), probability(central.map { log10EValue($0.log10PValue) }),
          Table.Cell(central?.regionWidth), Table.Cell(central?.hitsInRegion), Table.Cell(central?.hits),
          Table.Cell(best?.score, decimals: 3), best.map { .text(positives.name($0.sequence)) } ?? .missing,
          Table.Cell(best.map { $0.start + 1 }), best.map { .text($0.strand.rawValue) } ?? .missing,
        ]
      })
  }

  /// A row for each pair of the best motifs that stands at a preferred distance, the surest first.
  public var spacingTable: Table {
    let pairs = spacings.indices.flatMap { first in spacings[first].indices.map { (first, $0) } }
    let found = pairs.compactMap { first, second in spacings[first][second].map { (first, second, $0) } }
    let tests = log10(Double(max(found.count, 1)))
    return Table(
      "spacing",
      columns: [
        "primary", "secondary", "side", "strand", "gap", "count", "expected", "sequences", "pairs", "p", "E",
      ],
      rows: found.sorted { ($0.2.log10PValue, $0.0, $0.1) < ($1.2.log10PValue, $1.0, $1.1) }.map {
        first, second, spacing in
        [
          .text(motifs[paired[first]].identifier), .text(motifs[paired[second]].identifier),
          .text(spacing.side.rawValue), .text(spacing.isSameStrand ? "same" : "opposite"),
          .integer(spacing.gap),
          .integer(spacing.count), .number(spacing.expected, decimals: 2), .integer(spacing.sequences),
          .integer(spacing.pairs), .probability(log10: spacing.log10PValue),
          .probability(log10: spacing.log10PValue + tests),
        ]
      })
  }

  /// The first rows, for a terminal.
  public var text: String {
    let table = table
    let shown = ["motif", "name", "consensus", "E", "positives", "negatives", "auroc", "central_E"]
    let places = shown.map { table.columns.firstIndex(of: $0)! }
    let head = Table(
      "best", columns: shown, rows: table.rows.prefix(10).map { row in places.map { row[$0] } })
    return
      "\(count(eValue: 0.05)) of \(motifs.count) motifs tell \(positives.count) positives from \(negatives) negatives"
      + " (E at most 0.05)\n" + head.text
  }

  /// Writes `enrichment.tsv`, `spacing.tsv` where distances were tested, and `index.html`, into a folder that is there.
  ///
  /// - Throws: `InputError` naming the file that cannot be written.
  public func write(to folder: String, command: String, seed: UInt64) throws {
    try AtomicFile.write(table.tsv, to: "\(folder)/enrichment.tsv")
    if !spacings.isEmpty { try AtomicFile.write(spacingTable.tsv, to: "\(folder)/spacing.tsv") }
    try AtomicFile.write(page(command: command, seed: seed), to: "\(folder)/index.html")
  }
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
