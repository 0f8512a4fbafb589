internal import CKernels

/// Attributions that windows are laid along: eight rows, hypothetical and actual by base, with zeros before and after.
package struct OffsetTable {
  private let length: Int
  /// Of the windows.
  private let width: Int
  /// Columns of zeros before the first position.
  private let padding: Int
  private let offsets: Int
  private let stride: Int
  private var rows: [Int16]
  /// Σ |rows| of the columns that a window at each offset covers, and zeros up to whole lanes.
  private var magnitudes: [Int32]

  /// Room for windows of `width` at every place where they lie on `length` positions but for `padding`.
  package init(length: Int, width: Int, padding: Int) {
    (self.length, self.width, self.padding) = (length, width, padding)
    offsets = max(0, length + 2 * padding - width + 1)
    let lanes = SimilarityKernels.lanes
    let whole = (offsets + lanes - 1) / lanes * lanes
    stride = max(length + 2 * padding, width + whole)
    rows = Array(repeating: 0, count: 8 * stride)
    magnitudes = Array(repeating: 0, count: whole)
  }

  /// Of a pattern, for windows of `width`.
  init(_ pattern: PatternSums, width: Int, padding: Int) {
    self.init(length: pattern.width, width: width, padding: padding)
    for (track, values) in [pattern.hypothetical, pattern.contributions].enumerated() {
      let factor = AttributionWindows.factor(values.reduce(0) { $0 + abs($1) })
      for position in 0..<pattern.width {
        for base in 0..<4 {
          set(4 * track + base, position, Int16((values[4 * position + base] * factor).rounded()))
        }
      }
    }
    sum()
  }

  /// Lays down a seqlet.
  package mutating func fill(_ windows: AttributionWindows, _ index: Int) {
    for place in rows.indices { rows[place] = 0 }
    for position in 0..<windows.width {
      let window = index * windows.width + position
      for base in 0..<4 { set(base, position, windows.hypothetical[4 * window + base]) }
      let base = Int(windows.bases[window])
      if base < 4 { set(4 + base, position, windows.contributions[window]) }
    }
    sum()
  }

  /// Windows for this and other tables of the same shape.
  package func terms(_ windows: AttributionWindows, _ indices: Range<Int>) -> WindowTerms {
    WindowTerms(windows, indices, hasBothStrands: true) { $0 * stride + $1 }
  }

  /// Where a window agrees best, both strands: its first position's place, which may be negative, and the similarity.
  package func match(_ windows: WindowTerms, _ index: Int, kernels: SimilarityKernels) -> TableMatch {
    windows.withTerms(index) {
      let match = kernels.table.pointee.match($0, Int32(offsets), rows, magnitudes)
      return TableMatch(
        offset: Int(match.offset) - padding, isReverse: match.reversed != 0, score: match.score)
    }
  }

  /// Σ |value| of what a window of the same width covers at each place, from the last place to the first and from the first to the
  /// last.
  var coverage: [Int32] {
    let lanes = magnitudes[..<offsets]
    let rest = repeatElement(Int32(0), count: magnitudes.count - offsets)
    return lanes.reversed() + rest + lanes + rest
  }

  /// The best similarities of this seqlet and a window of the same width, laid on each other either way.
  ///
  /// - Parameters:
  ///   - magnitude: Σ |value| of this seqlet,
  ///   - coverage: of the window's table.
  func pair(
    _ windows: WindowTerms, _ index: Int, magnitude: Int32, coverage: UnsafePointer<Int32>,
    kernels: SimilarityKernels
  ) -> (there: Float, back: Float) {
    windows.withTerms(index) {
      let pair = kernels.table.pointee.pair($0, Int32(offsets), rows, magnitude, magnitudes, coverage)
      return (pair.there, pair.back)
    }
  }

  private mutating func set(_ row: Int, _ position: Int, _ value: Int16) {
    rows[row * stride + padding + position] = value
  }

  private mutating func sum() {
    var sums = [Int32](repeating: 0, count: stride + 1)
    for column in 0..<stride {
      sums[column + 1] = sums[column]
      guard padding..<padding + length ~= column else { continue }
      for row in 0..<8 { sums[column + 1] += abs(Int32(rows[row * stride + column])) }
    }
    for offset in 0..<offsets { magnitudes[offset] = sums[offset + width] - sums[offset] }
  }
}

/// Where a window agrees best with a table.
package struct TableMatch: Sendable {
  /// The place of the window's first position, which may be negative.
  package let offset: Int
  package let isReverse: Bool
  package let score: Float
}
