import Motifs

/// A pattern with the name that TF-MoDISco's programs give it.
public struct NamedPattern: Sendable {
  /// `pos_patterns.pattern_0`, `neg_patterns.pattern_3`, …
  public let name: String
  public let pattern: Pattern
  /// Whether its seqlets raise the output.
  public let isPositive: Bool

  public init(name: String, pattern: Pattern, isPositive: Bool) {
    (self.name, self.pattern, self.isPositive) = (name, pattern, isPositive)
  }

  /// The important positions of the pattern as a motif: how often each base is there.
  ///
  /// - Parameter flank: positions added on each side of those with 30 % of the largest contribution.
  public func motif(flank: Int = 4) -> Motif {
    let range = pattern.importantRange(flank: flank)
    let counts = pattern.counts[range]
    return Motif(
      identifier: name, frequencies: counts.frequencies(), counts: counts,
      sites: Double(pattern.seqlets.count))
  }
}

extension MotifDiscovery {
  /// All patterns, positive ones first.
  public var patterns: [NamedPattern] {
    [("pos_patterns", positive, true), ("neg_patterns", negative, false)].flatMap {
      group, patterns, isPositive in
      patterns.enumerated().map {
        NamedPattern(name: "\(group).pattern_\($0.offset)", pattern: $0.element, isPositive: isPositive)
      }
    }
  }
}
