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
}

extension Array where Element == NamedPattern {
  /// The best match of each pattern by Tomtom's comparison, `nil` where none has a p-value of `limit` at most.
  ///
  /// - Throws: `InputError` if the database is empty.
  public func matches(in database: [Motif], limit: Double = 0.01, seed: UInt64 = 0) throws -> [PatternMatch?] {
    guard !isEmpty else { return [] }
    let result = try Comparison(threshold: .pValue(limit)).compare(
      map { $0.motif() }, database, null: .automatic(targets: database.count, seed: seed))
    return result.best.map { match in
      guard let match else { return nil }
      let target = result.target(match)
      return PatternMatch(
        identifier: target.identifier, name: target.name, pValue: match.pValue, qValue: match.qValue,
        isReverse: match.orientation == .reverse)
    }
  }

  /// A row for each pattern.
  public func table(matches: [PatternMatch?] = [], hits: [AttributionHit] = []) -> Table {
    var counts = [Int](repeating: 0, count: count)
    for hit in hits { counts[hit.pattern] += 1 }
    return Table(
      "patterns",
      columns: [
        "pattern", "seqlets", "subpatterns", "hits", "consensus", "contribution", "match", "match_name", "p_value",
        "q_value",
      ],
      rows: enumerated().map { index, named in
        let match = matches.isEmpty ? nil : matches[index]
        let core = named.motif(flank: 0)
        return [
          .text(named.name), .integer(named.pattern.seqlets.count), .integer(named.pattern.subpatterns.count),
          .integer(counts[index]), .text(core.frequencies.consensus()),
          .number(named.pattern.contributions.reduce(0, +), decimals: 5), match.map { .text($0.identifier) } ?? .missing,
          match?.name.map { .text($0) } ?? .missing, match.map { .scientific($0.pValue) } ?? .missing,
          match.map { .scientific($0.qValue) } ?? .missing,
        ]
      })
  }
}
