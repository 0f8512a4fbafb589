extension RandomAccessCollection where Element == Double, Index == Int {
  /// In values sorted so that those fulfilling `holds` come last, the index of the first of them.
  func partitionPoint(where holds: (Double) -> Bool) -> Int {
    var (low, high) = (startIndex, endIndex)
    while low < high {
      let middle = low + (high - low) / 2
      if holds(self[middle]) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
