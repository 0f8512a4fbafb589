/// Sums over the seqlets of a pattern at each position.
struct PatternSums: Equatable, Sendable {
  /// Number of bases of each kind, (width, 4).
  private(set) var counts: [Double]
  /// Σ attributions of the bases that are there, (width, 4).
  private(set) var contributions: [Double]
  /// Σ hypothetical attributions, (width, 4).
  private(set) var hypothetical: [Double]

  var width: Int { counts.count / 4 }

  init(width: Int) {
    counts = Array(repeating: 0, count: 4 * width)
    contributions = counts
    hypothetical = counts
  }

  init(_ seqlets: [Seqlet], width: Int, of tracks: AttributionTracks) {
    self.init(width: width)
    for seqlet in seqlets { add(seqlet, of: tracks) }
  }

  /// Adds a seqlet as wide as these sums.
  mutating func add(_ seqlet: Seqlet, of tracks: AttributionTracks) {
    for position in 0..<seqlet.width {
      let place =
        seqlet.sequence * tracks.length
        + (seqlet.isReverse ? seqlet.end - 1 - position : seqlet.start + position)
      for base in 0..<4 {
        hypothetical[4 * position + base] += Double(
          tracks.hypothetical[4 * place + (seqlet.isReverse ? 3 - base : base)])
      }
      let code = Int(tracks.codes[place])
      guard code < 4 else { continue }
      let base = 4 * position + (seqlet.isReverse ? 3 - code : code)
      counts[base] += 1
      contributions[base] += Double(tracks.hypothetical[4 * place + code])
    }
  }

  /// The positions `range`.
  subscript(_ range: Range<Int>) -> PatternSums {
    var part = PatternSums(width: range.count)
    let values = 4 * range.lowerBound..<4 * range.upperBound
    part.counts = Array(counts[values])
    part.contributions = Array(contributions[values])
    part.hypothetical = Array(hypothetical[values])
    return part
  }
}
