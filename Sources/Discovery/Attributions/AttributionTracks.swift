import Runtime

/// Sequences of one length with what each base does to an output: the input of motif discovery.
public struct AttributionTracks: Sendable {
  /// Number of sequences, N.
  public let count: Int
  /// Bases of each sequence, L.
  public let length: Int
  /// Nucleotide codes, (N, L); 4 for an unknown base.
  public let codes: [UInt8]
  /// Hypothetical attributions, (N, L, 4): what each base would do in its place. Where only the attributions of the bases that are
  /// there are known, the others are 0.
  public let hypothetical: [Float]
  /// A digest of each sequence and its attributions, (N): what orders them, whatever their order in the file.
  let digests: [UInt64]

  /// - Parameters:
  ///   - codes: (N, L), 0…3 for A C G T, more for an unknown base.
  ///   - hypothetical: (N, L, 4), finite.
  /// - Throws: `InputError` if the numbers do not fit together or one is not finite.
  public init(codes: [UInt8], hypothetical: [Float], length: Int) throws {
    guard length > 0, !codes.isEmpty, codes.count % length == 0, hypothetical.count == 4 * codes.count else {
      throw InputError(
        "\(hypothetical.count) attributions do not fit \(codes.count) bases of sequences of \(length)")
    }
    let count = codes.count / length
    let checked = Parallel.map(count) { index -> (digest: UInt64, isFinite: Bool) in
      var digest: UInt64 = 0xCBF2_9CE4_8422_2325
      var isFinite = true
      func take(_ word: UInt64) { digest = (digest ^ word) &* 0x9E37_79B9_7F4A_7C15 ^ (digest >> 29) }
      for place in index * length..<(index + 1) * length {
        take(UInt64(min(codes[place], 4)))
        for base in 0..<4 {
          let value = hypothetical[4 * place + base]
          isFinite = isFinite && value.isFinite
          take(UInt64(value.bitPattern))
        }
      }
      return (digest, isFinite)
    }
    if let index = checked.firstIndex(where: { !$0.isFinite }) {
      throw InputError("sequence \(index + 1): an attribution is not a finite number")
    }
    self.count = count
    self.length = length
    self.codes = codes
    self.hypothetical = hypothetical
    digests = checked.map(\.digest)
  }

  /// The attribution of the base that is there; 0 for an unknown one.
  public func contribution(_ sequence: Int, _ position: Int) -> Float {
    let place = sequence * length + position
    return codes[place] < 4 ? hypothetical[4 * place + Int(codes[place])] : 0
  }

  /// Attributions of the bases that are there, (N, L).
  public var contributions: [Float] {
    codes.indices.map { codes[$0] < 4 ? hypothetical[4 * $0 + Int(codes[$0])] : 0 }
  }

  /// The middle `length` bases of each sequence; all of it if it is no longer.
  public func centered(length: Int) throws -> AttributionTracks {
    guard length < self.length, length > 0 else { return self }
    let start = (self.length - length) / 2
    var codes: [UInt8] = []
    var hypothetical: [Float] = []
    codes.reserveCapacity(count * length)
    hypothetical.reserveCapacity(4 * count * length)
    for sequence in 0..<count {
      let first = sequence * self.length + start
      codes += self.codes[first..<first + length]
      hypothetical += self.hypothetical[4 * first..<4 * (first + length)]
    }
    return try AttributionTracks(codes: codes, hypothetical: hypothetical, length: length)
  }
}
