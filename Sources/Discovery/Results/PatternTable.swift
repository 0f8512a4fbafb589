import Motifs
import Runtime

/// What a pattern is called in a database of motifs.
public struct PatternMatch: Equatable, Sendable {
  public let identifier: String
  public let name: String?
  public let pValue: Double
  public let qValue: Double
  /// Whether the database's motif matches on its other strand.
  public let isReverse: Bool

  /// The best match of each motif by Tomtom's comparison, `nil` where none has a p-value of `limit` at most.
  ///
  /// - Throws: `InputError` if the database is empty.
  static func best(of motifs: [Motif], in database: [Motif], limit: Double = 0.01, seed: UInt64) throws
    -> [PatternMatch?]
  {
    guard !motifs.isEmpty else { return [] }
    let result = try Comparison(threshold: .pValue(limit)).compare(
      motifs, database, null: .automatic(targets: database.count, seed: seed))
    return result.best.map { match in
      guard let match else { return nil }
      let target = result.target(match)
      return PatternMatch(
        identifier: target.identifier, name: target.name, pValue: match.pValue, qValue: match.qValue,
        isReverse: match.orientation == .reverse)
    }
  }

  /// Match, its name, p-value and q-value for a table.
  static func cells(_ match: PatternMatch?) -> [Table.Cell] {
    guard let match else { return Array(repeating: .missing, count: 4) }
    return [
      .text(match.identifier), match.name.map { .text($0) } ?? .missing, .scientific(match.pValue),
      .scientific(match.qValue),
    ]
  }
}

extension Array where Element == NamedPattern {
  /// The best match of each pattern by Tomtom's comparison, `nil` where none has a p-value of `limit` at most.
  ///
  /// - Throws: `InputError` if the database is empty.
  public func matches(in database: [Motif], limit: Double = 0.01, seed: UInt64 = 0) throws -> [PatternMatch?]
  {
    try PatternMatch.best(of: map { $0.motif() }, in: database, limit: limit, seed: seed)
  }

  /// A row for each pattern.
  public func table(matches: [PatternMatch?] = [], hits: [AttributionHit] = []) -> Table {
    var counts = [Int](repeating: 0, count: count)
    for hit in hits { counts[hit.pattern] += 1 }
    return Table(
      "patterns",
      columns: [
        "pattern", "seqlets", "subpatterns", "hits", "consensus", "contribution", "match", "match_name",
        "p_value",
        "q_value",
      ],
      rows: enumerated().map { index, named in
        let match = matches.isEmpty ? nil : matches[index]
        let core = named.motif(flank: 0)
        return [
          .text(named.name), .integer(named.pattern.seqlets.count), .integer(named.pattern.subpatterns.count),
          .integer(counts[index]), .text(core.frequencies.consensus()),
          .number(named.pattern.contributions.reduce(0, +), decimals: 5),
        ] + PatternMatch.cells(match)
      })
  }
}
