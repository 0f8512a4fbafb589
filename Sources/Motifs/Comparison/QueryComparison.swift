import CKernels
import Foundation
import Statistics

/// Compares one query at a time with all targets; one for each thread.
final class QueryComparison {
  private let comparison: Comparison
  private let table: ColumnTable
  private let kernels: ComparisonKernels
  private let targets: [Motif]
  private let scores: BinnedScores
  private let null: NullDistribution
  // Of each target on each strand.
  private let best: UnsafeMutableBufferPointer<Int16>
  private let pValues: UnsafeMutableBufferPointer<Double>
  private var discovery = DiscoveryRate()

  init(
    _ comparison: Comparison, _ table: ColumnTable, targets: [Motif], widest: Int, kernels: ComparisonKernels
  ) {
    self.comparison = comparison
    self.table = table
    self.kernels = kernels
    self.targets = targets
    scores = BinnedScores(table, comparison, widest: widest, kernels: kernels)
    null = NullDistribution(lengths: targets.lazy.map(\.width), widest: widest, kernels: kernels)
    best = .allocate(capacity: table.starts.count)
    best.initialize(repeating: 0)
    pValues = .allocate(capacity: table.starts.count)
    pValues.initialize(repeating: 1)
  }

  deinit {
    best.deallocate()
    pValues.deallocate()
  }

  /// The matches of a query within the threshold, best first.
  func matches(_ query: Motif, index: Int) -> [MotifMatch] {
    scores.fill(query)
    if comparison.completeScores { findComplete() } else { findIncomplete() }
    return select(index)
  }

  private var fewestColumns: Int { comparison.internalOnly ? .max : max(comparison.minimumOverlap, 1) }

  // MARK: p-values of each target on each strand

  private func findComplete() {
    kernels.table.pointee.best(
      scores.rows, Int64(scores.stride), Int32(scores.width), table.starts, table.lengths,
      Int64(table.starts.count), Int32(clamping: fewestColumns), best.baseAddress!)
    null.fill(scores, lowest: Int(best.min() ?? 0))
    null.lookUp(best, lengths: table.lengths, into: pValues)
    switch comparison.mode {
    case .meme:
      let bothStrands = comparison.bothStrands
      for target in pValues.indices {
        let tail = pValues[target]
        pValues[target] = Double(Float(bothStrands ? tail * (2 - tail) : tail))
      }
    case .lite: for target in pValues.indices where best[target] <= 0 { pValues[target] = 1 }
    }
  }

  /// Without scores for unaligned columns, the best alignment is the one with the smallest p-value of its own; m
  /// of them, taken for independent, give 1 − (1 − p)ᵐ, for which Tomtom takes mp where that is below 0.001.
  private func findIncomplete() {
    let spans = SpanTails(scores)
    for target in best.indices {
      let length = Int(table.lengths[target])
      let alignment = align(target, spans)
      let count = Double((scores.width + length - 1) * (comparison.bothStrands ? 2 : 1))
      let expected = count * alignment.tail
      let joint = alignment.tail < 1 ? -expm1(count * log1p(-alignment.tail)) : 1
      let pValue = expected < 0.001 ? expected : joint
      pValues[target] = Double(Float(pValue))
    }
  }

  // MARK: Alignments

  private struct Alignment {
    var offset: Int
    var overlap: Int
    var tail = 0.0
  }

  /// The best alignment with a target on one strand, with or without scores for unaligned columns.
  private func align(_ target: Int, _ spans: SpanTails? = nil) -> Alignment {
    if let spans { return alignIncomplete(target, spans) }
    // memelite compares the new alignment's overlap with the old one's offset.
    let found = ck_comparison_align(
      scores.rows, Int64(scores.stride), Int32(scores.width), table.starts[target], table.lengths[target],
      Int32(clamping: fewestColumns), comparison.mode == .lite ? 1 : 0)
    return Alignment(offset: Int(found.offset), overlap: Int(found.overlap))
  }

  private func alignIncomplete(_ target: Int, _ spans: SpanTails) -> Alignment {
    let width = scores.width
    let length = Int(table.lengths[target])
    let least = min(fewestColumns, width, length)
    var best: Alignment?
    for offset in (least - width)...(length - least) {
      let columns = max(0, -offset)..<min(width, length - offset)
      let start = Int(table.starts[target]) + offset
      let score = columns.reduce(0) { $0 + Int(scores.rows[$1 * (scores.stride + 1) + start]) }
      let alignment = Alignment(
        offset: offset, overlap: columns.count,
        tail: spans.tail(columns.lowerBound, columns.upperBound - 1, score: score))
      if let best, (best.tail, -best.overlap) <= (alignment.tail, -alignment.overlap) { continue }
      best = alignment
    }
    return best!
  }

  // MARK: Matches

  private func select(_ query: Int) -> [MotifMatch] {
    var all: [Double]
    let count = targets.count
    switch comparison.mode {
    case .meme: all = Array(pValues)
    case .lite:
      // One p-value a target: of the better strand, of two.
      if comparison.bothStrands {
        for target in 0..<count {
          let better = min(pValues[target], pValues[target + count])
          pValues[target] = better * (2 - better)
        }
      }
      all = Array(pValues[..<count])
    }
    discovery.fill(&all, estimatesNullShare: comparison.mode == .meme)
    let (discovery, mode) = (discovery, comparison.mode)
    func qValue(_ pValue: Double) -> Double {
      // As p, through a 32-bit float.
      let value = discovery.qValue(pValue)
      return mode == .meme ? Double(Float(value)) : value
    }
    let spans = comparison.completeScores ? nil : SpanTails(scores)
    var matches: [MotifMatch] = []
    for target in 0..<count {
      let reverse = comparison.bothStrands ? target + count : target
      let pValue = comparison.mode == .lite ? pValues[target] : min(pValues[target], pValues[reverse])
      let eValue = pValue * Double(count)
      guard comparison.threshold.admits(pValue: pValue, eValue: eValue, qValue: { qValue(pValue) })
      else {
        continue
      }
      let (alignment, isReverse) = better(target, reverse, spans)
      matches.append(
        MotifMatch(
          query: query, target: target, pValue: pValue, eValue: eValue, qValue: qValue(pValue),
          offset: alignment.offset, overlap: alignment.overlap,
          orientation: isReverse ? .reverse : .forward))
    }
    return matches.sorted(by: precedes)
  }

  private func better(_ forward: Int, _ reverse: Int, _ spans: SpanTails?) -> (Alignment, isReverse: Bool) {
    guard forward != reverse else { return (align(forward, spans), false) }
    if comparison.mode == .lite {
      // memelite prefers the reverse strand at equal scores; scores below 0 count as 0.
      let isReverse = max(best[forward], 0) <= max(best[reverse], 0)
      return (align(isReverse ? reverse : forward), isReverse)
    }
    if pValues[forward] != pValues[reverse] {
      let isReverse = pValues[reverse] < pValues[forward]
      return (align(isReverse ? reverse : forward, spans), isReverse)
    }
    let (one, other) = (align(forward, spans), align(reverse, spans))
    return other.overlap > one.overlap ? (other, true) : (one, false)
  }

  private func precedes(_ one: MotifMatch, _ other: MotifMatch) -> Bool {
    if one.pValue != other.pValue { return one.pValue < other.pValue }
    if one.overlap != other.overlap { return one.overlap > other.overlap }
    if one.orientation != other.orientation { return one.orientation == .forward }
    let names = (targets[one.target].identifier, targets[other.target].identifier)
    return names.0 == names.1 ? one.target < other.target : names.0 < names.1
  }
}

extension Comparison.Threshold {
  fileprivate func admits(pValue: Double, eValue: Double, qValue: () -> Double) -> Bool {
    switch self {
    case .pValue(let limit): pValue <= limit
    case .eValue(let limit): eValue <= limit
    case .qValue(let limit): qValue() <= limit
    }
  }
}

/// Tails of the scores of each span of query columns.
struct SpanTails {
  private var tails: [[Double]]
  private let width: Int

  init(_ scores: BinnedScores) {
    width = scores.width
    tails = [[Double]](repeating: [], count: scores.width * scores.width)
    for first in 0..<width {
      var tail = [1.0]
      for last in first..<width {
        let histogram = scores.histograms[last]
        var next = [Double](repeating: 0, count: tail.count + 100)
        for index in next.indices {
          for step in 0...100 where histogram[step] > 0 {
            let before = index - step
            next[index] += histogram[step] * (before <= 0 ? 1 : before < tail.count ? tail[before] : 0)
          }
        }
        tails[first * width + last] = next
        tail = next
      }
    }
  }

  /// The chance that the columns `first...last` score at least `score`.
  func tail(_ first: Int, _ last: Int, score: Int) -> Double {
    let tail = tails[first * width + last]
    return score <= 0 ? 1 : score < tail.count ? min(1, tail[score]) : 0
  }
}
