import Foundation

extension Pattern {
  /// Widened by positions before and after; seqlets that would leave their sequences drop out.
  ///
  /// - Returns: `nil` if none is left.
  func expanded(before: Int, after: Int, of tracks: AttributionTracks) -> Pattern? {
    if before == 0, after == 0 { return self }
    let kept = seqlets.map { $0.expanded(before: before, after: after) }.filter { $0.fits(tracks.length) }
    return kept.isEmpty ? nil : Pattern(kept, of: tracks)
  }

  /// Widened by `flank`, cut to the `window` positions with most information, the middle ones where it does not matter, and widened
  /// by `flank` again.
  func polished(window: Int, flank: Int, background: [Double], of tracks: AttributionTracks) -> Pattern? {
    guard let wide = expanded(before: flank, after: flank, of: tracks) else { return nil }
    let information = wide.information(background: background)
    let window = min(window, wide.width)
    let sums = (0...wide.width - window).map { information[$0..<$0 + window].reduce(0, +) }
    let best = Self.middle(of: sums, within: wide.chance(of: window))
    let kept = wide.seqlets.map { $0.trimmed(to: best..<best + window).expanded(before: flank, after: flank) }
      .filter { $0.fits(tracks.length) }
    return kept.isEmpty ? nil : Pattern(kept, of: tracks)
  }

  /// What the information of two windows may differ by without any difference: three standard deviations of the sum over both of
  /// what n bases show by chance at a position, χ²₃ / (2 n ln 2).
  private func chance(of window: Int) -> Double {
    3 * (6 * Double(2 * window)).squareRoot() / (2 * Double(seqlets.count) * log(2))
  }

  /// The middle one of the values around the largest that reach it but for `tolerance`: the first that comes would let the pattern
  /// lean to one side, and seqlets near an end of their sequences drop out.
  private static func middle(of values: [Double], within tolerance: Double) -> Int {
    let largest = values.indices.reduce(0) { values[$1] > values[$0] ? $1 : $0 }
    let limit = values[largest] - tolerance
    let first = values[..<largest].lastIndex { $0 < limit }.map { $0 + 1 } ?? 0
    let last = values[largest...].firstIndex { $0 < limit }.map { $0 - 1 } ?? values.count - 1
    return (first + last) / 2
  }
}
