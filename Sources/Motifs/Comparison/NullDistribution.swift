import CKernels

/// The chance that the best of all alignments of a query with a random target reaches a score.
///
/// A span of query columns scores the sum of independent draws from their columns' distributions. With a target
/// of length L the query has w + L − 1 alignments, each of which covers a span; the best of them, taken for
/// independent, reaches s with chance 1 − Π (1 − P(span ≥ s)).
///
/// All is done on tails P(… ≥ s) rather than on densities: convolving a tail with one more column's density gives
/// the next tail, and small chances keep all their digits.
final class NullDistribution {
  private let kernels: ComparisonKernels
  private let lengths: [Int]
  private let chain: [UnsafeMutablePointer<Double>]
  private static let margin = 256

  /// Tails by target length for scores `lowest` and up; `size` of them each.
  private var tails: [Double] = []
  private var slots: [Int] = []
  private var lowest = 0
  private var size = 0

  /// - Parameters:
  ///   - lengths: Widths of the targets, in any order.
  ///   - widest: Columns of the widest query.
  init(lengths: some Sequence<Int>, widest: Int, kernels: ComparisonKernels) {
    self.kernels = kernels
    self.lengths = Set(lengths).sorted()
    chain = (0..<2).map { _ in .allocate(capacity: 101 * widest + 3 * 256) }
  }

  deinit { for buffer in chain { buffer.deallocate() } }

  /// The chance that a random target of each length reaches the score on one strand.
  func lookUp(
    _ scores: UnsafeMutableBufferPointer<Int16>, lengths: [Int32],
    into chances: UnsafeMutableBufferPointer<Double>
  ) {
    let (tails, slots, lowest, size) = (tails, slots, lowest, size)
    for target in lengths.indices {
      let index = Int(scores[target]) - lowest
      chances[target] = index >= size ? 0 : min(1, tails[slots[Int(lengths[target])] + max(index, 0)])
    }
  }

  /// - Parameter lowest: the smallest score that will be asked for.
  func fill(_ scores: BinnedScores, lowest: Int) {
    let width = scores.width
    let columns = scores.histograms.map { Column($0, unit: scores.unit) }
    self.lowest = lowest
    let highest = columns.reduce(0) { $0 + max(0, $1.highest) }
    size = max(highest - lowest + 1, 1)
    let longest = lengths.last ?? 0
    let wanted = lengths.prefix { $0 < width }
    // Spans of each length that some targets cover as a whole, and spans at either end of the query.
    var inner = Tails(count: width + 1, size: size)
    var outer = Tails(count: width, size: size)
    for first in 0..<width {
      var span = Span(buffers: chain, margin: Self.margin)
      for last in first..<min(width, first + longest) {
        span.append(columns[last], kernels)
        let count = last - first + 1
        if count == width || wanted.contains(count) { inner.unite(span, at: count, from: lowest, kernels) }
        if count < width, first == 0 || last == width - 1 {
          outer.unite(span, at: count, from: lowest, kernels)
        }
      }
    }
    combine(inner, outer, width: width)
  }

  private func combine(_ inner: borrowing Tails, _ outer: borrowing Tails, width: Int) {
    slots = [Int](repeating: 0, count: (lengths.last ?? 0) + 1)
    tails = [Double](repeating: 0, count: lengths.count * size)
    var ends = [Double](repeating: 0, count: size)
    var covered = 0
    var whole = 0
    for (slot, length) in lengths.enumerated() {
      slots[length] = slot * size
      while covered < min(length, width) - 1 {
        covered += 1
        unite(&ends, outer.pointer(covered))
      }
      if length >= width {
        // Each further column of the target adds an alignment that covers the whole query.
        unite(&ends, inner.pointer(width), times: length - width + 1 - whole)
        whole = length - width + 1
      }
      tails.withUnsafeMutableBufferPointer { tails in
        let row = tails.baseAddress! + slot * size
        for index in 0..<size { row[index] = ends[index] }
        if length < width { kernels.table.pointee.unite(row, inner.pointer(length), Int64(size)) }
      }
    }
  }

  private func unite(_ total: inout [Double], _ more: UnsafePointer<Double>, times: Int = 1) {
    guard times > 16 else {
      for _ in 0..<times { kernels.table.pointee.unite(&total, more, Int64(size)) }
      return
    }
    // Of many equal events: by doubling.
    var power = Array(UnsafeBufferPointer(start: more, count: size))
    var rest = times
    while rest > 0 {
      if rest & 1 == 1 { kernels.table.pointee.unite(&total, power, Int64(size)) }
      for index in power.indices { power[index] *= 2 - power[index] }
      rest >>= 1
    }
  }

  /// One query column's distribution without its empty bins.
  private struct Column {
    var lowest: Int
    var highest: Int
    var steps: [Int32] = []
    var weights: [Double] = []

    init(_ histogram: [Double], unit: Int) {
      let first = histogram.firstIndex { $0 > 0 } ?? 0
      for index in first..<histogram.count where histogram[index] > 0 {
        steps.append(Int32(index - first))
        weights.append(histogram[index])
      }
      lowest = unit + first
      highest = lowest + Int(steps.last ?? 0)
    }
  }

  /// The tail of the sum of some neighboring columns, from the smallest sum on, between ones and zeros.
  private struct Span {
    private var buffers: [UnsafeMutablePointer<Double>]
    private(set) var lowest = 0
    /// Largest sum minus smallest.
    private(set) var reach = 0

    /// No column: the sum is 0.
    init(buffers: [UnsafeMutablePointer<Double>], margin: Int) {
      self.buffers = buffers.map { $0 + margin }
      for buffer in self.buffers { (buffer - margin).update(repeating: 1, count: margin) }
      self.buffers[0][0] = 1
      (self.buffers[0] + 1).update(repeating: 0, count: 255)
    }

    var values: UnsafePointer<Double> { UnsafePointer(buffers[0]) }

    mutating func append(_ column: Column, _ kernels: ComparisonKernels) {
      reach += column.highest - column.lowest
      lowest += column.lowest
      kernels.table.pointee.convolve(
        buffers[0], column.weights, column.steps, Int64(column.steps.count), buffers[1], Int64(reach + 1))
      let filled = (reach + 64) & ~63
      (buffers[1] + filled).update(repeating: 0, count: 256)
      buffers.swapAt(0, 1)
    }
  }

  /// Rows of tails from the same score on.
  private struct Tails: ~Copyable {
    private let values: UnsafeMutablePointer<Double>
    private let size: Int

    init(count: Int, size: Int) {
      self.size = size
      values = .allocate(capacity: count * size)
      values.initialize(repeating: 0, count: count * size)
    }

    deinit { values.deallocate() }

    func pointer(_ row: Int) -> UnsafePointer<Double> { UnsafePointer(values + row * size) }

    mutating func unite(_ span: Span, at row: Int, from lowest: Int, _ kernels: ComparisonKernels) {
      let row = values + row * size
      // The span surely reaches its smallest score.
      let sure = min(max(span.lowest - lowest, 0), size)
      row.update(repeating: 1, count: sure)
      let skipped = max(lowest - span.lowest, 0)
      let count = min(span.reach + 1 - skipped, size - sure)
      if count > 0 { kernels.table.pointee.unite(row + sure, span.values + skipped, Int64(count)) }
    }
  }
}
