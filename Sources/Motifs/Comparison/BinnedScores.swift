import CKernels
import Foundation

/// The scores of one query with all columns, shifted and rounded to whole numbers.
///
/// Score of a column: its likeness to the query's column, less the median of that query column's likeness to all
/// columns, in units that span a range of 100; an unaligned query column counts 0.
final class BinnedScores {
  private let table: ColumnTable
  private let comparison: Comparison
  private let scores: ColumnScores
  private let medians: ColumnMedians
  private let scratch: UnsafeMutablePointer<Double>
  private let bins: UnsafeMutablePointer<Int8>
  /// Bytes from one query column's bins to the next's.
  let stride: Int
  private static let margin = 64

  /// Of the query in hand: number of columns, and the smallest possible score of a column (at most 0).
  private(set) var width = 0
  private(set) var unit = 0
  /// Share of columns with score `unit + k`: (width, 101).
  private(set) var histograms: [[Double]] = []

  init(_ table: ColumnTable, _ comparison: Comparison, widest: Int, kernels: ComparisonKernels) {
    self.table = table
    self.comparison = comparison
    scores = ColumnScores(table, kernels)
    medians = ColumnMedians(scores, widest: widest)
    scratch = .allocate(capacity: table.count)
    stride = table.count + Self.margin
    bins = .allocate(capacity: widest * stride + 2 * Self.margin)
    bins.initialize(repeating: 0, count: widest * stride + 2 * Self.margin)
  }

  deinit {
    scratch.deallocate()
    bins.deallocate()
  }

  /// Scores of query column 0 with all columns; column i stands `i * stride` further on. Readable 64 bytes before
  /// and after.
  var rows: UnsafePointer<Int8> { UnsafePointer(bins + Self.margin) }

  func fill(_ query: Motif) {
    let columns = table.columns(of: query)
    width = columns.count
    let found = medians.find(columns, needed: comparison.completeScores)
    let shifts = found.map(\.median)
    let low = found.reduce(.infinity) { min($0, $1.low - $1.median) }
    let high = found.reduce(-.infinity) { max($0, $1.high - $1.median) }
    let (offset, scale) = grid(low, high)
    // Incomplete scores have no use for a zero, so theirs start at 0.
    unit = comparison.completeScores ? Int((offset * scale).rounded()) : 0
    let rows = bins + Self.margin
    scores.bin(
      columns, shifts: shifts.map { $0 + offset }, scale: scale, unit: unit, into: rows, stride: stride,
      scratch: scratch)
    histograms = (0..<width).map { index in
      withUnsafeTemporaryAllocation(of: UInt64.self, capacity: 128) { counts in
        ck_comparison_histogram(
          rows + index * stride, Int64(table.columnCount), Int32(unit), counts.baseAddress!)
        return counts[0...100].map { Double($0) / Double(table.columnCount) }
      }
    }
  }

  /// Where the grid of scores starts, and its steps in one unit of likeness. Both are whole, as in Tomtom, unless
  /// likeness ranges over more than 100, where a whole number of steps would be none.
  private func grid(_ low: Double, _ high: Double) -> (offset: Double, scale: Double) {
    let offset = comparison.mode == .meme && high == low ? (low - 1).rounded(.down) : low.rounded(.down)
    let range = comparison.mode == .meme ? high - offset : max(high - offset, 1)
    let scale = (100 / range).rounded(.down)
    return (offset, scale >= 1 ? scale : 100 / range)
  }
}
