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

  /// What each motif is named after, by Tomtom's comparison and `NamingRule`; `nil` where no match counts.
  ///
  /// - Throws: `InputError` as comparing does.
  static func names(
    of motifs: [Motif], in database: [Motif], seed: UInt64, naming: NamingOptions
  ) throws -> [PatternMatch?] {
    try BestMatches(motifs, among: database, seed: seed, naming: naming).names.map { name in
      guard let name else { return nil }
      let (match, target) = (name.best.match, name.best.target)
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
  /// The known motif that each pattern is named after, by Tomtom's comparison and `NamingRule`; `nil` where no match counts.
  ///
  /// - Parameter naming: how the names are found.
  /// - Throws: `InputError` as comparing does.
  public func matches(
    in database: [Motif], seed: UInt64 = 0, naming: NamingOptions = NamingOptions()
  ) throws -> [PatternMatch?] {
    try PatternMatch.names(of: map { $0.motif() }, in: database, seed: seed, naming: naming)
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
