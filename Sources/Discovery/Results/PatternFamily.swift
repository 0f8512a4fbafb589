import Motifs

/// Patterns that are variants of one motif: their contributions correlate, though their seqlets can be told apart, as those of
/// a site with one base or another at one position.
public struct PatternFamily: Sendable {
  /// Indices of its patterns, the one with most seqlets first.
  public let members: [Int]
  /// How often each base is there in the seqlets of all members, over the important positions of the first.
  public let motif: Motif
}

extension Array where Element == NamedPattern {
  /// Families of patterns of one sign: each pattern joins the first family whose first member it correlates with.
  ///
  /// - Parameter similarity: least cosine of the contributions at the best offset and strand.
  public func families(similarity: Double = 0.75, overlap: Double = 0.7) -> [PatternFamily] {
    var families: [(members: [Int], counts: [Double])] = []
    for (index, named) in enumerated() {
      let profile = named.pattern.profile
      var isMember = false
      for family in families.indices where !isMember {
        let founder = self[families[family].members[0]]
        guard founder.isPositive == named.isPositive else { continue }
        let match = founder.pattern.profile.align(profile, overlap: overlap)
        guard Double(match.score) >= similarity else { continue }
        let counts = named.pattern.counts
        let turned = match.isReverse ? counts.reverseComplement : counts
        for position in 0..<turned.width where 0..<founder.pattern.width ~= position + match.offset {
          for base in 0..<4 {
            families[family].counts[4 * (position + match.offset) + base] += turned[position, base]
          }
        }
        families[family].members.append(index)
        isMember = true
      }
      if !isMember { families.append(([index], named.pattern.counts.values)) }
    }
    return families.map { family in
      let founder = self[family.members[0]]
      let counts = CountMatrix(unchecked: family.counts)[founder.pattern.importantRange()]
      let seqlets = family.members.reduce(0) { $0 + self[$1].pattern.seqlets.count }
      return PatternFamily(
        members: family.members,
        motif: Motif(
          identifier: founder.name + (family.members.count > 1 ? "_family" : ""),
          frequencies: counts.frequencies(),
          counts: counts, sites: Double(seqlets)))
    }
  }
}
