/// When a match with a known motif gives a name: the one rule of filters, clusters, patterns and seeds.
///
/// The match is better than chance among all that are compared, E ≤ 0.05 / queries, and the columns that lie on each other have
/// five bits at least, on both sides, two fifths of which they share (`FrequencyMatrix.sharedInformation`). The p-value of a
/// comparison is blind to flatness: flat columns are close to the flat ends of any motif, and twenty columns of noise have as
/// many bits as a motif. Nor does it know that a database has many motifs of G and C, or of A and T, alone: four bits must be
/// left beyond a motif's own composition (`FrequencyMatrix.informationBeyondComposition`).
///
/// Where labeled sequences were asked and do not have the known motif's sites in one class more than in the other, only a match that is
/// a thousand times surer counts: among many studies one in twenty has a match of that rule by chance.
public struct NamingRule: Sendable {
  /// The greatest E-value (p-value × targets) of a match that counts: a chance of 0.05 in all queries together.
  public let greatestEValue: Double

  /// Bits that a motif needs to be called a match: by chance one in 32 windows fits a motif of 5 bits.
  public static let leastInformation = 5.0

  /// The share of these that both motifs need: the correlation from which RSAT takes motifs for alike.
  public static let leastShare = 0.4

  /// Bits that a motif needs beyond its own share of G and C.
  public static let leastBeyondComposition = 4.0

  /// The share of `greatestEValue` up to which a match counts that sequences do not confirm.
  public static let unconfirmed = 1e-3

  /// - Parameter queries: motifs that are compared together.
  public init(queries: Int) { greatestEValue = BestMatches.greatestEValue / Double(max(1, queries)) }

  /// Whether there are five bits, to the two decimals that tables show.
  public static func isEnough(_ bits: Double) -> Bool {
    (100 * bits).rounded() >= 100 * leastInformation
  }

  /// Whether the match counts.
  public func allows(_ match: MotifMatch, of query: Motif, with target: Motif) -> Bool {
    guard match.eValue <= greatestEValue else { return false }
    let columns = match.columns(query: query.width, target: target.width)
    let onQuery = query.frequencies[columns.query]
    let onTarget = target.frequencies[columns.target]
    let bits = [onQuery, onTarget].map { $0.informationContent.reduce(0, +) }.min()!
    return Self.isEnough(bits) && onQuery.informationBeyondComposition >= Self.leastBeyondComposition
      && onQuery.sharedInformation(
        with: match.orientation == .forward ? onTarget : onTarget.reverseComplement) >= Self.leastShare * bits
  }
}

extension NamingRule {
  /// Those of a motif's matches that count.
  ///
  /// - Parameter families: what sequences say, where they were asked.
  func counting(_ matches: [TargetMatch], of query: Motif, _ families: MotifName.Families?) -> [TargetMatch] {
    matches.filter { found in
      allows(found.match, of: query, with: found.target)
        && (found.match.eValue <= Self.unconfirmed * greatestEValue
          || families.map { !$0(found.target).isEmpty } ?? true)
    }
  }
}

/// How motifs get names from known ones.
public struct NamingOptions: Sendable {
  /// How alike two columns are.
  public var distance: Comparison.Distance
  /// Known motifs that have their sites in the same places; `nil` where no sequences were asked.
  public var families: MotifName.Families?

  public init(
    distance: Comparison.Distance = .euclidean, families: MotifName.Families? = nil
  ) {
    (self.distance, self.families) = (distance, families)
  }
}

/// The columns of two motifs that lie on each other, each as its own file has them.
public struct AlignedColumns: Equatable, Sendable {
  public let query: Range<Int>
  public let target: Range<Int>

  public init(query: Range<Int>, target: Range<Int>) {
    (self.query, self.target) = (query, target)
  }
}

extension MotifMatch {
  /// The columns of a query and a target of these widths that lie on each other.
  public func columns(query: Int, target: Int) -> AlignedColumns {
    let start = max(0, offset)
    let onTarget = orientation == .forward ? start : target - start - overlap
    let onQuery = max(0, -offset)
    return AlignedColumns(query: onQuery..<onQuery + overlap, target: onTarget..<onTarget + overlap)
  }
}
