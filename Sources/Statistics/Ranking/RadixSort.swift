/// Ascending order of many numbers, a digit of 11 bits at a time from the lowest: several times faster than comparing.
package enum RadixSort {
  /// No number may be NaN.
  package static func sorted(_ values: [Double]) -> [Double] {
    if values.count < 256 { return values.sorted() }
    // Bit patterns that order as the numbers do: negative ones reversed and below the others.
    var keys = values.map { value in
      let bits = value.bitPattern
      return bits >> 63 == 1 ? ~bits : bits | 1 << 63
    }
    var next = keys
    for shift in stride(from: UInt64(0), to: 64, by: 11) {
      var starts = [Int](repeating: 0, count: 2049)
      for key in keys { starts[Int(key >> shift & 2047) + 1] += 1 }
      if starts.contains(keys.count) { continue }
      for digit in 1..<2049 { starts[digit] += starts[digit - 1] }
      keys.withUnsafeBufferPointer { keys in
        next.withUnsafeMutableBufferPointer { next in
          starts.withUnsafeMutableBufferPointer { starts in
            for key in keys {
              let digit = Int(key >> shift & 2047)
              next[starts[digit]] = key
              starts[digit] += 1
            }
          }
        }
      }
      swap(&keys, &next)
    }
    return keys.map { Double(bitPattern: $0 >> 63 == 1 ? $0 & ~(1 << 63) : ~$0) }
  }
}
