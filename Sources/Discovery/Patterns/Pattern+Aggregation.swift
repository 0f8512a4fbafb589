import Foundation

extension Pattern {
  /// Aligns seqlets into one pattern: begins with the first and adds the others in turn where they agree best with what is there by
  /// continuous Jaccard similarity, widening the pattern so that every seqlet spans it. Seqlets that would then leave their
  /// sequences drop out.
  ///
  /// - Parameters:
  ///   - seqlets: of one width, at least one, the strongest first.
  ///   - overlap: share of a seqlet that lies on the pattern at least.
  static func aggregate(
    _ seqlets: [Seqlet], overlap: Double, of tracks: AttributionTracks, kernels: SimilarityKernels = .best
  ) -> Pattern {
    var pattern = Pattern([seqlets[0]], of: tracks)
    var places: Set<Seqlet.Place> = [seqlets[0].place]
    let windows = AttributionWindows(seqlets, of: tracks)
    let padding = Int((Double(windows.width) * (1 - overlap)).rounded(.up))
    var table = OffsetTable(pattern.sums, width: windows.width, padding: padding)
    for (index, seqlet) in seqlets.enumerated().dropFirst() {
      let match = table.match(table.terms(windows, index..<index + 1), index, kernels: kernels)
      let turned = match.isReverse ? seqlet.reversed : seqlet
      if pattern.insert(turned, at: match.offset, places: &places, of: tracks) {
        table = OffsetTable(pattern.sums, width: windows.width, padding: padding)
      }
    }
    return pattern
  }

  /// Adds a seqlet whose first position lies at `offset`, widening it to the pattern and the pattern to it.
  ///
  /// - Parameter places: of the pattern's seqlets.
  /// - Returns: whether the pattern has changed.
  mutating func insert(
    _ seqlet: Seqlet, at offset: Int, places: inout Set<Seqlet.Place>, of tracks: AttributionTracks
  ) -> Bool {
    let (before, after) = (max(0, -offset), max(0, offset + seqlet.width - width))
    let wide = seqlet.expanded(before: max(0, offset), after: max(0, width - offset - seqlet.width))
    guard wide.fits(tracks.length) else { return false }
    if before > 0 || after > 0 {
      guard let expanded = expanded(before: before, after: after, of: tracks) else { return false }
      self = expanded
      places = Set(seqlets.map(\.place))
    }
    guard places.insert(wide.place).inserted else { return before > 0 || after > 0 }
    append(wide, of: tracks)
    return true
  }
}
