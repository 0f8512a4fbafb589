extension Parallel {
  /// The numbers in ascending order; none is NaN.
  package static func sorted(_ values: [Double]) -> [Double] {
    let size = max(4096, (values.count + 7) / 8)
    var runs = map((values.count + size - 1) / size) { part in
      values[part * size..<min(values.count, (part + 1) * size)].sorted()
    }
    while runs.count > 1 {
      let pairs = runs
      runs = map((pairs.count + 1) / 2) { pair in
        2 * pair + 1 < pairs.count ? merged(pairs[2 * pair], pairs[2 * pair + 1]) : pairs[2 * pair]
      }
    }
    return runs.first ?? []
  }

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
