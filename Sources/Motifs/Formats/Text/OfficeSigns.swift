import Runtime

/// What word processors and spreadsheets make of a motif file: no-break spaces and decimal commas.
enum OfficeSigns {
  /// No-break, figure and narrow no-break space in UTF-8.
  private static let blanks: [[UInt8]] = [[0xC2, 0xA0], [0xE2, 0x80, 0x87], [0xE2, 0x80, 0xAF]]

  /// The bytes with plain blanks for those that only look like them.
  static func withPlainBlanks(_ bytes: [UInt8]) -> [UInt8] {
    guard bytes.contains(where: { $0 == 0xC2 || $0 == 0xE2 }) else { return bytes }
    var result: [UInt8] = []
    result.reserveCapacity(bytes.count)
    var position = 0
    while position < bytes.count {
      if let blank = blanks.first(where: { bytes[position...].starts(with: $0) }) {
        result.append(UInt8(ascii: " "))
        position += blank.count
      } else {
        result.append(bytes[position])
        position += 1
      }
    }
    return result
  }

  /// Throws `InputError` at the first row whose numbers have commas where a point is expected.
  static func refuseCommas(_ bytes: UnsafeBufferPointer<UInt8>, file: String?) throws {
    guard bytes.contains(UInt8(ascii: ",")) else { return }
    for line in TextLines(bytes) where line.bytes.contains(UInt8(ascii: ",")) {
      let commas = line.fields.filter(hasDecimalComma)
      if commas.count >= 3, !line.starts(with: ">"), !line.isComment {
        throw InputError(
          file: file, line: line.number, "'\(commas[0].string)' has a decimal comma; numbers have a point")
      }
    }
  }

  /// Digits, a comma, digits.
  private static func hasDecimalComma(_ word: TextLine.Bytes) -> Bool {
    let parts = word.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false)
    return parts.count == 2 && parts.allSatisfy { !$0.isEmpty && $0.allSatisfy { $0 &- 48 < 10 } }
  }
}
