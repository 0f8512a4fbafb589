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
  package mutating func append(significant value: Double) {
    if let digits = SixDigits(value) { return append(digits) }
    withUnsafeTemporaryAllocation(of: CChar.self, capacity: 32) { buffer in
      let count = withVaList([value]) { vsnprintf(buffer.baseAddress!, 32, "%.6g", $0) }
      append(contentsOf: UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(buffer)[..<Int(count)]))
    }
  }

  private mutating func append(_ number: SixDigits) {
    let zero = UInt8(ascii: "0")
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 6) { digits in
      var (rest, count) = (number.digits, 6)
      for index in stride(from: 5, through: 0, by: -1) {
        digits[index] = zero + UInt8(rest % 10)
        rest /= 10
      }
      while count > 1, digits[count - 1] == zero { count -= 1 }
      let exponent = number.exponent
      let isFixed = exponent >= -4 && exponent < 6
      if isFixed, exponent < 0 {
        append(zero)
        append(UInt8(ascii: "."))
        for _ in 0..<(-1 - exponent) { append(zero) }
      }
      let whole = isFixed ? exponent + 1 : 1
      for index in 0..<Swift.max(count, isFixed ? whole : 0) {
        if index == whole, index > 0 { append(UInt8(ascii: ".")) }
        append(index < count ? digits[index] : zero)
      }
      guard !isFixed else { return }
      append(UInt8(ascii: "e"))
      append(UInt8(ascii: exponent < 0 ? "-" : "+"))
      if exponent.magnitude < 10 { append(zero) }
      append(Int(exponent.magnitude))
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

/// A positive number as six decimal digits and the exponent of the first.
private struct SixDigits {
  var digits: UInt32
  var exponent: Int

  private static let powers: [Double] = (-307...307).map { pow(10, Double($0)) }

  private static func power(_ exponent: Int) -> Double { powers[exponent + 307] }

  /// `nil` where the product below may round to other digits than the number itself, and for numbers that are not
  /// within 1e-290 … 1e290.
  init?(_ value: Double) {
    guard value > 1e-290, value < 1e290 else { return nil }
    exponent = Int((Double(value.exponent) * 0.30102999566398120).rounded(.down))
    if value >= Self.power(exponent + 1) { exponent += 1 }
    let scaled = value * Self.power(5 - exponent)
    let rounded = scaled.rounded()
    guard abs(abs(scaled - rounded) - 0.5) > 1e-7 else { return nil }
    digits = UInt32(rounded)
    if digits == 1_000_000 {
      digits = 100_000
      exponent += 1
    }
    guard digits >= 100_000, digits < 1_000_000 else { return nil }
  }
}
