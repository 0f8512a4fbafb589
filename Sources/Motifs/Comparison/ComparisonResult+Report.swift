extension ComparisonResult {
  /// The result with names in place of indices, for JSON.
  public struct Report: Encodable, Sendable {
    public struct Match: Encodable, Sendable {
      public var query: String
      public var target: String
      public var targetName: String?
      public var pValue: Double
      public var eValue: Double
      public var qValue: Double
      public var offset: Int
      public var overlap: Int
      public var orientation: String
    }

    public var queries: Int
    public var targets: Int
    public var null: String
    public var nullColumns: Int
    public var skippedQueries: [String]
    public var matches: [Match]
  }

  public var report: Report {
    Report(
      queries: queries.count, targets: targets.count, null: null, nullColumns: nullColumns,
      skippedQueries: skippedQueries.map { queries[$0].identifier },
      matches: matches.map { match in
        Report.Match(
          query: query(match).identifier, target: target(match).identifier, targetName: target(match).name,
          pValue: match.pValue, eValue: match.eValue, qValue: match.qValue, offset: match.offset,
          overlap: match.overlap, orientation: match.orientation.rawValue)
      })
  }
}
