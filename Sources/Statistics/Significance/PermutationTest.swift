import Runtime

/// Could a classifier's accuracy and AUROC come about if its scores had nothing to do with the labels?
///
/// Labels are shuffled among the sequences, as many positives as before, and p = (b + 1) / (N + 1), b the number of N such
/// deals that are at least as good as the true labels. Counting the true labels as one more deal keeps the test exact and p
/// above zero (Phipson & Smyth 2010, Statistical Applications in Genetics and Molecular Biology 9, 39).
public struct PermutationTest: Codable, Equatable, Sendable {
  public let permutations: Int
  /// One-sided: better than chance.
  public let accuracy: Double
  /// One-sided: better than chance.
  public let auroc: Double

  /// `nil` if one class is missing or a score is not a number. Time O(n) for each permutation.
  ///
  /// - Parameters:
  ///   - scores: positive above 0; logits.
  ///   - labels: 1 or 0 for each.
  ///   - seed: of the permutations; the result is a function of it and not of `threads`.
  public init?(
    scores: [Float], labels: [UInt8], permutations: Int, seed: UInt64 = 0, threads: Int = Parallel.threads
  ) {
    precondition(permutations > 0, "a permutation test needs permutations")
    guard let ranked = RankedScores(scores: scores, labels: labels) else { return nil }
    // With the numbers of both classes fixed, AUROC grows with the sum of the positives' ranks, and accuracy with the
    // number of positives above 0. Twice the mid-rank is a whole number.
    var twiceRanks: [Int] = []
    var below = scores.count
    for group in ranked.groups {
      let size = group.positives + group.negatives
      below -= size
      twiceRanks.append(2 * below + size + 1)
    }
    let examples = scores.indices.map {
      Example(twiceRank: twiceRanks[ranked.groupOfExample[$0]], isCalled: scores[$0] > 0)
    }
    let observed = Sums(labels.indices.lazy.filter { labels[$0] == 1 }.map { examples[$0] })
    let positives = ranked.positives
    let better = Parallel.map(permutations, threads: threads) {
      (permutation: Int) -> (rank: Bool, called: Bool) in
      var random = CounterRandom(seed: seed, purpose: .permutation, index: permutation)
      var deck = examples
      // The first cards of a shuffled deck (Fisher–Yates, no further than needed).
      for place in 0..<positives { deck.swapAt(place, place + random.below(deck.count - place)) }
      let sums = Sums(deck[..<positives])
      return (sums.twiceRank >= observed.twiceRank, sums.called >= observed.called)
    }
    func pValue(_ count: Int) -> Double { Double(count + 1) / Double(permutations + 1) }
    self.permutations = permutations
    accuracy = pValue(better.count { $0.called })
    auroc = pValue(better.count { $0.rank })
  }

  private struct Example {
    var twiceRank: Int
    var isCalled: Bool
  }

  /// Over the positives.
  private struct Sums {
    var twiceRank = 0
    var called = 0

    init(_ positives: some Sequence<Example>) {
      for example in positives {
        twiceRank += example.twiceRank
        called += example.isCalled ? 1 : 0
      }
    }
  }
}
