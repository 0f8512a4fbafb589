extension RandomAccessCollection where Element == Double, Index == Int {
  /// The value below which `share` of ascending values lie, interpolated linearly between neighbors (type 7 of Hyndman & Fan
  /// 1996, NumPy's `percentile`). There must be a value.
  package func quantile(_ share: Double) -> Double {
    let place = Swift.min(1, Swift.max(0, share)) * Double(count - 1)
    let below = Int(place)
    let (low, high) = (self[startIndex + below], self[startIndex + Swift.min(below + 1, count - 1)])
    return low + (place - Double(below)) * (high - low)
  }
}
