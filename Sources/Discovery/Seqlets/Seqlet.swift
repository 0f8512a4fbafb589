/// A stretch of a sequence whose attributions stand out, read on one strand.
public struct Seqlet: Hashable, Sendable {
  /// Index of the sequence.
  public var sequence: Int
  /// Positions in the sequence, from 0.
  public var start: Int
  public var end: Int
  /// Whether it is read on the other strand.
  public var isReverse: Bool

  public init(sequence: Int, start: Int, end: Int, isReverse: Bool = false) {
    self.sequence = sequence
    self.start = start
    self.end = end
    self.isReverse = isReverse
  }

  public var width: Int { end - start }

  /// The same place read on the other strand.
  var reversed: Seqlet { Seqlet(sequence: sequence, start: start, end: end, isReverse: !isReverse) }

  /// Widened by positions before and after, as it is read.
  func expanded(before: Int, after: Int) -> Seqlet {
    isReverse
      ? Seqlet(sequence: sequence, start: start - after, end: end + before, isReverse: true)
      : Seqlet(sequence: sequence, start: start - before, end: end + after)
  }

  /// The positions `range` of it, as it is read.
  func trimmed(to range: Range<Int>) -> Seqlet {
    expanded(before: -range.lowerBound, after: range.upperBound - width)
  }

  /// Whether it lies inside a sequence of `length` bases.
  func fits(_ length: Int) -> Bool { start >= 0 && end <= length }

  /// Where it is, whatever its strand.
  var place: Place { Place(sequence: sequence, start: start, end: end) }

  struct Place: Hashable {
    let sequence: Int
    let start: Int
    let end: Int
  }
}

extension AttributionTracks {
  /// Σ |attribution| of the bases that are there.
  func strength(_ seqlet: Seqlet) -> Float {
    (seqlet.start..<seqlet.end).reduce(0) { $0 + abs(contribution(seqlet.sequence, $1)) }
  }

  /// The strongest first; equal ones by what their sequences hold, so that the order of the file does not matter.
  func sorted(_ seqlets: [Seqlet]) -> [Seqlet] {
    let strengths = seqlets.map(strength)
    return seqlets.indices.sorted { a, b in
      let (left, right) = (seqlets[a], seqlets[b])
      if strengths[a] != strengths[b] { return strengths[a] > strengths[b] }
      let (first, second) = (digests[left.sequence], digests[right.sequence])
      if first != second { return first < second }
      if left.start != right.start { return left.start < right.start }
      return left.sequence < right.sequence
    }.map { seqlets[$0] }
  }
}
