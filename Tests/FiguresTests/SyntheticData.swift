import Foundation

/// SplitMix64 (Steele, Lea and Flood 2014): the same numbers in every run.
struct TestRandom: RandomNumberGenerator {
  var state: UInt64

  init(_ seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  mutating func uniform() -> Double { Double(next() >> 11) * 0x1p-53 }

  mutating func normal() -> Double {
    (-2 * log(1 - uniform())).squareRoot() * cos(2 * .pi * uniform())
  }
}

/// Matrices like those that networks give.
enum Synthetic {
  static let foxo1: [[Double]] = [
    [93, 80, 130, 197], [48, 155, 128, 169], [30, 226, 127, 117], [20, 239, 85, 156], [3, 6, 7, 484],
    [16, 17, 459, 8],
    [2, 93, 8, 397], [5, 15, 31, 449], [6, 20, 111, 363], [202, 112, 26, 160], [3, 346, 26, 125],
    [113, 132, 88, 167],
  ].map { row in row.map { $0 / 500 } }

  /// A filter that has learned part of FOXO1, shifted and blurred.
  static func frequencies(_ seed: UInt64, width: Int = 12) -> [[Double]] {
    var random = TestRandom(seed)
    let shift = Int(random.uniform() * 7) - 3
    let strength = random.uniform() * 2.5
    return (0..<width).map { i in
      let source = foxo1.indices.contains(i + shift) ? foxo1[i + shift] : [0.25, 0.25, 0.25, 0.25]
      let weights = source.map { pow($0 + 0.02, strength) * exp(0.35 * random.normal()) }
      let sum = weights.reduce(0, +)
      return weights.map { $0 / sum }
    }
  }

  /// Weights of a filter, position × base.
  static func weights(_ seed: UInt64, width: Int = 12) -> [[Double]] {
    var random = TestRandom(seed)
    return frequencies(seed, width: width).map { row in row.map { 0.4 * log(4 * $0) + 0.12 * random.normal() }
    }
  }

  /// Attributions of one sequence: noise, and a site of 12 positions at `site`.
  static func attributions(_ seed: UInt64, length: Int = 100, site: Int? = 44) -> [[Double]] {
    var random = TestRandom(seed)
    return (0..<length).map { i in
      var row = [0.0, 0, 0, 0]
      var base = Int(random.uniform() * 4)
      var value = 0.05 * random.normal()
      if let site, (site..<site + 12).contains(i) {
        let frequencies = foxo1[i - site]
        base = frequencies.indices.max { frequencies[$0] < frequencies[$1] }!
        value += 0.8 * (frequencies[base] - 0.3)
      }
      row[base] = value
      return row
    }
  }
}
