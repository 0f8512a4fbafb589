import Foundation

/// Where hits lie, and which lie in one sequence and how far apart.
public struct HitStatistics: Sendable {
  /// Hits of two patterns in the same sequences.
  public struct Pair: Sendable {
    public let first: Int
    public let second: Int
    /// Sequences with hits of both.
    public let sequences: Int
    /// log₂ of that number over what independence would give, N·(n₁/N)·(n₂/N); with half a sequence added to both.
    public let logRatio: Double
    /// From the middle of a hit of the first to that of the second, as the first is read, for every two in a sequence.
    public let distances: [Double]
  }

  /// Sequences with a hit, by pattern.
  public let sequences: [Int]
  /// Middles of the hits, from the start of the sequence, by pattern.
  public let positions: [[Double]]
  /// Pairs of different patterns, the one in most sequences first.
  public let pairs: [Pair]

  /// - Parameters:
  ///   - hits: by sequence.
  ///   - patterns: how many there are.
  ///   - count: number of all sequences.
  public init(_ hits: [AttributionHit], patterns: Int, sequences count: Int) {
    var positions = [[Double]](repeating: [], count: patterns)
    var sequences = [Int](repeating: 0, count: patterns)
    var shared = [[Int]](repeating: Array(repeating: 0, count: patterns), count: patterns)
    var distances = [[[Double]]](
      repeating: Array(repeating: [], count: patterns), count: patterns)
    for group in hits.chunked(by: { $0.sequence == $1.sequence }) {
      let present = Set(group.map(\.pattern)).sorted()
      for pattern in present { sequences[pattern] += 1 }
      for (place, first) in present.enumerated() {
        for second in present[(place + 1)...] { shared[first][second] += 1 }
      }
      for hit in group { positions[hit.pattern].append(hit.middle) }
      for first in group {
        for second in group where first.pattern < second.pattern {
          let distance = second.middle - first.middle
          distances[first.pattern][second.pattern].append(first.isReverse ? -distance : distance)
        }
      }
    }
    self.positions = positions
    self.sequences = sequences
    pairs = (0..<patterns).flatMap { first in
      (first + 1..<max(first + 1, patterns)).map { second in
        let expected = Double(sequences[first]) * Double(sequences[second]) / Double(max(1, count))
        return Pair(
          first: first, second: second, sequences: shared[first][second],
          logRatio: log2((Double(shared[first][second]) + 0.5) / (expected + 0.5)),
          distances: distances[first][second])
      }
    }.sorted { ($1.sequences, $0.first, $0.second) < ($0.sequences, $1.first, $1.second) }
  }
}

extension AttributionHit {
  /// Position of its middle.
  public var middle: Double { Double(start + end - 1) / 2 }
}

extension Array {
  /// Neighbors that belong together.
  fileprivate func chunked(by belongs: (Element, Element) -> Bool) -> [ArraySlice<Element>] {
    var chunks: [ArraySlice<Element>] = []
    var start = startIndex
    for index in indices.dropFirst() where !belongs(self[index - 1], self[index]) {
      chunks.append(self[start..<index])
      start = index
    }
    return isEmpty ? [] : chunks + [self[start...]]
  }
}
