import CKernels
import Foundation

/// The scores of one query with all columns, shifted and rounded to whole numbers.
///
/// Score of a column: its likeness to the query's column, less the median of that query column's likeness to all
/// columns, in units that span a range of 100; an unaligned query column counts 0.
final class BinnedScores {
  private let table: ColumnTable
  private let comparison: Comparison
  private let kernels: ComparisonKernels
  private let scores: UnsafeMutablePointer<Double>
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
    self.kernels = kernels
    scores = .allocate(capacity: widest * table.count)
    scratch = .allocate(capacity: 2 * table.count + 16)
    stride = table.count + Self.margin
    bins = .allocate(capacity: widest * stride + 2 * Self.margin)
    bins.initialize(repeating: 0, count: widest * stride + 2 * Self.margin)
  }

  deinit {
    scores.deallocate()
    scratch.deallocate()
    bins.deallocate()
  }

  /// Scores of query column 0 with all columns; column i stands `i * stride` further on. Readable 64 bytes before
  /// and behind.
  var rows: UnsafePointer<Int8> { UnsafePointer(bins + Self.margin) }

  func fill(_ query: Motif) {
    let columns = table.columns(of: query)
    width = columns.count
    var shifts = [Double](repeating: 0, count: width)
    var low = Double.infinity
    var high = -Double.infinity
    for (index, column) in columns.enumerated() {
      let row = scores + index * table.count
      let range = table.score(column, with: kernels, into: row)
      if comparison.completeScores { shifts[index] = middle(of: row, range) }
      low = min(low, range.low - shifts[index])
      high = max(high, range.high - shifts[index])
    }
    let (offset, scale) = grid(low, high)
    // Incomplete scores have no use for a zero, so theirs start at 0.
    unit = comparison.completeScores ? Int((offset * scale).rounded()) : 0
    histograms = (0..<width).map { index in
      let row = bins + Self.margin + index * stride
      kernels.table.pointee.bin(
        scores + index * table.count, Int64(table.count), shifts[index] + offset, scale, Int32(unit), row)
      return withUnsafeTemporaryAllocation(of: UInt32.self, capacity: 256) { counts in
        comparison_histogram(row, Int64(table.columnCount), Int32(unit), counts.baseAddress!)
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

  /// The median as the program in question has it.
  ///
  /// Tomtom takes the mean of the sorted values at ⌊T/2⌋ − 1 and ⌈T/2⌉ − 1, one place below the median. memelite
  /// parts the range in 999 bins and takes the mean of the bin that holds the value at ⌈T/2⌉ − 1.
  private func middle(of row: UnsafeMutablePointer<Double>, _ range: comparison_range) -> Double {
    let count = table.columnCount
    let kernels = kernels.table.pointee
    func value(_ rank: Int) -> Double {
      kernels.select(row, Int64(count), range, Int64(max(rank, 0)), scratch)
    }
    let upper = value((count + 1) / 2 - 1)
    guard comparison.mode == .lite else { return count % 2 == 0 ? upper : (upper + value(count / 2 - 1)) / 2 }
    let width = range.high - range.low
    guard width > 0 else { return range.low }
    func bin(_ value: Double) -> Int { Int((value - range.low) / width * 999) }
    let wanted = bin(upper)
    var below: Int64 = 0
    let inside = kernels.window(
      row, Int64(count), range.low + (Double(wanted) - 0.5) / 999 * width,
      range.low + (Double(wanted) + 1.5) / 999 * width, scratch, &below)
    var (sum, found) = (0.0, 0.0)
    for index in 0..<Int(inside) where bin(scratch[index]) == wanted {
      sum += scratch[index]
      found += 1
    }
    return sum / found
  }
}
