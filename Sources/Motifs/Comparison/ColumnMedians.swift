import CKernels
import Foundation

/// The median score of each query column over all columns, and the range.
///
/// A sample of the columns tells between which two keys each median lies but for bad luck; the one pass over all
/// columns keeps only the keys between them.
final class ColumnMedians {
  struct Found {
    /// 0 where it was not asked for.
    var median = 0.0
    var low: Double
    var high: Double
  }

  private let scores: ColumnScores
  private let sample: ColumnScores?
  private let inside: UnsafeMutablePointer<Double>
  private let scratch: UnsafeMutablePointer<Double>
  private let stride: Int

  init(_ scores: ColumnScores, widest: Int) {
    self.scores = scores
    sample = scores.table.sample.map { ColumnScores($0, scores.kernels) }
    stride = scores.table.count + 8
    inside = .allocate(capacity: widest * stride)
    scratch = .allocate(capacity: 2 * stride)
  }

  deinit {
    inside.deallocate()
    scratch.deallocate()
  }

  func find(_ query: [comparison_column], needed: Bool) -> [Found] {
    let windows = query.map { needed ? guess($0) : comparison_range(low: .infinity, high: -.infinity) }
    let passes = scores.measure(query, windows: windows, inside: inside, stride: stride, scratch: scratch)
    return query.indices.map { index in
      let range = passes[index].range
      var found = Found(low: scores.score(ofKey: range.low), high: scores.score(ofKey: range.high))
      if needed { found.median = median(query[index], index, passes[index], windows[index]) }
      return found
    }
  }

  /// The rank, from 0, that medians are taken at: ⌈T/2⌉ − 1.
  private var rank: Int { (scores.table.columnCount + 1) / 2 - 1 }

  private func guess(_ column: comparison_column) -> comparison_range {
    guard let sample else { return comparison_range(low: -.infinity, high: .infinity) }
    let pass = sample.keys(column, into: scratch)
    return comparison_guess(
      scratch, Int64(sample.table.columnCount), pass.range, Double(rank), Double(scores.table.columnCount))
  }

  /// The median as the program in question has it.
  ///
  /// Tomtom takes the mean of the sorted scores at ⌊T/2⌋ − 1 and ⌈T/2⌉ − 1, one place below the median. memelite
  /// parts the range in 999 bins and takes the mean of the bin that holds the score at ⌈T/2⌉ − 1.
  private func median(
    _ column: comparison_column, _ index: Int, _ pass: comparison_pass, _ window: comparison_range
  ) -> Double {
    let count = scores.table.columnCount
    let kernels = scores.kernels.table.pointee
    var keys = inside + index * stride
    var (below, within, range) = (Int(pass.below), Int(pass.inside), pass.range)
    range.low = max(range.low, window.low)
    range.high = min(range.high, window.high)
    let lower = count % 2 == 0 ? rank : max(rank - 1, 0)
    if lower < below || rank >= below + within {
      // Bad luck: all keys are needed.
      keys = inside + index * stride
      _ = scores.keys(column, into: keys)
      (below, within, range) = (0, count, pass.range)
    }
    func score(_ rank: Int) -> Double {
      scores.score(ofKey: kernels.select(keys, Int64(within), range, Int64(rank - below), scratch))
    }
    switch scores.table.comparison.mode {
    case .meme: return lower == rank ? score(rank) : (score(rank) + score(lower)) / 2
    case .lite: return meanOfBin(score(rank), column, keys, within, window, pass.range)
    }
  }

  /// The mean of the scores that share a bin with `score` when the range is parted in 999.
  private func meanOfBin(
    _ score: Double, _ column: comparison_column, _ keys: UnsafeMutablePointer<Double>, _ count: Int,
    _ window: comparison_range, _ range: comparison_range
  ) -> Double {
    let low = scores.score(ofKey: range.low)
    let high = scores.score(ofKey: range.high)
    let width = high - low
    guard width > 0 else { return low }
    func bin(_ score: Double) -> Int { Int((score - low) / width * 999) }
    let wanted = Double(bin(score))
    // Keys that may be of this bin, with half a bin to spare on either side.
    let near = comparison_range(
      low: scores.key(ofScore: low + (wanted - 0.5) / 999 * width),
      high: scores.key(ofScore: min(low + (wanted + 1.5) / 999 * width, high)))
    var (all, total) = (keys, count)
    if near.low < window.low || near.high > window.high {
      all = scratch + stride
      total = scores.table.columnCount
      _ = scores.keys(column, into: all)
    }
    let chosen = Int(scores.kernels.table.pointee.window(all, Int64(total), near, scratch).inside)
    var (sum, found) = (0.0, 0.0)
    for index in 0..<chosen {
      let score = scores.score(ofKey: scratch[index])
      if Double(bin(score)) == wanted { (sum, found) = (sum + score, found + 1) }
    }
    return sum / found
  }
}
