/// How well the values of one sequence's positions point to its site.
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
  /// - Returns: `nil` if the site has no position, or is all of the sequence.
  public init?(values: some Collection<Float>, site: Range<Int>) {
    let row = values.map(Double.init)
    let site = site.clamped(to: row.indices)
    guard !site.isEmpty, site.count < row.count else { return nil }
    expectedShare = Double(site.count) / Double(row.count)
    let total = row.reduce(0) { $0 + max($1, 0) }
    share = total > 0 ? row[site].reduce(0) { $0 + max($1, 0) } / total : expectedShare
    var (inside, outside, sum, wins) = (0, 0, 0.0, 0.0)
    let order = row.indices.sorted { row[$0] > row[$1] }
    var first = 0
    while first < order.count {
      var end = first
      var found = 0
      while end < order.count, row[order[end]] == row[order[first]] {
        if site.contains(order[end]) { found += 1 }
        end += 1
      }
      let others = end - first - found
      wins += Double(others) * (Double(inside) + Double(found) / 2)
      (inside, outside) = (inside + found, outside + others)
      sum += Double(found) * Double(inside) / Double(end)
      first = end
    }
    auroc = wins / Double(inside) / Double(outside)
    averagePrecision = sum / Double(inside)
  }
}
