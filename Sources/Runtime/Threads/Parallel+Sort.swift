extension Parallel {
  /// Both ascending lists as one.
  package static func merged(_ left: [Double], _ right: [Double]) -> [Double] {
    [Double](unsafeUninitializedCapacity: left.count + right.count) { buffer, count in
      var (first, second) = (0, 0)
      while first < left.count, second < right.count {
        let isRight = right[second] < left[first]
        buffer.initializeElement(at: first + second, to: isRight ? right[second] : left[first])
        if isRight { second += 1 } else { first += 1 }
      }
      for value in left[first...] {
        buffer.initializeElement(at: first + second, to: value)
        first += 1
      }
      for value in right[second...] {
        buffer.initializeElement(at: first + second, to: value)
        second += 1
      }
      count = left.count + right.count
    }
  }
}
