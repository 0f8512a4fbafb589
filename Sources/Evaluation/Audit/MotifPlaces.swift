import Motifs
import Sequences

/// Where the positives of a data set have their best sites of a motif.
struct MotifPlaces: Sendable {
  /// Share of the positives whose best site (either strand) starts at each position.
  let shares: [Double]
  /// Best sites of the positives.
  let best: BestHits
  /// The start at which most positives have the motif along the sequence, and how many: estimated from the composition at
  /// that place, not from single sites.
  let planted: NetworkAudit.MotifResults.Place

  init(_ motif: Motif, positives: SequenceSet, negatives: SequenceSet, seed: UInt64) {
    let length = positives.uniformLength!
    let starts = length - motif.width + 1
    best = BestHitFinder(positives, widths: [motif.width], seed: seed).bestHits(motif.weights())
    var counts = [Double](repeating: 0, count: starts)
    for start in best.starts where start >= 0 { counts[start] += 1 }
    let total = counts.reduce(0, +)
    shares = total > 0 ? counts.map { $0 / total } : counts.map { _ in 1 / Double(starts) }
    let excess = zip(Self.composition(positives, length), Self.composition(negatives, length)).map {
      (positive, negative) in zip(positive, negative).map { $0 - $1 }
    }
    let contrast = motif.frequencies.rows.map { row in row.map { $0 - 0.25 } }
    let norm = contrast.joined().reduce(0) { $0 + $1 * $1 }
    // Where a share π of the positives has the motif, the composition differs by π (f − ¼): least squares.
    let estimates = (0..<starts).map { start -> Double in
      var sum = 0.0
      for (offset, row) in contrast.enumerated() {
        for base in 0..<4 { sum += excess[start + offset][base] * row[base] }
      }
      return norm > 0 ? sum / norm : 0
    }
    let start = estimates.indices.max { (estimates[$0], $1) < (estimates[$1], $0) }!
    planted = .init(start: start, share: estimates[start])
  }

  /// Frequencies of A C G T at each position.
  private static func composition(_ set: SequenceSet, _ length: Int) -> [[Double]] {
    var counts = [[Double]](repeating: [0, 0, 0, 0], count: length)
    for index in 0..<set.count {
      for (position, code) in set[index].enumerated() where code < 4 { counts[position][Int(code)] += 1 }
    }
    return counts.map { row in
      let total = max(1, row.reduce(0, +))
      return row.map { $0 / total }
    }
  }
}
