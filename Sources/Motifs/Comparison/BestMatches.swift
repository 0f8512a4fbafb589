/// A known motif that another is like, and how.
public struct TargetMatch: Sendable {
  public let match: MotifMatch
  public let target: Motif

  public init(match: MotifMatch, target: Motif) { (self.match, self.target) = (match, target) }
}

/// The known motifs that each of some motifs is like.
public struct BestMatches: Sendable {
  /// Matches with more chance than this are not kept, but for the best.
  public static let greatestEValue = 0.05
  /// One for each motif; `nil` where there is no motif, or it is too wide to be compared.
  public let best: [TargetMatch?]
  /// Of each motif all matches with E ≤ `greatestEValue`, the best first.
  public let close: [[TargetMatch]]
  /// What each may be called; `nil` where no match counts.
  public let names: [MotifName?]
  /// Where the p-values come from, in words; empty if nothing was compared.
  public let null: String

  /// - Parameters:
  ///   - null: where p-values come from; `nil` takes the targets themselves if they are many, else synthetic motifs.
  ///   - seed: of synthetic motifs.
  ///   - naming: how columns are compared, and which known motifs have the same sites.
  /// - Throws: `InputError` as comparing does.
  public init(
    _ motifs: [Motif?], among targets: [Motif], null: Comparison.Null? = nil, seed: UInt64 = 0,
    naming: NamingOptions = NamingOptions()
  ) throws {
    let present = motifs.indices.filter { motifs[$0] != nil }
    guard !present.isEmpty, !targets.isEmpty else {
      (best, close, names, self.null) = (
        motifs.map { _ in nil }, motifs.map { _ in [] }, motifs.map { _ in nil }, ""
      )
      return
    }
    let result = try Comparison(distance: naming.distance, threshold: .pValue(1)).compare(
      present.map { motifs[$0]! }, targets, null: null ?? .automatic(targets: targets.count, seed: seed))
    var best = [TargetMatch?](repeating: nil, count: motifs.count)
    for (place, match) in zip(present, result.best) {
      best[place] = match.map { TargetMatch(match: $0, target: result.target($0)) }
    }
    self.best = best
    var close = [[TargetMatch]](repeating: [], count: motifs.count)
    for match in result.matches where match.eValue <= Self.greatestEValue {
      close[present[match.query]].append(TargetMatch(match: match, target: result.target(match)))
    }
    self.close = close
    let rule = NamingRule(queries: motifs.count)
    names = zip(motifs, close).map { motif, matches in
      guard let motif else { return nil }
      let counting = rule.counting(matches, of: motif, naming.families)
      return counting.isEmpty ? nil : MotifName(counting, families: naming.families ?? { _ in [] })
    }
    self.null = "\(result.null) (\(result.nullColumns) columns)"
  }
}
