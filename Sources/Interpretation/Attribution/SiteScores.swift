import Statistics

/// How well the values of one sequence's positions point to its sites.
public struct SiteScores: Codable, Equatable, Sendable {
  /// Share of the sum of the values that lies inside the site; negative values count as zero, and where none is above zero
  /// the share is `expectedShare`.
  public let share: Double
  /// The share that values without any knowledge would have: width / length.
  public let expectedShare: Double
  /// Area under the ROC curve of the values as scores for "inside the site": the probability that a position inside has a
  /// larger value than one outside, ties half.
  public let auroc: Double
  /// Average precision of the same question, Σ (Rᵢ − Rᵢ₋₁) Pᵢ over the distinct values from the largest down; values
  /// without any knowledge have about `expectedShare`.
  public let averagePrecision: Double

  /// - Parameters:
  ///   - values: One for each position, the larger the more important.
  ///   - site: The site's positions; what lies outside the sequence does not count.
  /// - Returns: `nil` if the site has no position, or is all of the sequence, or a value is not a number.
  public init?(values: some Collection<Float>, site: Range<Int>) {
    self.init(values: values, sites: [site])
  }

  /// The same for several sites, which count as one set of positions.
  public init?(values: some Collection<Float>, sites: [Range<Int>]) {
    let row = Array(values)
    var labels = [UInt8](repeating: 0, count: row.count)
    for site in sites { for position in site.clamped(to: row.indices) { labels[position] = 1 } }
    guard let ranked = RankedScores(scores: row, labels: labels) else { return nil }
    expectedShare = Double(labels.count { $0 == 1 }) / Double(row.count)
    func sum(_ values: some Sequence<Float>) -> Double { values.reduce(0) { $0 + Double(max($1, 0)) } }
    let total = sum(row)
    share =
      total > 0 ? sum(row.indices.lazy.filter { labels[$0] == 1 }.map { row[$0] }) / total : expectedShare
    auroc = ranked.auroc
    averagePrecision = ranked.averagePrecision
  }
}
