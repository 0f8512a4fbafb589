import Statistics

/// The largest of a stream of scores, equal ones by the lower index: kept in a buffer that is cut down to `limit` when it is
/// full.
package struct TopList {
  let limit: Int
  private var entries: [UInt64] = []
  private var least: UInt64 = 0

  package init(limit: Int) {
    self.limit = limit
    entries.reserveCapacity(4 * limit)
  }

  /// Indices are below 2³².
  @inline(__always)
  package mutating func add(_ index: Int, _ score: Float) {
    let entry = Self.entry(index, score)
    guard entry > least else { return }
    entries.append(entry)
    if entries.count == 4 * limit { cut() }
  }

  /// What is below this is not among the largest.
  var floor: Float { least > 0 ? Self.score(least) : -.infinity }

  /// Forgets what is not among the largest, which raises the floor.
  mutating func trim() { if entries.count > limit { cut() } }

  /// The largest, in descending order.
  package mutating func sorted() -> [(index: Int, score: Float)] {
    trim()
    KeySort.sort(&entries)
    entries.reverse()
    return unsorted()
  }

  /// The largest, in an order that depends on what was added and when.
  mutating func unsorted() -> [(index: Int, score: Float)] {
    trim()
    return entries.map { (Int(~UInt32(truncatingIfNeeded: $0)), Self.score($0)) }
  }

  private mutating func cut() {
    selectLargest(limit, of: &entries)
    entries.removeLast(entries.count - limit)
    least = entries.min() ?? 0
  }

  /// Score in the upper half so that integers order as the scores do, the index's complement in the lower.
  private static func entry(_ index: Int, _ score: Float) -> UInt64 {
    UInt64(ordered(score)) << 32 | UInt64(~UInt32(index))
  }

  private static func score(_ entry: UInt64) -> Float {
    let ordered = UInt32(entry >> 32)
    return Float(bitPattern: ordered >> 31 == 1 ? ordered & ~(1 << 31) : ~ordered)
  }
}

/// A number that orders as the score does; both zeros are one.
@inline(__always)
func ordered(_ score: Float) -> UInt32 {
  let bits = (score + 0).bitPattern
  return bits >> 31 == 0 ? bits | 1 << 31 : ~bits
}

/// Moves the `count` largest of distinct values to the front (Hoare's quickselect, median of three).
package func selectLargest(_ count: Int, of values: inout [UInt64]) {
  guard count > 0, count < values.count else { return }
  values.withUnsafeMutableBufferPointer { values in
    var (low, high) = (0, values.count - 1)
    while low < high {
      let middle = (low + high) / 2
      if values[middle] > values[low] { values.swapAt(middle, low) }
      if values[high] > values[low] { values.swapAt(high, low) }
      if values[high] > values[middle] { values.swapAt(high, middle) }
      let pivot = values[middle]
      var (left, right) = (low, high)
      while left <= right {
        while values[left] > pivot { left += 1 }
        while values[right] < pivot { right -= 1 }
        if left <= right {
          values.swapAt(left, right)
          left += 1
          right -= 1
        }
      }
      if count - 1 <= right { high = right } else if count - 1 >= left { low = left } else { return }
    }
  }
}
