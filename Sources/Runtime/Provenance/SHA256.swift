import Foundation

/// The 256-bit Secure Hash Algorithm (FIPS 180-4), for naming input files by their content.
public struct SHA256: Sendable {
  private var state: [UInt32] = [
    0x6a09_e667, 0xbb67_ae85, 0x3c6e_f372, 0xa54f_f53a, 0x510e_527f, 0x9b05_688c, 0x1f83_d9ab, 0x5be0_cd19,
  ]
  private var pending: [UInt8] = []
  private var count: UInt64 = 0

  public init() {}

  /// The digest of a file's bytes in hexadecimal digits.
  ///
  /// - Throws: `InputError` if the file cannot be read.
  public static func digest(ofFile path: String) throws -> String {
    guard access(path, R_OK) == 0 else { throw InputError(file: path, "cannot be read: \(systemMessage())") }
    guard let file = FileHandle(forReadingAtPath: path) else {
      throw InputError(file: path, "cannot be read")
    }
    defer { try? file.close() }
    var hash = SHA256()
    while let data = try? file.read(upToCount: 1 << 20), !data.isEmpty { hash.update([UInt8](data)) }
    return hash.digest()
  }

  public mutating func update(_ bytes: [UInt8]) {
    count += UInt64(bytes.count)
    pending += bytes
    let whole = pending.count / 64 * 64
    pending.withUnsafeBytes { buffer in
      Self.constants.withUnsafeBufferPointer { constants in
        state.withUnsafeMutableBufferPointer { state in
          for start in stride(from: 0, to: whole, by: 64) {
            Self.compress(buffer, start, constants, into: state)
          }
        }
      }
    }
    pending.removeFirst(whole)
  }

  /// The digest of all bytes so far, 64 hexadecimal digits.
  public func digest() -> String {
    var last = self
    let bits = count * 8
    let zeros = (119 - Int(count % 64)) % 64
    last.update([0x80] + [UInt8](repeating: 0, count: zeros))
    last.update((0..<8).map { UInt8(truncatingIfNeeded: bits >> (56 - 8 * UInt64($0))) })
    return last.state.map { word in
      let digits = String(word, radix: 16)
      return String(repeating: "0", count: 8 - digits.count) + digits
    }.joined()
  }

  private static func compress(
    _ bytes: UnsafeRawBufferPointer, _ start: Int, _ constants: UnsafeBufferPointer<UInt32>,
    into state: UnsafeMutableBufferPointer<UInt32>
  ) {
    withUnsafeTemporaryAllocation(of: UInt32.self, capacity: 64) { w in
      for i in 0..<16 {
        w[i] = UInt32(bigEndian: bytes.loadUnaligned(fromByteOffset: start + 4 * i, as: UInt32.self))
      }
      for i in 16..<64 {
        let s0 = rotated(w[i - 15], 7) ^ rotated(w[i - 15], 18) ^ (w[i - 15] >> 3)
        let s1 = rotated(w[i - 2], 17) ^ rotated(w[i - 2], 19) ^ (w[i - 2] >> 10)
        w[i] = w[i - 16] &+ s0 &+ w[i - 7] &+ s1
      }
      var (a, b, c, d) = (state[0], state[1], state[2], state[3])
      var (e, f, g, h) = (state[4], state[5], state[6], state[7])
      for i in 0..<64 {
        let s1 = rotated(e, 6) ^ rotated(e, 11) ^ rotated(e, 25)
        let t1 = h &+ s1 &+ ((e & f) ^ (~e & g)) &+ constants[i] &+ w[i]
        let s0 = rotated(a, 2) ^ rotated(a, 13) ^ rotated(a, 22)
        let t2 = s0 &+ ((a & b) ^ (a & c) ^ (b & c))
        (h, g, f, e) = (g, f, e, d &+ t1)
        (d, c, b, a) = (c, b, a, t1 &+ t2)
      }
      for (i, word) in [a, b, c, d, e, f, g, h].enumerated() { state[i] = state[i] &+ word }
    }
  }

  private static func rotated(_ word: UInt32, _ count: UInt32) -> UInt32 {
    word &>> count | word &<< (32 &- count)
  }

  /// The first 32 bits of the fractional parts of the cube roots of the first 64 primes.
  private static let constants: [UInt32] = {
    let primes = (2...311).filter { n in !(2..<n).contains { n % $0 == 0 } }
    // ⌊∛p · 2³²⌋ = ⌊∛(p · 2⁹⁶)⌋, found bit by bit; 2⁹⁶ needs 128-bit integers.
    return primes.map { prime in
      let target = UInt128(prime) << 96
      var root: UInt128 = 0
      for bit in (0..<36).reversed() {
        let candidate = root | 1 << UInt128(bit)
        if candidate * candidate * candidate <= target { root = candidate }
      }
      return UInt32(truncatingIfNeeded: root)
    }
  }()
}
