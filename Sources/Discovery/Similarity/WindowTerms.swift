internal import CKernels
import Runtime

/// Windows in the kernels' form: the values that are not zero, those of each track above zero first, each with its place in what the
/// windows are compared with.
package final class WindowTerms: @unchecked Sendable {
  private let indices: Range<Int>
  private let width: Int
  private let places: UnsafeMutablePointer<Int32>
  /// The places on the other strand, where they are wanted.
  private let turned: UnsafeMutablePointer<Int32>?
  private let sizes: UnsafeMutablePointer<UInt32>
  /// Of each window, where hypothetical values above zero end, those below, contributions above zero and those below.
  private let ends: [(Int32, Int32, Int32, Int32)]
  private let magnitudes: [Int32]

  /// - Parameters:
  ///   - indices: of the windows.
  ///   - place: of a row, 0–3 the hypothetical values of A C G T and 4–7 the contributions of the base that is there, at a position.
  init(
    _ windows: AttributionWindows, _ indices: Range<Int>, hasBothStrands: Bool = false,
    place: @Sendable (_ row: Int, _ position: Int) -> Int
  ) {
    self.indices = indices
    let width = windows.width
    self.width = width
    magnitudes = Array(windows.magnitudes[indices])
    places = .allocate(capacity: 5 * width * indices.count)
    turned = hasBothStrands ? .allocate(capacity: 5 * width * indices.count) : nil
    sizes = .allocate(capacity: 5 * width * indices.count)
    nonisolated(unsafe) let (places, turned, sizes) = (places, turned, sizes)
    ends = Self.mapped(indices.count) { window in
      let index = indices.lowerBound + window
      let first = 5 * width * window
      var next = first
      /// Takes a value if it has the sign.
      func add(_ value: Int16, _ row: Int, _ position: Int, _ isPositive: Bool) {
        guard isPositive ? value > 0 : value < 0 else { return }
        places[next] = Int32(place(row, position))
        turned?[next] = Int32(place(row ^ 3, width - 1 - position))
        sizes[next] = UInt32(value.magnitude) * 0x10001
        next += 1
      }
      func addHypothetical(_ isPositive: Bool) -> Int32 {
        for position in 0..<width {
          for base in 0..<4 {
            add(windows.hypothetical[4 * (index * width + position) + base], base, position, isPositive)
          }
        }
        return Int32(next - first)
      }
      func addContributions(_ isPositive: Bool) -> Int32 {
        for position in 0..<width {
          let base = Int(windows.bases[index * width + position])
          if base < 4 { add(windows.contributions[index * width + position], 4 + base, position, isPositive) }
        }
        return Int32(next - first)
      }
      return (addHypothetical(true), addHypothetical(false), addContributions(true), addContributions(false))
    }
  }

  /// Few are not worth other threads.
  private static func mapped<Result: Sendable>(_ count: Int, _ body: @Sendable (Int) -> Result) -> [Result] {
    count > 64 ? Parallel.map(count, body) : (0..<count).map(body)
  }

  deinit {
    places.deallocate()
    turned?.deallocate()
    sizes.deallocate()
  }

  /// Calls `body` with the terms of window `index`.
  @inline(__always)
  func withTerms<Result>(_ index: Int, _ body: (similarity_terms) -> Result) -> Result {
    withExtendedLifetime(self) {
      let row = index - indices.lowerBound
      let first = 5 * width * row
      return body(
        similarity_terms(
          ends: ends[row], places: places + first, turned: turned.map { UnsafePointer($0 + first) },
          sizes: sizes + first, magnitude: magnitudes[row]))
    }
  }
}
