import CKernels
import Foundation

/// The median score of each query column over all columns, and the range.
///
/// A sample of the columns tells between which two keys each median lies but for bad luck; the one pass over all
/// columns keeps only the keys between them. Where that pass makes estimates of the keys, the median's estimate
/// says which few columns need exact keys.
final class ColumnMedians {
  struct Found {
    /// 0 where it was not asked for.
    var median = 0.0
    var low: Double
    var high: Double
  }

  /// The keys, or estimates of them, that the pass over all columns has kept of one query column.
  private struct Kept {
    var column: comparison_column
    var keys: UnsafeMutablePointer<Double>
    var pass: comparison_pass
    var window: comparison_range
    /// The most that an estimate differs from its key; 0 for keys.
    var error: Double

    var count: Int { Int(pass.inside) }
    var below: Int { Int(pass.below) }

    func covers(_ range: comparison_range) -> Bool {
      range.low >= window.low + error && range.high <= window.high - error
    }
  }

  private let scores: ColumnScores
  private let sample: ColumnScores?
  private let inside: UnsafeMutablePointer<Double>
  private let scratch: UnsafeMutablePointer<Double>
  private let extremes: UnsafeMutablePointer<Float>
  private let stride: Int

  init(_ scores: ColumnScores, widest: Int) {
    self.scores = scores
    sample = scores.table.sample.map { ColumnScores($0, scores.kernels) }
    stride = scores.table.count + 16
    inside = .allocate(capacity: widest * stride)
    scratch = .allocate(capacity: 2 * stride)
    extremes = .allocate(capacity: 2 * widest * Int(ck_comparison_blocks(Int64(scores.table.count))))
  }

  deinit {
    inside.deallocate()
    scratch.deallocate()
    extremes.deallocate()
  }

  func find(_ query: [comparison_column], needed: Bool) -> [Found] {
    let windows = query.map { needed ? guess($0) : comparison_range(low: .infinity, high: -.infinity) }
    let passes =
      scores.hasEstimates
      ? scores.estimate(query, windows: windows, inside: inside, stride: stride, extremes: extremes)
      : scores.measure(query, windows: windows, inside: inside, stride: stride, scratch: scratch)
    return query.indices.map { index in
      let range = passes[index].range
      var found = Found(low: scores.score(ofKey: range.low), high: scores.score(ofKey: range.high))
      if needed {
        found.median = median(
          Kept(
            column: query[index], keys: inside + index * stride, pass: passes[index], window: windows[index],
            error: scores.hasEstimates ? scores.error(query[index]) : 0))
      }
      return found
    }
  }

  /// The rank, from 0, that medians are taken at: ⌈T/2⌉ − 1.
  private var rank: Int { (scores.table.columnCount + 1) / 2 - 1 }

  private func guess(_ column: comparison_column) -> comparison_range {
    guard let sample else { return comparison_range(low: -.infinity, high: .infinity) }
    let pass = sample.keys(column, into: scratch)
    var window = ck_comparison_guess(
      scratch, Int64(sample.table.columnCount), pass.range, Double(rank), Double(scores.table.columnCount),
      1)
    // Room for what the estimates may differ, also where many keys are equal.
    let room = scores.hasEstimates ? 4 * scores.error(column) : 0
    window.low -= room
    window.high += room
    return window
  }

  /// The median as the program in question has it.
  ///
  /// Tomtom takes the mean of the sorted scores at ⌊T/2⌋ − 1 and ⌈T/2⌉ − 1, one place below the median. memelite
  /// parts the range in 999 bins and takes the mean of the bin that holds the score at ⌈T/2⌉ − 1.
  private func median(_ kept: Kept) -> Double {
    let count = scores.table.columnCount
    let lower = count % 2 == 0 ? rank : max(rank - 1, 0)
    var kept = kept
    func score(_ rank: Int) -> Double {
      if let key = key(kept, rank) { return scores.score(ofKey: key) }
      kept = all(kept)
      return scores.score(ofKey: key(kept, rank)!)
    }
    switch scores.table.comparison.mode {
    case .meme: return lower == rank ? score(rank) : (score(rank) + score(lower)) / 2
    case .lite: return meanOfBin(score(rank), kept)
    }
  }

  /// The key at a rank; `nil` where, by bad luck, it is not among those kept.
  private func key(_ kept: Kept, _ rank: Int) -> Double? {
    guard rank >= kept.below, rank < kept.below + kept.count else { return nil }
    let range = comparison_range(
      low: max(kept.pass.range.low - kept.error, kept.window.low),
      high: min(kept.pass.range.high + kept.error, kept.window.high))
    let found = scores.kernels.table.pointee.select(
      kept.keys, Int64(kept.count), range, Int64(rank - kept.below), scratch)
    guard kept.error > 0 else { return found }
    // No estimate moves by more than the error, nor does the value at any rank: it is one of those within twice the
    // error, and all others lie beyond it.
    let near = comparison_range(low: found - 2 * kept.error, high: found + 2 * kept.error)
    guard kept.covers(near) else { return nil }
    let pass = scores.kernels.table.pointee.window(kept.keys, Int64(kept.count), near, scratch)
    scores.makeExact(kept.column, scratch, count: Int(pass.inside))
    return ck_comparison_nth(scratch, pass.inside, Int64(rank - kept.below) - pass.below)
  }

  /// All keys of the same column, exact, in the place of those kept.
  private func all(_ kept: Kept) -> Kept {
    let pass = scores.keys(kept.column, into: kept.keys)
    return Kept(
      column: kept.column, keys: kept.keys, pass: pass,
      window: comparison_range(low: -.infinity, high: .infinity), error: 0)
  }

  /// The mean of the scores that share a bin with `score` when the range is parted in 999.
  private func meanOfBin(_ score: Double, _ kept: Kept) -> Double {
    let low = scores.score(ofKey: kept.pass.range.low)
    let high = scores.score(ofKey: kept.pass.range.high)
    let width = high - low
    guard width > 0 else { return low }
    func bin(_ score: Double) -> Int { Int((score - low) / width * 999) }
    let wanted = Double(bin(score))
    // Keys that may be of this bin, with half a bin to spare on either side.
    var near = comparison_range(
      low: scores.key(ofScore: low + (wanted - 0.5) / 999 * width),
      high: scores.key(ofScore: min(low + (wanted + 1.5) / 999 * width, high)))
    let kept = kept.covers(near) ? kept : all(kept)
    near.low -= kept.error
    near.high += kept.error
    let chosen = Int(
      scores.kernels.table.pointee.window(kept.keys, Int64(kept.count), near, scratch).inside)
    if kept.error > 0 { scores.makeExact(kept.column, scratch, count: chosen) }
    var (sum, found) = (0.0, 0.0)
    for index in 0..<chosen {
      let score = scores.score(ofKey: scratch[index])
      if Double(bin(score)) == wanted { (sum, found) = (sum + score, found + 1) }
    }
    return sum / found
  }
}
