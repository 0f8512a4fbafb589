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
    count = seqlets.count
    width = seqlets.first?.width ?? 0
    hypothetical = Array(repeating: 0, count: 4 * count * width)
    contributions = Array(repeating: 0, count: count * width)
    bases = Array(repeating: 4, count: count * width)
    magnitudes = Array(repeating: 0, count: count)
    for (index, seqlet) in seqlets.enumerated() { fill(index, with: seqlet, of: tracks) }
  }

  private mutating func fill(_ index: Int, with seqlet: Seqlet, of tracks: AttributionTracks) {
    let places = seqlet.sequence * tracks.length + seqlet.start..<seqlet.sequence * tracks.length + seqlet.end
    var (all, there): (Float, Float) = (0, 0)
    for place in places {
      for base in 0..<4 { all += abs(tracks.hypothetical[4 * place + base]) }
      let code = tracks.codes[place]
      if code < 4 { there += abs(tracks.hypothetical[4 * place + Int(code)]) }
    }
    let (allScale, thereScale) = (Self.factor(Double(all)), Self.factor(Double(there)))
    var magnitude: Int32 = 0
    for position in 0..<width {
      let place = seqlet.isReverse ? places.upperBound - 1 - position : places.lowerBound + position
      let target = index * width + position
      for base in 0..<4 {
        let value = Self.number(
          tracks.hypothetical[4 * place + (seqlet.isReverse ? 3 - base : base)], allScale)
        hypothetical[4 * target + base] = value
        magnitude += Int32(abs(value))
      }
      let code = tracks.codes[place]
      guard code < 4 else { continue }
      let value = Self.number(tracks.hypothetical[4 * place + Int(code)], thereScale)
      bases[target] = seqlet.isReverse ? 3 - code : code
      contributions[target] = value
      magnitude += Int32(abs(value))
    }
    magnitudes[index] = magnitude
  }

  private static func number(_ value: Float, _ factor: Double) -> Int16 {
    Int16((Double(value) * factor).rounded())
  }

  /// What makes Σ |value| the scale; 0 for a track of zeros.
  static func factor(_ sum: Double) -> Double { sum > 0 ? scale / sum : 0 }
}
