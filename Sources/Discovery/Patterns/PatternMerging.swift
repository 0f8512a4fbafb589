import Foundation

/// Merges patterns that are one (TF-MoDISco's collapser): two patterns merge if their contributions correlate and their
/// seqlets cannot be told apart, unless that would bring together others that are clearly different.
struct PatternMerging {
  let options: PatternOptions
  let background: [Double]
  let tracks: AttributionTracks

  /// Merges until nothing merges any more; the largest pattern first.
  func merged(_ patterns: [Pattern]) -> [Pattern] {
    var patterns = patterns
    var comparisons = PairComparisons(patterns, merging: self)
    while true {
      let pairs = mergeablePairs(&comparisons)
      guard !pairs.isEmpty else { break }
      // Which pattern each of the patterns has become part of.
      var current = patterns
      var identity = Array(patterns.indices)
      for (left, right) in pairs where identity[left] != identity[right] {
        let (first, second) = (current[left], current[right])
        let isSwapped = first.seqlets.count < second.seqlets.count
        let parent = isSwapped ? second : first
        let child = isSwapped ? first : second
        let union = parent.merged(with: child, overlap: options.overlap, of: tracks)
          .polished(window: options.trimWindow, flank: options.flank, background: background, of: tracks)
        guard let union else { continue }
        let (kept, dropped) = (identity[left], identity[right])
        for index in patterns.indices where identity[index] == kept || identity[index] == dropped {
          current[index] = union
          identity[index] = kept
        }
      }
      let survivors = patterns.indices.filter { identity[$0] == $0 }
      guard survivors.count < patterns.count else { break }
      let order = survivors.sorted {
        current[$0].seqlets.count != current[$1].seqlets.count
          ? current[$0].seqlets.count > current[$1].seqlets.count : $0 < $1
      }
      // A pattern that has not taken any other keeps what is known of it.
      let unchanged = order.map { survivor in
        identity.count { $0 == survivor } == 1 ? survivor : nil
      }
      patterns = order.map { current[$0] }
      comparisons = PairComparisons(patterns, merging: self, from: comparisons, unchanged: unchanged)
    }
    return patterns
  }

  /// Pairs to merge, the most similar first.
  private func mergeablePairs(_ comparisons: inout PairComparisons) -> [(Int, Int)] {
    let count = comparisons.count
    var pairs: [(left: Int, right: Int, similarity: Double)] = []
    for left in 0..<count {
      for right in left + 1..<max(left + 1, count) {
        pairs.append((left, right, comparisons.similarity(left, right)))
      }
    }
    // Only what is this similar can merge at all.
    let least = options.mergeThresholds.map(\.similarity).min() ?? 1
    pairs = pairs.filter { $0.similarity >= least }
    pairs.sort {
      $0.similarity != $1.similarity
        ? $0.similarity > $1.similarity : ($0.left, $0.right) < ($1.left, $1.right)
    }
    comparisons.contaminate(pairs.map { ($0.left, $0.right) })
    var partners = (0..<count).map { Set([$0]) }
    var chosen: [(Int, Int)] = []
    for (left, right, similarity) in pairs {
      let shared = min(comparisons.contamination(left, right), comparisons.contamination(right, left))
      guard
        options.mergeThresholds.contains(where: { shared >= $0.contamination && similarity >= $0.similarity })
      else { continue }
      let group = partners[left].union(partners[right])
      let members = group.sorted()
      let isBroken = members.contains { first in
        members.contains { second in
          guard first < second else { return false }
          let similarity = comparisons.similarity(first, second)
          guard options.dealbreakers.contains(where: { similarity <= $0.similarity }) else { return false }
          let shared =
            (comparisons.contamination(first, second) + comparisons.contamination(second, first)) / 2
          return options.dealbreakers.contains { shared <= $0.contamination && similarity <= $0.similarity }
        }
      }
      guard !isBroken else { continue }
      chosen.append((left, right))
      for member in members { partners[member] = group }
    }
    return chosen
  }
}
