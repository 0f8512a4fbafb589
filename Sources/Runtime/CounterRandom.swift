/// Random numbers that are a function of what they are for, not of what was drawn before.
///
/// The stream is keyed by (seed, purpose, epoch, index): number `i` of it is SplitMix64's finalizer
/// (Steele, Lea & Flood 2014) at `key + (i + 1)·γ`. Whoever asks with the same key gets the same numbers,
/// whatever the number of threads and wherever a run was resumed.
public struct CounterRandom: RandomNumberGenerator, Sendable {
  /// What numbers are drawn for; two purposes never share a stream.
  public enum Purpose: UInt64, Sendable {
    case initialization = 1, order, dropout, simulation, split, shuffle, nullModel, bootstrap, permutation,
      sampling, augmentation, search, audit, experiment, design
  }

  private let key: UInt64
  private var counter: UInt64 = 0

  public init(seed: UInt64, purpose: Purpose, epoch: Int = 0, index: Int = 0) {
    key = Self.key(seed: seed, purpose: purpose, epoch: epoch, index: index)
  }

  /// The 64-bit key of a stream, for kernels that make the numbers themselves.
  public static func key(seed: UInt64, purpose: Purpose, epoch: Int = 0, index: Int = 0) -> UInt64 {
    var key = mix(seed &+ 0x9E37_79B9_7F4A_7C15)
    for word in [purpose.rawValue, UInt64(bitPattern: Int64(epoch)), UInt64(bitPattern: Int64(index))] {
      key = mix(key ^ (word &+ 0x9E37_79B9_7F4A_7C15))
    }
    return key
  }

  public mutating func next() -> UInt64 {
    counter &+= 1
    return Self.mix(key &+ counter &* 0x9E37_79B9_7F4A_7C15)
  }

  /// Uniform in [0, 1), 53 bits.
  public mutating func uniform() -> Double { Double(next() >> 11) * 0x1p-53 }

  /// Uniform in 0..<bound, without bias (Lemire 2019).
  public mutating func below(_ bound: Int) -> Int { Int(next(upperBound: UInt64(bound))) }

  /// A random order of 0..<count (Fisher–Yates).
  public mutating func permutation(_ count: Int) -> [Int] {
    var order = Array(0..<count)
    for last in stride(from: count - 1, to: 0, by: -1) { order.swapAt(last, below(last + 1)) }
    return order
  }

  private static func mix(_ word: UInt64) -> UInt64 {
    var z = word
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
