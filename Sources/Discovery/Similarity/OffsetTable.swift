internal import CKernels

/// Attributions that windows are laid along: sixteen rows, hypothetical and actual by base, positive parts and negative ones, with
/// zeros before and after.
package struct OffsetTable {
  /// Columns of zeros before the first position.
  private var padding = 0
  private var offsets = 0
  private var stride = 0
  private var rows: [UInt16] = []
  /// Σ rows of the columns that a window at each offset covers.
  private var magnitudes: [Int32] = []

  package init() {}

  /// Of a seqlet.
  package mutating func fill(_ windows: UnsafeWindows, _ index: Int, padding: Int) {
    let window = windows[index]
    resize(length: windows.width, width: windows.width, padding: padding)
    for position in 0..<windows.width {
      for base in 0..<4 { set(base, position, window.hypothetical[4 * position + base]) }
      let base = Int(window.base[position])
      if base < 4 { set(4 + base, position, window.contribution[position]) }
    }
    sum(length: windows.width, width: windows.width)
  }

  /// Of a pattern, for windows of `width`.
  mutating func fill(_ pattern: PatternSums, width: Int, padding: Int) {
    resize(length: pattern.width, width: width, padding: padding)
    for (track, values) in [pattern.hypothetical, pattern.contributions].enumerated() {
      let factor = AttributionWindows.factor(values.reduce(0) { $0 + abs($1) })
      for position in 0..<pattern.width {
        for base in 0..<4 {
          set(4 * track + base, position, Int16((values[4 * position + base] * factor).rounded()))
        }
      }
    }
    sum(length: pattern.width, width: width)
  }

  /// Where window `index` agrees best, both strands: its first position's place, which may be negative, and the similarity.
  package func match(_ windows: UnsafeWindows, _ index: Int, kernels: SimilarityKernels) -> (
    offset: Int, isReverse: Bool, score: Float
  ) {
    let match = kernels.table.pointee.match(
      Int32(windows.width), windows[index], Int32(offsets), Int32(stride), rows, magnitudes)
    return (Int(match.offset) - padding, match.reversed != 0, match.score)
  }

  private mutating func set(_ row: Int, _ position: Int, _ value: Int16) {
    rows[(row + (value < 0 ? 8 : 0)) * stride + padding + position] = value.magnitude
  }

  /// Room for windows of `width` at every place where they lie on the `length` positions but for `padding`.
  private mutating func resize(length: Int, width: Int, padding: Int) {
    self.padding = padding
    offsets = max(0, length + 2 * padding - width + 1)
    let lanes = SimilarityKernels.lanes
    stride = max(length + 2 * padding, width + (offsets + lanes - 1) / lanes * lanes)
    if rows.count != 16 * stride {
      rows = Array(repeating: 0, count: 16 * stride)
    } else {
      for place in rows.indices { rows[place] = 0 }
    }
  }

  private mutating func sum(length: Int, width: Int) {
    var sums = [Int32](repeating: 0, count: stride + 1)
    for column in 0..<stride {
      sums[column + 1] = sums[column]
      guard padding..<padding + length ~= column else { continue }
      for row in 0..<16 { sums[column + 1] += Int32(rows[row * stride + column]) }
    }
    magnitudes = (0..<offsets).map { sums[$0 + width] - sums[$0] }
  }
}
