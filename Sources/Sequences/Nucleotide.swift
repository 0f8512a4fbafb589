import CKernels

/// One base as a code: A C G T = 0…3, anything unknown (N, other IUPAC letters, X and `.` where bases are masked) = 4.
///
/// The codes order the bases so that the complement of `x` is `3 - x`.
public enum Nucleotide {
  public static let letters: [Character] = ["A", "C", "G", "T"]
  /// The code of an unknown base; it adds nothing to any sum over bases.
  public static let unknown: UInt8 = 4
  /// What `code(ofASCII:)` returns for a byte that is no IUPAC nucleotide letter.
  public static let invalid: UInt8 = 255

  private static let codeOfASCII: [UInt8] = {
    var table = [UInt8](repeating: invalid, count: 256)
    for letter in "RYSWKMBDHVNX".utf8 { table[Int(letter)] = unknown; table[Int(letter) + 32] = unknown }
    // RepeatMasker and alignments mask with X, some programs with a full stop.
    table[Int(UInt8(ascii: "."))] = unknown
    for (code, letter) in "ACGT".utf8.enumerated() {
      table[Int(letter)] = UInt8(code)
      table[Int(letter) + 32] = UInt8(code)
    }
    table[Int(UInt8(ascii: "U"))] = 3
    table[Int(UInt8(ascii: "u"))] = 3
    return table
  }()

  /// Upper and lower case alike; U counts as T; `invalid` for bytes that are no nucleotide letter.
  public static func code(ofASCII byte: UInt8) -> UInt8 { codeOfASCII[Int(byte)] }

  /// Replaces ASCII letters by their codes, as `code(ofASCII:)` has them.
  ///
  /// - Returns: whether all of them are nucleotide letters.
  package static func encode(
    _ letters: UnsafeMutableBufferPointer<UInt8>, kernels: NucleotideKernels = .best
  ) -> Bool {
    guard let start = letters.baseAddress else { return true }
    return kernels.table.pointee.encode(start, letters.count, codeOfASCII) & 0x80 == 0
  }

  /// Appends the ASCII letters of codes to a text.
  package static func append(_ codes: some Collection<UInt8>, to text: inout [UInt8]) {
    let start = text.count
    text.append(contentsOf: codes)
    text.withUnsafeMutableBufferPointer { text in
      guard text.count > start else { return }
      NucleotideKernels.best.table.pointee.decode(text.baseAddress! + start, text.count - start)
    }
  }

  public static func complement(_ code: UInt8) -> UInt8 { code < 4 ? 3 - code : code }

  public static func reverseComplement(_ codes: some BidirectionalCollection<UInt8>) -> [UInt8] {
    codes.reversed().map(complement)
  }

  /// The ASCII letter of a code, upper case, N for unknown.
  public static func letter(_ code: UInt8) -> UInt8 {
    switch code {
    case 0: UInt8(ascii: "A")
    case 1: UInt8(ascii: "C")
    case 2: UInt8(ascii: "G")
    case 3: UInt8(ascii: "T")
    default: UInt8(ascii: "N")
    }
  }

  /// Upper-case letters, N for unknown.
  public static func string(_ codes: some Sequence<UInt8>) -> String {
    var text: [UInt8] = []
    append(Array(codes), to: &text)
    return String(decoding: text, as: UTF8.self)
  }

  /// `nil` if a character is no nucleotide letter.
  public static func codes(_ string: some StringProtocol) -> [UInt8]? {
    let codes = string.utf8.map(code(ofASCII:))
    return codes.contains(invalid) ? nil : codes
  }
}

/// How letters become codes and back on one instruction set.
package struct NucleotideKernels: @unchecked Sendable {
  fileprivate let table: UnsafePointer<ck_nucleotide_kernels>

  /// Those that this machine can run, best first.
  package static let available = (0..<ck_nucleotide_count()).map {
    NucleotideKernels(table: ck_nucleotide_table($0))
  }
  package static let best = available[0]
}
