internal import CKernels

/// Attributions that windows are laid along: eight rows, hypothetical and actual, with zeros before and after.
struct OffsetTable {
  /// Columns of zeros before the first position.
  private(set) var padding = 0
  private(set) var offsets = 0
  private var stride = 0
  private var rows: [Float] = []
  private var magnitudes: [Float] = []

  /// Of a seqlet.
  mutating func fill(_ windows: UnsafeWindows, _ index: Int, width: Int, padding: Int) {
    let window = windows[index]
    resize(length: windows.width, width: width, padding: padding)
    for position in 0..<windows.width {
      for base in 0..<4 {
        rows[base * stride + padding + position] = window.hypothetical[4 * position + base]
      }
      let base = Int(window.base[position])
      if base < 4 { rows[(4 + base) * stride + padding + position] = window.contribution[position] }
    }
    sum(length: windows.width, width: width)
  }

  /// Of a pattern: each track divided by its Σ |value|.
  mutating func fill(_ pattern: PatternSums, width: Int, padding: Int) {
    resize(length: pattern.width, width: width, padding: padding)
    for (track, values) in [pattern.hypothetical, pattern.contributions].enumerated() {
      let total = values.reduce(0) { $0 + abs($1) }
      guard total > 0 else { continue }
      for position in 0..<pattern.width {
        for base in 0..<4 {
          rows[(4 * track + base) * stride + padding + position] = Float(values[4 * position + base] / total)
        }
      }
    }
    sum(length: pattern.width, width: width)
  }

  /// Where a window agrees best, both strands: its first position's place, which may be negative, and the similarity.
  func match(_ window: similarity_window, width: Int, kernels: SimilarityKernels) -> (
    offset: Int, isReverse: Bool, score: Float
  ) {
    let match = kernels.table.pointee.match(
      Int32(width), window, Int32(offsets), Int32(stride), rows, magnitudes)
    return (Int(match.offset) - padding, match.reversed != 0, match.score)
  }

  /// Room for windows of `width` at every place where they overlap but for `padding` positions.
  private mutating func resize(length: Int, width: Int, padding: Int) {
    self.padding = padding
    offsets = max(0, length + 2 * padding - width + 1)
    let lanes = SimilarityKernels.lanes
    let needed = max(length + 2 * padding, width + (offsets + lanes - 1) / lanes * lanes)
    stride = needed
    if rows.count != 8 * needed {
      rows = Array(repeating: 0, count: 8 * needed)
    } else {
      for place in rows.indices { rows[place] = 0 }
    }
  }

  /// Σ |value| of the columns that a window at each offset covers.
  private mutating func sum(length: Int, width: Int) {
    var columns = [Float](repeating: 0, count: offsets + width)
    for column in padding..<min(padding + length, columns.count) {
      for row in 0..<8 { columns[column] += abs(rows[row * stride + column]) }
    }
    magnitudes = (0..<offsets).map { offset in
      var total: Float = 0
      for column in offset..<offset + width { total += columns[column] }
      return total
    }
  }
}
