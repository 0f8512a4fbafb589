#if canImport(Glibc)
  import Glibc
#endif

/// Memory in large pages: a first touch of each 4 KB costs more than filling them.
package enum LargePages {
  /// Asks for large pages where the system has them to give; changes nothing else.
  package static func advise(_ memory: UnsafeRawBufferPointer) {
    #if canImport(Glibc)
      let size = 1 << 21
      guard memory.count >= 2 * size, let base = memory.baseAddress else { return }
      let start = base.alignedUp(toMultipleOf: size)
      let end = (base + memory.count).alignedDown(toMultipleOf: size)
      if start < end { madvise(UnsafeMutableRawPointer(mutating: start), end - start, MADV_HUGEPAGE) }
    #endif
  }
}

extension Array {
  /// An empty array with room for `capacity` elements in large pages.
  package init(largePagesFor capacity: Int) {
    self.init(unsafeUninitializedCapacity: capacity) { memory, count in
      LargePages.advise(UnsafeRawBufferPointer(memory))
      count = 0
    }
  }
}
