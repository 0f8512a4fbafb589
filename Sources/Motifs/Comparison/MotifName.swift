/// The known motif that another is named after.
///
/// Members of a family bind the same words, so that the motif that a filter is most like is often a sibling of the factor
/// whose sites the sequences hold. Where a database was tested on the sequences, they decide: of the motifs that the filter
/// matches and that have their sites in the same places, the one that tells positives from negatives best gives the name
/// (`DatabaseEnrichment.Factor`).
public struct MotifName: Sendable {
  /// The motif, and how the named one lies over it.
  public let best: TargetMatch
  /// Others of its family that fit, the likeliest first: which of them binds, sequences do not say.
  public let alike: [Motif]
  /// The first of the family, whether it fits or not: motifs with the same one found the same sites.
  public let factor: Motif

  /// Known motifs with the sites of the given one, itself among them, the likeliest first; none where sequences do not tell.
  public typealias Families = @Sendable (Motif) -> [Motif]

  /// - Parameter matches: all that count, the best first; at least one.
  package init(_ matches: [TargetMatch], families: Families) {
    let byIdentifier = Dictionary(matches.map { ($0.target.identifier, $0) }) { first, _ in first }
    for match in matches {
      let all = families(match.target)
      let family = all.compactMap { byIdentifier[$0.identifier] }
      if let first = family.first {
        (best, alike, factor) = (first, family.dropFirst().map(\.target), all[0])
        return
      }
    }
    (best, alike, factor) = (matches[0], [], matches[0].target)
  }
}
