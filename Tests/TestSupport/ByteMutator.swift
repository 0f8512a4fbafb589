import Runtime

/// Damages files the way that transfers, editors and enemies do, for tests that no input crashes a reader.
public struct ByteMutator {
  private var random: CounterRandom
  private let seeds: [[UInt8]]
  private static let words =
    [
      "0", "-1", "1e308", "1e-320", "nan", "inf", "0x1p3", "99999999999999999999", "18446744073709551616",
      "4.5.6",
      "-", "+", ".", "e", "1e", "=", ":", "[", "]", "|", "\t", "\n", "\r", "\r\n", "\n\n", ">", "#", "//",
      "\u{0}",
      "\u{FEFF}", "MEME version 4\n", "MOTIF", "MOTIF x\n", "letter-probability matrix:", "alength= 4", "w= ",
      "w= 4611686018427387904", "w=-1", "nsites= ", "E= ", "URL", "ALPHABET= ACGU\n", "ALPHABET \"X\"\n",
      "END ALPHABET\n", "Background letter frequencies\n", "A C G T", "P0", "AC  ", "XX\n", "A", "T:", "é",
      "\u{85}",
    ].map { Array($0.utf8) } + [[0xFF, 0xFE], [0x80], [0xC3], [0x1F, 0x8B]]

  public init(seeds: [[UInt8]], seed: UInt64) {
    self.seeds = seeds
    random = CounterRandom(seed: seed, purpose: .permutation)
  }

  /// One of the files with one to eight damages, rather few than many.
  public mutating func next() -> [UInt8] {
    var bytes = seeds[random.below(seeds.count)]
    for _ in 0..<random.below(random.below(8) + 1) + 1 { damage(&bytes) }
    return bytes
  }

  private mutating func damage(_ bytes: inout [UInt8]) {
    guard !bytes.isEmpty else {
      bytes = Self.words[random.below(Self.words.count)]
      return
    }
    let position = random.below(bytes.count)
    let end = min(bytes.count, position + 1 + random.below(1 << (1 + random.below(8))))
    switch random.below(9) {
    case 0: bytes[position] = UInt8(random.below(256))
    case 1: bytes[position] ^= 1 << UInt8(random.below(8))
    case 2: bytes.removeSubrange(position..<end)
    case 3: bytes.insert(contentsOf: bytes[position..<end], at: random.below(bytes.count))
    case 4: bytes.insert(contentsOf: Self.words[random.below(Self.words.count)], at: position)
    case 5: bytes.replaceSubrange(position..<end, with: Self.words[random.below(Self.words.count)])
    case 6: bytes.removeSubrange(position...)
    case 7:
      let other = seeds[random.below(seeds.count)]
      if !other.isEmpty { bytes.replaceSubrange(position..., with: other[random.below(other.count)...]) }
    default:
      var lines = bytes.split(separator: 10, omittingEmptySubsequences: false)
      lines.swapAt(random.below(lines.count), random.below(lines.count))
      bytes = Array(lines.joined(separator: [10]))
    }
  }
}
