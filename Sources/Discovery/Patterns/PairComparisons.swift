import Foundation
import Runtime

/// What is known of pairs of patterns; contamination is worked out when it is asked for.
struct PairComparisons {
  private let patterns: [Pattern]
  private let merging: PatternMerging
  /// How the second of a pair lies on the first.
  private var alignments: [[(offset: Int, isReverse: Bool, score: Float)]]
  private var contaminations: [[Double?]]
  /// Seqlets that stand for each pattern.
  private let samples: [[Seqlet]]

  var count: Int { patterns.count }

  /// - Parameters:
  ///   - other: comparisons to take over,
  ///   - unchanged: by pattern, its index in them, `nil` if it is new.
  init(
    _ patterns: [Pattern], merging: PatternMerging, from other: PairComparisons? = nil, unchanged: [Int?] = []
  ) {
    self.patterns = patterns
    self.merging = merging
    let profiles = patterns.map(\.profile)
    let limit = merging.options.mergingSample
    samples = patterns.map { pattern in
      guard pattern.seqlets.count > limit else { return pattern.seqlets }
      var random = CounterRandom(seed: merging.options.seed, purpose: .sampling)
      return random.permutation(pattern.seqlets.count).prefix(limit).sorted().map { pattern.seqlets[$0] }
    }
    @Sendable func known(_ left: Int, _ right: Int) -> (Int, Int)? {
      guard !unchanged.isEmpty, let first = unchanged[left], let second = unchanged[right] else { return nil }
      return (first, second)
    }
    alignments = Parallel.map(patterns.count) { left in
      patterns.indices.map { right in
        if left == right { return (0, false, 1) }
        if let (first, second) = known(left, right), let other { return other.alignments[first][second] }
        return profiles[left].align(profiles[right], overlap: merging.options.overlap)
      }
    }
    contaminations = patterns.indices.map { left in
      patterns.indices.map { right in
        known(left, right).flatMap { other?.contaminations[$0.0][$0.1] }
      }
    }
  }

  /// Mean of the cosines of the two ways round.
  func similarity(_ left: Int, _ right: Int) -> Double {
    0.5 * Double(alignments[left][right].score + alignments[right][left].score)
  }

  /// 2·(1 − AUROC) of telling the similarities among the seqlets of one pattern from those to the other's, at most 1: 1 if they
  /// cannot be told apart.
  mutating func contamination(_ left: Int, _ right: Int) -> Double {
    if let known = contaminations[left][right] { return known }
    let found = computed(left, right, own: OwnSeqlets(samples[left], of: merging.tracks))
    contaminations[left][right] = found
    return found
  }

  /// Works out the contaminations of pairs, both ways round, by the first pattern.
  mutating func contaminate(_ pairs: [(Int, Int)]) {
    var wanted: [Int: [Int]] = [:]
    for (left, right) in pairs + pairs.map({ ($1, $0) }) where contaminations[left][right] == nil {
      wanted[left, default: []].append(right)
    }
    for left in wanted.keys.sorted() {
      let own = OwnSeqlets(samples[left], of: merging.tracks)
      for right in wanted[left]! { contaminations[left][right] = computed(left, right, own: own) }
    }
  }

  /// The seqlets of a pattern, laid out for comparing others with them, and their similarities, each with itself among them.
  private struct OwnSeqlets {
    let panels: SimilarityPanels
    let within: SimilarityHistogram

    init(_ seqlets: [Seqlet], of tracks: AttributionTracks) {
      let windows = AttributionWindows(seqlets, of: tracks)
      panels = SimilarityPanels(windows)
      within = SimilarityHistogram(of: windows, to: panels)
    }
  }

  private func computed(_ left: Int, _ right: Int, own: OwnSeqlets) -> Double {
    let alignment = alignments[left][right]
    let width = patterns[left].width
    let shifted = samples[right].map { seqlet -> Seqlet in
      let turned = alignment.isReverse ? seqlet.reversed : seqlet
      let moved = turned.expanded(before: alignment.offset, after: 0)
      return moved.expanded(before: 0, after: width - moved.width)
    }.filter { $0.fits(merging.tracks.length) }
    guard !shifted.isEmpty else { return 1 }
    let between = SimilarityHistogram(
      of: AttributionWindows(shifted, of: merging.tracks), to: own.panels)
    return min(1, 2 * (1 - max(0.5, own.within.auroc(against: between))))
  }
}

/// How often similarities fall into 65,536 bins over −1…1.
struct SimilarityHistogram {
  private static let bins = 1 << 16
  private let counts: [Int]

  init(of rows: AttributionWindows, to panels: SimilarityPanels) {
    var all = [Int32](repeating: 0, count: Self.bins * Parallel.threads)
    all.withUnsafeMutableBufferPointer { all in
      // Each worker counts on its own; sums of integers do not depend on who counted.
      nonisolated(unsafe) let all = all.baseAddress!
      panels.forEachRow(rows) { worker, _, scores in
        let counts = all + worker * Self.bins
        for score in scores {
          counts[min(Self.bins - 1, max(0, Int((score + 1) * Float(Self.bins / 2))))] += 1
        }
      }
    }
    var sums = [Int](repeating: 0, count: Self.bins)
    for first in stride(from: 0, to: all.count, by: Self.bins) {
      for bin in 0..<Self.bins { sums[bin] += Int(all[first + bin]) }
    }
    counts = sums
  }

  /// The chance that one of these is larger than one of the others; half of it within a bin.
  func auroc(against other: SimilarityHistogram) -> Double {
    var (below, wins) = (0.0, 0.0)
    for (own, others) in zip(counts, other.counts) {
      wins += Double(own) * (below + Double(others) / 2)
      below += Double(others)
    }
    let all = Double(counts.reduce(0, +)) * below
    return all > 0 ? wins / all : 0.5
  }
}
