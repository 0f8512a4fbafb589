internal import CKernels
import Runtime

/// Windows on one strand in the kernels' form: the values that are not zero, those above zero first, each with its place in what the
/// windows are compared with.
final class WindowTerms: @unchecked Sendable {
  private let indices: Range<Int>
  private let width: Int
  private let places: UnsafeMutablePointer<Int32>
  private let sizes: UnsafeMutablePointer<UInt32>
  /// Of each window, values above zero and all.
  private let counts: [(positive: Int32, all: Int32)]
  private let magnitudes: [Int32]

  /// - Parameters:
  ///   - indices: of the windows.
  ///   - place: of a row, 0–3 the hypothetical values of A C G T and 4–7 the contributions of the base that is there, at a position.
  init(
    _ windows: AttributionWindows, _ indices: Range<Int>, isReverse: Bool = false,
    place: @Sendable (_ row: Int, _ position: Int) -> Int
  ) {
    self.indices = indices
    let width = windows.width
    self.width = width
    magnitudes = Array(windows.magnitudes[indices])
    places = .allocate(capacity: 5 * width * indices.count)
    sizes = .allocate(capacity: 5 * width * indices.count)
    nonisolated(unsafe) let (places, sizes) = (places, sizes)
    counts = Self.mapped(indices.count) { window in
      let index = indices.lowerBound + window
      // Those above zero from the front, the others from the back.
      let first = 5 * width * window
      var (next, last) = (first, first + 5 * width)
      func add(_ value: Int16, _ row: Int, _ position: Int) {
        guard value != 0 else { return }
        if value < 0 { last -= 1 }
        let slot = value < 0 ? last : next
        places[slot] = Int32(isReverse ? place(row ^ 3, width - 1 - position) : place(row, position))
        sizes[slot] = UInt32(value.magnitude) * 0x10001
        if value > 0 { next += 1 }
      }
      for position in 0..<width {
        let window = index * width + position
        for base in 0..<4 { add(windows.hypothetical[4 * window + base], base, position) }
        let base = Int(windows.bases[window])
        if base < 4 { add(windows.contributions[window], 4 + base, position) }
      }
      let negative = first + 5 * width - last
      (places + next).update(from: places + last, count: negative)
      (sizes + next).update(from: sizes + last, count: negative)
      return (Int32(next - first), Int32(next - first + negative))
    }
  }

  /// Few are not worth other threads.
  private static func mapped<Result: Sendable>(_ count: Int, _ body: @Sendable (Int) -> Result) -> [Result] {
    count > 64 ? Parallel.map(count, body) : (0..<count).map(body)
  }

  deinit {
    places.deallocate()
    sizes.deallocate()
  }

  /// Calls `body` with the terms of window `index`.
  @inline(__always)
  func withTerms<Result>(_ index: Int, _ body: (similarity_terms) -> Result) -> Result {
    withExtendedLifetime(self) {
      let row = index - indices.lowerBound
      return body(
        similarity_terms(
          positive: counts[row].positive, count: counts[row].all, places: places + 5 * width * row,
          sizes: sizes + 5 * width * row, magnitude: magnitudes[row]))
    }
  }
}
