/// Ascending order of a few hundred or thousand whole numbers, a byte at a time from the lowest; bytes that all have in common are passed
/// over. Numbers that are equal cannot be told apart, so the result is that of any sort.
package enum KeySort {
  /// Fewer are sorted by comparing.
  private static let least = 64

  package static func sort(_ keys: inout [UInt64]) {
    guard keys.count >= least else { return keys.sort() }
    var (all, any) = (UInt64.max, UInt64(0))
    for key in keys {
      all &= key
      any |= key
    }
    let varying = all ^ any
    let count = keys.count
    withUnsafeTemporaryAllocation(of: UInt64.self, capacity: count) { scratch in
      keys.withUnsafeMutableBufferPointer { keys in
        var (source, target) = (keys.baseAddress!, scratch.baseAddress!)
        for shift in stride(from: UInt64(0), to: 64, by: 8) where varying >> shift & 255 != 0 {
          withUnsafeTemporaryAllocation(of: Int.self, capacity: 256) { starts in
            starts.initialize(repeating: 0)
            for index in 0..<count { starts[Int(source[index] >> shift & 255)] += 1 }
            var sum = 0
            for digit in 0..<256 { (starts[digit], sum) = (sum, sum + starts[digit]) }
            for index in 0..<count {
              let digit = Int(source[index] >> shift & 255)
              target[starts[digit]] = source[index]
              starts[digit] += 1
            }
          }
          swap(&source, &target)
        }
        if source != keys.baseAddress! { keys.baseAddress!.update(from: source, count: count) }
      }
    }
  }
}
