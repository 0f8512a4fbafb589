import Foundation

/// Text put together byte by byte: tables of a million rows are written so.
extension [UInt8] {
  mutating func append(_ text: String) { append(contentsOf: text.utf8) }

  mutating func append(_ number: Int) {
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 20) { digits in
      var rest = number.magnitude, first = 20
      repeat {
        first -= 1
        digits[first] = UInt8(ascii: "0") + UInt8(rest % 10)
        rest /= 10
      } while rest > 0
      if number < 0 { append(UInt8(ascii: "-")) }
      append(contentsOf: UnsafeMutableBufferPointer(rebasing: digits[first...]))
    }
  }

  /// Six significant digits, as `%g` writes them.
  mutating func append(significant value: Double) {
    withUnsafeTemporaryAllocation(of: CChar.self, capacity: 32) { buffer in
      let count = withVaList([value]) { vsnprintf(buffer.baseAddress!, 32, "%.6g", $0) }
      append(contentsOf: UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(buffer)[..<Int(count)]))
    }
  }

  /// A cell of a table: what would break the row becomes a blank.
  mutating func append(cell text: String) {
    for byte in text.utf8 { append(byte < 32 ? 32 : byte) }
  }

  /// A JSON string.
  mutating func append(quoted text: String) {
    append(UInt8(ascii: "\""))
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"):
        append(UInt8(ascii: "\\"))
        append(byte)
      case 0..<32: append(String(format: "\\u%04x", byte))
      default: append(byte)
      }
    }
    append(UInt8(ascii: "\""))
  }
}
