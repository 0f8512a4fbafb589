import Runtime

extension Metrics {
  /// Area under the precision-recall curve as average precision, Σ (Rᵢ − Rᵢ₋₁) Pᵢ over the distinct scores from
  /// the highest down, with the percentile interval of a bootstrap that keeps the classes' sizes.
  ///
  /// `nil` if one class is missing or a score is not a number.
  ///
  /// - Parameters:
  ///   - replicates: bootstrap samples.
  ///   - seed: of the bootstrap; the result is a function of it and not of `threads`.
  public static func auprc(
    scores: [Float], labels: [UInt8], confidence: Double = 0.95, replicates: Int = 500, seed: UInt64 = 0,
    threads: Int = Parallel.threads
  ) -> Estimate? {
    precondition(replicates > 0, "a bootstrap needs samples")
    guard let ranked = RankedScores(scores: scores, labels: labels) else { return nil }
    let positiveGroups = labels.indices.filter { labels[$0] == 1 }.map { Int32(ranked.groupOfExample[$0]) }
    let negativeGroups = labels.indices.filter { labels[$0] != 1 }.map { Int32(ranked.groupOfExample[$0]) }
    let value = ranked.averagePrecision
    let samples = Parallel.map(replicates, threads: threads) { (replicate: Int) -> Double in
      var random = CounterRandom(seed: seed, purpose: .bootstrap, index: replicate)
      let positives = resampled(positiveGroups, into: ranked.groups.count, using: &random)
      let negatives = resampled(negativeGroups, into: ranked.groups.count, using: &random)
      return RankedScores.averagePrecision(positives, negatives)
    }.sorted()
    return Estimate(
      value: value, low: samples.quantile((1 - confidence) / 2),
      high: samples.quantile((1 + confidence) / 2))
  }

  /// Average precision alone, without an interval; `nil` as for `auprc`.
  package static func averagePrecision(scores: [Float], labels: [UInt8]) -> Double? {
    RankedScores(scores: scores, labels: labels)?.averagePrecision
  }

  /// How often each group is hit when as many of `members` are drawn with replacement as there are.
  private static func resampled(
    _ members: [Int32], into groups: Int, using random: inout CounterRandom
  ) -> [Int32] {
    var counts = [Int32](repeating: 0, count: groups)
    counts.withUnsafeMutableBufferPointer { counts in
      members.withUnsafeBufferPointer { members in
        for _ in 0..<members.count { counts[Int(members[random.below(members.count)])] += 1 }
      }
    }
    return counts
  }
}
