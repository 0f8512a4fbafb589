import Runtime

/// Attributions of seqlets of one width, each of the two tracks divided by its Σ |value|: what seqlets are compared by. They
/// are whole numbers of 1 / `scale`, which makes a similarity exact to about 10⁻⁴ and its sums independent of their order.
package struct AttributionWindows: Sendable {
  /// What Σ |value| of a track becomes; with rounding it stays below 32,768.
  static let scale: Double = 32_000

  package let count: Int
  package let width: Int
  /// (count, width, 4).
  private(set) var hypothetical: [Int16]
  /// Of the base that is there, (count, width).
  private(set) var contributions: [Int16]
  /// (count, width), 4 for an unknown base.
  private(set) var bases: [UInt8]
  /// Σ |value| over both tracks, (count).
  private(set) var magnitudes: [Int32]

  package init(_ seqlets: [Seqlet], of tracks: AttributionTracks) {
    let count = seqlets.count
    self.count = count
    width = seqlets.first?.width ?? 0
    hypothetical = Array(repeating: 0, count: 4 * count * width)
    contributions = Array(repeating: 0, count: count * width)
    bases = Array(repeating: 4, count: count * width)
    magnitudes = Array(repeating: 0, count: count)
    let group = 64
    hypothetical.withUnsafeMutableBufferPointer { hypothetical in
      contributions.withUnsafeMutableBufferPointer { contributions in
        bases.withUnsafeMutableBufferPointer { bases in
          magnitudes.withUnsafeMutableBufferPointer { magnitudes in
            nonisolated(unsafe) let places = Places(
              hypothetical: hypothetical, contributions: contributions, bases: bases, magnitudes: magnitudes)
            Parallel.forEach((count + group - 1) / group) { task in
              for index in task * group..<min(count, (task + 1) * group) {
                places.fill(index, with: seqlets[index], of: tracks)
              }
            }
          }
        }
      }
    }
  }

  /// What makes Σ |value| the scale; 0 for a track of zeros.
  static func factor(_ sum: Double) -> Double { sum > 0 ? scale / sum : 0 }
}

/// Where the numbers of windows are written.
private struct Places {
  let hypothetical, contributions: UnsafeMutableBufferPointer<Int16>
  let bases: UnsafeMutableBufferPointer<UInt8>
  let magnitudes: UnsafeMutableBufferPointer<Int32>

  func fill(_ index: Int, with seqlet: Seqlet, of tracks: AttributionTracks) {
    let places = seqlet.sequence * tracks.length + seqlet.start..<seqlet.sequence * tracks.length + seqlet.end
    tracks.hypothetical.withUnsafeBufferPointer { values in
      tracks.codes.withUnsafeBufferPointer { codes in
        fill(index, places, isReverse: seqlet.isReverse, values: values, codes: codes)
      }
    }
  }

  private func fill(
    _ index: Int, _ places: Range<Int>, isReverse: Bool, values: UnsafeBufferPointer<Float>,
    codes: UnsafeBufferPointer<UInt8>
  ) {
    let width = places.count
    var (all, there): (SIMD4<Float>, Float) = (.zero, 0)
    for place in places {
      let first = 4 * place
      let row = SIMD4(values[first], values[first + 1], values[first + 2], values[first + 3])
      all += pointwiseMax(row, -row)
      let code = codes[place]
      if code < 4 { there += abs(values[first + Int(code)]) }
    }
    let allScale = AttributionWindows.factor(Double(all.sum()))
    let thereScale = AttributionWindows.factor(Double(there))
    var magnitude: Int32 = 0
    for position in 0..<width {
      let place = isReverse ? places.upperBound - 1 - position : places.lowerBound + position
      let target = index * width + position
      for base in 0..<4 {
        let value = Self.number(values[4 * place + (isReverse ? 3 - base : base)], allScale)
        hypothetical[4 * target + base] = value
        magnitude += Int32(abs(value))
      }
      let code = codes[place]
      guard code < 4 else { continue }
      let value = Self.number(values[4 * place + Int(code)], thereScale)
      bases[target] = isReverse ? 3 - code : code
      contributions[target] = value
      magnitude += Int32(abs(value))
    }
    magnitudes[index] = magnitude
  }

  private static func number(_ value: Float, _ factor: Double) -> Int16 {
    let product = Double(value) * factor
    // Away from zero from a half on, without a call into the system's library.
    return Int16(truncatingIfNeeded: Int32(product + (product < 0 ? -0.5 : 0.5)))
  }
}
