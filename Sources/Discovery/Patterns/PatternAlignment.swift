import Foundation

/// Mean contributions, less their mean and divided by their norm, for comparing patterns by correlation.
struct ContributionProfile {
  /// (width, 4).
  let values: [Float]
  var width: Int { values.count / 4 }

  /// - Parameter contributions: (width, 4), in any unit.
  init(_ contributions: [Double]) {
    let mean = contributions.reduce(0, +) / Double(max(1, contributions.count))
    let centered = contributions.map { $0 - mean }
    let norm = centered.reduce(0) { $0 + $1 * $1 }.squareRoot() + 1e-7
    values = centered.map { Float($0 / norm) }
  }

  /// Where `child` agrees best with this profile, both strands: the place of its first position, and the cosine of its values with
  /// those it covers; `overlap` of its width lies on the profile at least.
  func align(_ child: ContributionProfile, overlap: Double) -> (offset: Int, isReverse: Bool, score: Float) {
    let padding = Int((Double(child.width) * (1 - overlap)).rounded(.up))
    let length = 4 * child.width
    var padded = [Float](repeating: 0, count: 4 * (width + 2 * padding))
    padded.replaceSubrange(4 * padding..<4 * (padding + width), with: values)
    let offsets = width + 2 * padding - child.width + 1
    var best = (offset: 0, isReverse: false, score: -Float.infinity)
    let childNorm = child.values.reduce(0) { $0 + $1 * $1 }.squareRoot()
    guard offsets > 0, childNorm > 0 else { return (0, false, 0) }
    padded.withUnsafeBufferPointer { padded in
      child.values.withUnsafeBufferPointer { child in
        for isReverse in [false, true] {
          for offset in 0..<offsets {
            var (product, square): (Float, Float) = (0, 0)
            for place in 0..<length {
              let value = padded[4 * offset + place]
              product += value * child[isReverse ? length - 1 - place : place]
              square += value * value
            }
            let score = square > 0 ? product / (childNorm * square.squareRoot()) : 0
            if score > best.score { best = (offset - padding, isReverse, score) }
          }
        }
      }
    }
    return best
  }
}

extension Pattern {
  var profile: ContributionProfile { ContributionProfile(sums.contributions) }

  /// The seqlets of this pattern and of another, aligned where the patterns' contributions correlate best, over the positions of this
  /// one. Seqlets that would leave their sequences drop out.
  ///
  /// TF-MoDISco aligns every seqlet of the other on its own; a few that go astray then widen the pattern until
  /// most no longer fit short sequences.
  func merged(with child: Pattern, overlap: Double, of tracks: AttributionTracks) -> Pattern {
    let match = profile.align(child.profile, overlap: overlap)
    let moved = child.seqlets.map { seqlet in
      (match.isReverse ? seqlet.reversed : seqlet)
        .expanded(before: match.offset, after: width - match.offset - child.width)
    }.filter { $0.fits(tracks.length) }
    return Pattern(tracks.sorted(seqlets + moved), of: tracks)
  }
}
