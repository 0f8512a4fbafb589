internal import CKernels

/// Attributions of seqlets of one width, each of the two tracks divided by its Σ |value|: what seqlets are compared by.
struct AttributionWindows {
  let count: Int
  let width: Int
  /// (count, width, 4).
  private(set) var hypothetical: [Float]
  /// Of the base that is there, (count, width).
  private(set) var contributions: [Float]
  /// (count, width), 4 for an unknown base.
  private(set) var bases: [UInt8]
  /// Σ |value| over both tracks, (count): 2 unless a track is all zeros.
  private(set) var magnitudes: [Float]

  init(_ seqlets: [Seqlet], of tracks: AttributionTracks) {
    count = seqlets.count
    width = seqlets.first?.width ?? 0
    hypothetical = Array(repeating: 0, count: 4 * count * width)
    contributions = Array(repeating: 0, count: count * width)
    bases = Array(repeating: 4, count: count * width)
    magnitudes = Array(repeating: 0, count: count)
    for (index, seqlet) in seqlets.enumerated() { fill(index, with: seqlet, of: tracks) }
  }

  private mutating func fill(_ index: Int, with seqlet: Seqlet, of tracks: AttributionTracks) {
    var sums: (hypothetical: Float, contribution: Float) = (0, 0)
    for position in 0..<width {
      let place =
        seqlet.sequence * tracks.length + (seqlet.isReverse ? seqlet.end - 1 - position : seqlet.start + position)
      let code = tracks.codes[place]
      let target = index * width + position
      if code < 4 {
        bases[target] = seqlet.isReverse ? 3 - code : code
        contributions[target] = tracks.hypothetical[4 * place + Int(code)]
        sums.contribution += abs(contributions[target])
      }
      for base in 0..<4 {
        let value = tracks.hypothetical[4 * place + (seqlet.isReverse ? 3 - base : base)]
        hypothetical[4 * target + base] = value
        sums.hypothetical += abs(value)
      }
    }
    let range = index * width..<(index + 1) * width
    if sums.contribution > 0 {
      for place in range { contributions[place] /= sums.contribution }
      magnitudes[index] += 1
    }
    if sums.hypothetical > 0 {
      for place in 4 * range.lowerBound..<4 * range.upperBound { hypothetical[place] /= sums.hypothetical }
      magnitudes[index] += 1
    }
  }

  /// Calls `body` with the windows, of which there is one at least, in the kernels' form.
  func withWindows<Result>(_ body: (UnsafeWindows) throws -> Result) rethrows -> Result {
    try hypothetical.withUnsafeBufferPointer { hypothetical in
      try contributions.withUnsafeBufferPointer { contributions in
        try bases.withUnsafeBufferPointer { bases in
          try magnitudes.withUnsafeBufferPointer { magnitudes in
            guard let first = hypothetical.baseAddress, let second = contributions.baseAddress,
              let third = bases.baseAddress, let fourth = magnitudes.baseAddress
            else { preconditionFailure("windows of no seqlet") }
            return try body(
              UnsafeWindows(
                count: count, width: width, hypothetical: first, contributions: second, bases: third, magnitudes: fourth))
          }
        }
      }
    }
  }
}

/// Windows of seqlets in the form that the kernels take; alive inside `withWindows` only.
struct UnsafeWindows: @unchecked Sendable {
  let count: Int
  let width: Int
  let hypothetical: UnsafePointer<Float>
  let contributions: UnsafePointer<Float>
  let bases: UnsafePointer<UInt8>
  let magnitudes: UnsafePointer<Float>

  subscript(index: Int) -> similarity_window {
    similarity_window(
      hypothetical: hypothetical + 4 * index * width, contribution: contributions + index * width,
      base: bases + index * width, magnitude: magnitudes[index])
  }
}
