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

  /// The value below which `share` of ascending values lie, interpolated between neighbours as NumPy's `percentile` does.
  func quantile(_ share: Double) -> Double {
    let place = Swift.min(1, Swift.max(0, share)) * Double(count - 1)
    let lower = Int(place)
    let upper = Swift.min(lower + 1, count - 1)
    let (low, high) = (self[startIndex + lower], self[startIndex + upper])
    return low + (high - low) * (place - Double(lower))
  }
}
