import Foundation
import Runtime
import Sequences
import TestSupport
import Testing

/// 40 sequences of 30 bases as FASTA, through gzip -n -9:
///
///     import gzip
///     text = "".join(f">s{i}\n" + "".join("ACGT"[(i * i + j * (i + 3)) % 7 % 4] for j in range(30)) + "\n" for i in range(40))
///     print(gzip.compress(text.encode(), 9, mtime=0).hex())
private let compressed = bytes(
  hex: """
    1f8b08000000000002038dd3cd0944210c04e07baa3189cf9fcb42c8210dd8c9eb1f3605ac3b11612e83e143fdbc8dec44b8
    db25e8f332b9471cb34b6445c8c2fc785c222b4ae196fb5c222b9de2efcaca4396e7790efe1d5919943373725c222b13a317
    466f8ce686d5cc98cd82ddac18cebd70dd0fa6f328d867c1be0af68dedd2b05d18db450a6f5db15d3ab6cb83ed320af659b0
    af827d63bbb6c247676c57c176556cd78eedfa60bb8e827d16ecab60dfc8fe052bb3ee5096050000
    """)

private func bytes(hex: String) -> [UInt8] {
  let digits = hex.utf8.compactMap { Character(UnicodeScalar($0)).hexDigitValue }
  return stride(from: 0, to: digits.count, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) }
}

private let expected: [[UInt8]] = (0..<40).map { i in (0..<30).map { j in code(i, j) } }

private func code(_ i: Int, _ j: Int) -> UInt8 {
  let mixed: Int = i * i + j * (i + 3)
  return UInt8(mixed % 7 % 4)
}

private func read(_ bytes: [UInt8]) throws -> [[UInt8]] {
  try withTemporaryDirectory { folder in
    try AtomicFile.write(bytes, to: folder + "/input.gz")
    let set = try SequenceSet(contentsOf: folder + "/input.gz")
    return (0..<set.count).map { Array(set[$0]) }
  }
}

@Suite struct GzipTests {
  @Test func readsMembersOneAfterTheOther() throws {
    #expect(try read(compressed) == expected)
    #expect(try read(compressed + compressed) == expected + expected)
  }

  @Test(arguments: 2..<compressed.count) func truncated(length: Int) {
    #expect(throws: InputError.self) { try read(Array(compressed.prefix(length))) }
  }

  @Test func truncationIsNamed() {
    #expect(
      performing: { try read(Array(compressed.dropLast(3))) },
      throws: { "\($0)".hasSuffix("the gzip data end too early; the file is cut short") })
  }

  @Test func corruptionIsNamed() {
    var bytes = compressed
    bytes[bytes.count - 6] ^= 1  // The checksum.
    #expect(
      performing: { try read(bytes) },
      throws: { "\($0)".hasSuffix("the gzip data are damaged (incorrect data check)") })
  }

  @Test func everyFlippedByteIsRefusedOrHarmless() {
    for position in 10..<compressed.count {
      var bytes = compressed
      bytes[position] ^= 0x55
      #expect(throws: InputError.self, "byte \(position)") { try read(bytes) }
    }
  }
}

@Suite struct PlacesToReadFromTests {
  @Test func placesThatRefuse() throws {
    try withTemporaryDirectory { folder in
      #expect(throws: InputError(file: folder, "is a folder, not a file")) {
        try SequenceSet(contentsOf: folder)
      }
      let missing = folder + "/missing.fa"
      #expect(throws: InputError(file: missing, "cannot be read: no such file or directory")) {
        try SequenceSet(contentsOf: missing)
      }
    }
  }
}
