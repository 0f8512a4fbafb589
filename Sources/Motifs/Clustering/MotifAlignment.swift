/// How two motifs lie on each other without gaps, and how well they agree there.
public struct MotifAlignment: Equatable, Sendable {
  /// Position 0 of the first motif lies on position `offset` of the second, read in its orientation.
  public var offset: Int
  /// Positions that both motifs cover.
  public var overlap: Int
  /// Whether the second motif is read on its other strand.
  public var isReverse: Bool
  /// Correlation of the frequencies over the overlap, about ¼: from −1 to 1.
  public var correlation: Double
  /// Correlation × overlap / positions that either motif covers, so that short overlaps count less
  /// (Castro-Mondragon et al. 2017, RSAT matrix-clustering, Nucleic Acids Research 45, e119).
  public var normalizedCorrelation: Double

  /// Overlaps shorter than this are not tried, unless the narrower motif is.
  public static let defaultMinimumOverlap = 5

  /// The alignment with the largest normalized correlation; of equal ones the first, forward before reverse.
  ///
  /// Both motifs must have positions.
  public static func best(
    _ first: FrequencyMatrix, _ second: FrequencyMatrix, bothStrands: Bool = true,
    minimumOverlap: Int = defaultMinimumOverlap
  ) -> MotifAlignment {
    precondition(first.width > 0 && second.width > 0, "motifs with positions")
    let forward = best(first, second, isReverse: false, minimumOverlap)
    guard bothStrands else { return forward }
    let reverse = best(first, second.reverseComplement, isReverse: true, minimumOverlap)
    return reverse.normalizedCorrelation > forward.normalizedCorrelation ? reverse : forward
  }

  private static func best(
    _ first: FrequencyMatrix, _ second: FrequencyMatrix, isReverse: Bool, _ minimumOverlap: Int
  ) -> MotifAlignment {
    let least = min(max(minimumOverlap, 1), first.width, second.width)
    var best: MotifAlignment?
    first.values.withUnsafeBufferPointer { a in
      second.values.withUnsafeBufferPointer { b in
        for offset in (least - first.width)...(second.width - least) {
          let start = max(0, -offset)
          let overlap = min(first.width, second.width - offset) - start
          var (ab, aa, bb) = (0.0, 0.0, 0.0)
          for cell in 4 * start..<4 * (start + overlap) {
            let x = a[cell] - 0.25
            let y = b[cell + 4 * offset] - 0.25
            ab += x * y
            aa += x * x
            bb += y * y
          }
          let norm = (aa * bb).squareRoot()
          let correlation = norm > 1e-14 ? ab / norm : 0
          let normalized = correlation * Double(overlap) / Double(first.width + second.width - overlap)
          if normalized > best?.normalizedCorrelation ?? -.infinity {
            best = MotifAlignment(
              offset: offset, overlap: overlap, isReverse: isReverse, correlation: correlation,
              normalizedCorrelation: normalized)
          }
        }
      }
    }
    return best!
  }
}
