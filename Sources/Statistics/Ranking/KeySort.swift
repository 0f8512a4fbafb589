/// Ascending order of a few hundred or thousand whole numbers, a byte at a time from the lowest; bytes that all have in common are passed
/// over. Numbers that are equal cannot be told apart, so the result is that of any sort, but where lower bits do not count.
package enum KeySort {
  /// Fewer are sorted by comparing.
  private static let least = 64

  /// - Parameter first: the lowest bit that counts, a multiple of 8; what is equal from there on keeps its order.
  package static func sort(_ keys: inout [UInt64], from first: UInt64 = 0) {
    guard keys.count >= least else { return insert(&keys, from: first) }
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
        for shift in stride(from: first, to: 64, by: 8) where varying >> shift & 255 != 0 {
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

  private static func insert(_ keys: inout [UInt64], from first: UInt64) {
    for index in keys.indices.dropFirst() {
      let key = keys[index]
      var place = index
      while place > 0, keys[place - 1] >> first > key >> first {
        keys[place] = keys[place - 1]
        place -= 1
      }
      keys[place] = key
    }
  }
}
