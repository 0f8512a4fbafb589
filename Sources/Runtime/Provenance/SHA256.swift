internal import CKernels
import Foundation

/// The 256-bit Secure Hash Algorithm (FIPS 180-4), for naming input files by their content.
public struct SHA256: Sendable {
  private var state: [UInt32] = [
    0x6a09_e667, 0xbb67_ae85, 0x3c6e_f372, 0xa54f_f53a, 0x510e_527f, 0x9b05_688c, 0x1f83_d9ab, 0x5be0_cd19,
  ]
  private var pending: [UInt8] = []
  private var count: UInt64 = 0
  private let isPortable: Bool

  public init() { self.init(isPortable: false) }

  /// - Parameter isPortable: leaves out the processor's own instructions.
  package init(isPortable: Bool) { self.isPortable = isPortable }

  /// The digest of a file's bytes in hexadecimal digits.
  ///
  /// - Parameter isStopped: asked between megabytes whether nobody wants the digest any more.
  /// - Throws: `InputError` if the file cannot be read; `CancellationError` when stopped.
  public static func digest(ofFile path: String, isStopped: () -> Bool = { false }) throws -> String {
    guard access(path, R_OK) == 0 else { throw InputError(file: path, "cannot be read: \(systemMessage())") }
    guard let file = FileHandle(forReadingAtPath: path) else {
      throw InputError(file: path, "cannot be read")
    }
    defer { try? file.close() }
    var hash = SHA256()
    while let data = try? file.read(upToCount: 1 << 20), !data.isEmpty {
      if isStopped() { throw CancellationError() }
      hash.update([UInt8](data))
    }
    return hash.digest()
  }

  public mutating func update(_ bytes: [UInt8]) {
    count += UInt64(bytes.count)
    pending += bytes
    let whole = pending.count / 64 * 64
    let compress = isPortable ? ck_sha256_portable : ck_sha256
    compress(&state, pending, Int64(whole / 64), Self.constants)
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
