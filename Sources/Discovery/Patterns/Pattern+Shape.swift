extension Pattern {
  /// Widened by positions before and after; seqlets that would leave their sequences drop out.
  ///
  /// - Returns: `nil` if none is left.
  func expanded(before: Int, after: Int, of tracks: AttributionTracks) -> Pattern? {
    if before == 0, after == 0 { return self }
    let kept = seqlets.map { $0.expanded(before: before, after: after) }.filter { $0.fits(tracks.length) }
    return kept.isEmpty ? nil : Pattern(kept, of: tracks)
  }

  /// Widened by `flank`, cut to the `window` positions with most information, and widened by `flank` again.
  func polished(window: Int, flank: Int, background: [Double], of tracks: AttributionTracks) -> Pattern? {
    guard let wide = expanded(before: flank, after: flank, of: tracks) else { return nil }
    let information = wide.information(background: background)
    let window = min(window, wide.width)
    let sums = (0...wide.width - window).map { information[$0..<$0 + window].reduce(0, +) }
    // Positions that mirror each other sum in another order on the other strand: what differs by rounding is a tie.
    let best = sums.indices.reduce(0) { sums[$1] > sums[$0] + 1e-9 ? $1 : $0 }
    let kept = wide.seqlets.map { $0.trimmed(to: best..<best + window).expanded(before: flank, after: flank) }
      .filter { $0.fits(tracks.length) }
    return kept.isEmpty ? nil : Pattern(kept, of: tracks)
  }
}
