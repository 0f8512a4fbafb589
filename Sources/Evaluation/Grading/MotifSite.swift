import Sequences

/// Where a sequence has a site.
public struct MotifSite: Equatable, Sendable {
  /// Positions in the sequence.
  public var range: Range<Int>
  /// Whether it reads on the other strand.
  public var isReverse: Bool

  public init(_ range: Range<Int>, isReverse: Bool = false) {
    (self.range, self.isReverse) = (range, isReverse)
  }
}

extension PlantedSite {
  /// None or one, of a motif of this width.
  public func sites(width: Int) -> [MotifSite] {
    start.map { [MotifSite($0..<$0 + width, isReverse: isReverse)] } ?? []
  }
}
