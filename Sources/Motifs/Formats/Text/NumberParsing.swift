/// Numbers as they stand in motif files: an optional sign, decimal digits with at most one point, an optional
/// decimal exponent. No hexadecimal, no `nan`, no `inf`.
enum NumberParsing {
  private static let powersOfTen: [Double] = (0...22).map { power in
    var value = 1.0
    for _ in 0..<power { value *= 10 }
    return value
  }

  /// The nearest double, `nil` if the bytes are no number or too large for one.
  static func double(_ bytes: UnsafeBufferPointer<UInt8>) -> Double? {
    var position = 0
    let negative = bytes.first == UInt8(ascii: "-")
    if negative || bytes.first == UInt8(ascii: "+") { position = 1 }
    var mantissa: UInt64 = 0
    var significant = 0
    var digits = 0
    var exponent = 0
    var seenPoint = false
    while position < bytes.count {
      let byte = bytes[position]
      if byte &- 48 < 10 {
        digits += 1
        if mantissa != 0 || byte != 48 { significant += 1 }
        if significant <= 19 { mantissa = mantissa &* 10 &+ UInt64(byte &- 48) }
        if seenPoint { exponent -= 1 }
      } else if byte == UInt8(ascii: "."), !seenPoint {
        seenPoint = true
      } else {
        break
      }
      position += 1
    }
    guard digits > 0 else { return nil }
    if position < bytes.count {
      guard bytes[position] | 32 == UInt8(ascii: "e") else { return nil }
      position += 1
      let down = position < bytes.count && bytes[position] == UInt8(ascii: "-")
      if down || (position < bytes.count && bytes[position] == UInt8(ascii: "+")) { position += 1 }
      guard position < bytes.count else { return nil }
      var power = 0
      while position < bytes.count {
        guard bytes[position] &- 48 < 10 else { return nil }
        power = min(power * 10 + Int(bytes[position] - 48), 100_000)
        position += 1
      }
      exponent += down ? -power : power
    }
    // Both factors are exact doubles, so one rounding gives the nearest (Clinger 1990).
    if significant <= 19, mantissa <= 1 << 53, abs(exponent) <= 22 {
      let scale = powersOfTen[abs(exponent)]
      let value = exponent < 0 ? Double(mantissa) / scale : Double(mantissa) * scale
      return negative ? -value : value
    }
    guard let value = Double(String(decoding: bytes, as: UTF8.self)), value.isFinite else { return nil }
    return value
  }

  /// A whole number without sign, `nil` if the bytes are none or it does not fit.
  static func integer(_ bytes: UnsafeBufferPointer<UInt8>) -> Int? {
    guard !bytes.isEmpty else { return nil }
    var value = 0
    for byte in bytes {
      guard byte &- 48 < 10 else { return nil }
      let (tenfold, overflow) = value.multipliedReportingOverflow(by: 10)
      let (sum, carry) = tenfold.addingReportingOverflow(Int(byte - 48))
      if overflow || carry { return nil }
      value = sum
    }
    return value
  }

  /// The shortest decimal that reads back as the same double; whole numbers without a point.
  static func text(_ value: Double) -> String {
    value == value.rounded() && abs(value) < 1e15 ? String(Int64(value)) : "\(value)"
  }
}
