import Foundation

/// Numbers as the page's sentences and tables show them.
package enum Words {
  /// Three decimals, as accuracies and areas need.
  package static func share(_ value: Double) -> String { fixed(value, decimals: 3) }

  /// A number with the given decimals; what is rounded to nothing has no sign.
  static func fixed(_ value: Double, decimals: Int) -> String {
    if let text = quicklyFixed(value, decimals: decimals) { return text }
    let text = String(format: "%.\(decimals)f", value)
    return text.allSatisfy { "-0.".contains($0) } ? String(text.drop { $0 == "-" }) : text
  }

  private static let powers: [Double] = [1, 10, 100, 1000, 1e4, 1e5, 1e6]

  /// The same where the product with a power of ten is not so large or so near a half that its rounding may decide the last digit: files of
  /// results are mostly such numbers, and a format takes ten times as long.
  private static func quicklyFixed(_ value: Double, decimals: Int) -> String? {
    guard powers.indices.contains(decimals) else { return nil }
    let scaled = abs(value) * powers[decimals]
    guard scaled < 0x1p40 else { return nil }
    let whole = UInt64(scaled)
    let rest = scaled - Double(whole)
    guard abs(rest - 0.5) > 0x1p-12 else { return nil }
    let rounded = rest > 0.5 ? whole + 1 : whole
    var digits = String(rounded)
    if decimals > 0 {
      if digits.utf8.count <= decimals {
        digits = String(repeating: "0", count: decimals + 1 - digits.utf8.count) + digits
      }
      digits.insert(".", at: digits.index(digits.endIndex, offsetBy: -decimals))
    }
    return value < 0 && rounded > 0 ? "-" + digits : digits
  }

  /// A number by a format of C.
  static func formatted(_ format: String, _ value: Double) -> String {
    withUnsafeTemporaryAllocation(of: CChar.self, capacity: 64) { text in
      let count = withVaList([value]) { vsnprintf(text.baseAddress, text.count, format, $0) }
      guard count < text.count else { return String(format: format, value) }
      return String(cString: text.baseAddress!)
    }
  }

  package static func percent(_ value: Double) -> String {
    // Below one the first digit that is not 0.
    let isSmall = 1e-6..<0.0095 ~= value
    return String(format: isSmall ? "%.1g" : "%.0f", 100 * value) + "\u{202F}%"
  }

  /// With a comma between thousands.
  package static func count(_ number: Int) -> String {
    var rest = String(abs(number))
    var groups: [String] = []
    while rest.count > 3 {
      groups.insert(String(rest.suffix(3)), at: 0)
      rest.removeLast(3)
    }
    return (number < 0 ? "−" : "") + ([rest] + groups).joined(separator: ",")
  }

  /// `1 record`, `2000 records`
  ///
  /// - Parameter plural: of the noun, where it is not the noun with an s.
  package static func counted(_ number: Int, _ noun: String, plural: String? = nil) -> String {
    "\(number) \(number == 1 ? noun : plural ?? noun + "s")"
  }

  /// `0.012`, or a power of ten below a thousandth: `3.1 × 10⁻³⁰`. E-values may be over 1: `316`.
  package static func probability(_ p: Double) -> String { probability(log10: log10(p)) }

  /// The same by its logarithm, also where a number cannot hold it: `3.1 × 10⁻²¹⁴⁵`.
  package static func probability(log10: Double) -> String {
    guard log10 < -3, log10.isFinite else {
      let p = pow(10, log10)
      return String(format: p < 100 ? "%.2g" : "%.0f", p)
    }
    let exponent = log10.rounded(.down)
    let mantissa = String(format: "%.1f", pow(10, log10 - exponent))
    // Rounding may reach ten.
    let (digits, power) = mantissa == "10.0" ? ("1.0", Int(exponent) + 1) : (mantissa, Int(exponent))
    return "\(digits)\u{202F}×\u{202F}10\(superscript(power))"
  }

  /// The same for figures, whose fonts need not have raised digits: `3.1e-30`.
  package static func plainProbability(_ p: Double) -> String {
    p > 0 && p < 0.001 ? String(format: "%.1e", p) : String(format: "%.2g", p)
  }

  /// `8.7 bits`
  package static func bits(_ information: Double) -> String { String(format: "%.1f bits", information) }

  /// `one`, `two`, … up to twelve, digits beyond.
  package static func spelled(_ number: Int) -> String {
    let words = [
      "no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    ]
    return words.indices.contains(number) ? words[number] : count(number)
  }

  package static func capitalized(_ text: String) -> String { text.prefix(1).uppercased() + text.dropFirst() }

  /// `a`, `a and b`, `a, b and c`
  package static func list(_ items: [String]) -> String {
    guard items.count > 1 else { return items.first ?? "" }
    return items.dropLast().joined(separator: ", ") + " and " + items[items.count - 1]
  }

  /// `a, b, c and 5 more`
  package static func few(_ items: [String], most: Int = 3) -> String {
    items.count <= most + 1 ? list(items) : list(items.prefix(most) + ["\(items.count - most) more"])
  }

  private static func superscript(_ number: Int) -> String {
    let digits: [Character: Character] = [
      "-": "⁻", "0": "⁰", "1": "¹", "2": "²", "3": "³", "4": "⁴", "5": "⁵", "6": "⁶", "7": "⁷", "8": "⁸",
      "9": "⁹",
    ]
    return String(String(number).compactMap { digits[$0] })
  }
}
