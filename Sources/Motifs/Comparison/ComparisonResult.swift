/// A target that is like a query.
public struct MotifMatch: Equatable, Sendable {
  public enum Orientation: String, Sendable {
    case forward = "+"
    /// The target is read on its other strand.
    case reverse = "-"
  }

  /// Index of the query and of the target as they were given.
  public var query: Int
  public var target: Int
  public var pValue: Double
  /// p-value × number of targets: matches this good that chance would give.
  public var eValue: Double
  /// The smallest false discovery rate at which this match is called, among the matches of its query.
  public var qValue: Double
  /// Query column 0 lies on column `offset` of the target, read in its orientation; positive where the target
  /// starts to the left of the query.
  public var offset: Int
  /// Columns that the alignment covers.
  public var overlap: Int
  public var orientation: Orientation

  public init(
    query: Int, target: Int, pValue: Double, eValue: Double, qValue: Double, offset: Int, overlap: Int,
    orientation: Orientation
  ) {
    (self.query, self.target, self.orientation) = (query, target, orientation)
    (self.pValue, self.eValue, self.qValue) = (pValue, eValue, qValue)
    (self.offset, self.overlap) = (offset, overlap)
  }
}

/// The matches of all queries.
public struct ComparisonResult: Equatable, Sendable {
  public let queries: [Motif]
  public let targets: [Motif]
  /// By query, the best first: smaller p-value, then larger overlap, then `+` before `-`, then identifier.
  public internal(set) var matches: [MotifMatch]
  /// Where the null distribution came from, in words.
  public let null: String
  /// Number of columns in the null, both strands.
  public let nullColumns: Int
  /// Queries too wide to be compared.
  public let skippedQueries: [Int]

  public func query(_ match: MotifMatch) -> Motif { queries[match.query] }
  public func target(_ match: MotifMatch) -> Motif { targets[match.target] }

  /// The best match of each query, `nil` where none passed the threshold.
  public var best: [MotifMatch?] {
    var best = [MotifMatch?](repeating: nil, count: queries.count)
    for match in matches where best[match.query] == nil { best[match.query] = match }
    return best
  }
}
