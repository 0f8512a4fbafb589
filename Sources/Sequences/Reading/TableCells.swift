import Runtime

/// One cell of a row.
struct TableCell {
  /// What stands between separators or quotes.
  var bytes: UnsafeRawBufferPointer
  /// 1-based column of the line where `bytes` start.
  var column: Int
  /// Whether `bytes` hold doubled quotes that stand for one.
  var hasDoubledQuotes = false

  var text: String {
    let text = String(decoding: bytes, as: UTF8.self)
    return hasDoubledQuotes
      ? text.split(separator: "\"\"", omittingEmptySubsequences: false).joined(separator: "\"") : text
  }

  /// The text for an error message, cut where it is long.
  var shown: String {
    let text = String(decoding: bytes.prefix(20).map { $0 < 32 || $0 == 127 ? 63 : $0 }, as: UTF8.self)
    return "\"\(text)\(bytes.count > 20 ? "…" : "")\""
  }

  /// A whole number of one digit as pandas may write it: `1` or `1.0`.
  var digit: UInt8? {
    guard
      bytes.count == 1 || (bytes.count == 3 && bytes[1] == UInt8(ascii: ".") && bytes[2] == UInt8(ascii: "0"))
    else { return nil }
    let digit = bytes[0] &- UInt8(ascii: "0")
    return digit < 10 ? digit : nil
  }

  /// 0 or 1 as programs write it: `1`, `1.000000e+00`, `True`.
  var label: UInt8? {
    if let digit { return digit < 2 ? digit : nil }
    return number.flatMap { $0 == 0 ? 0 : $0 == 1 ? 1 : nil }
  }

  /// What remains of a name when tabs, line ends and other controls, which tables cannot hold, are blanks.
  var name: String { String(text).withoutControls }

  /// Whether it looks like a sequence: four nucleotides or more and nothing else.
  var isSequence: Bool {
    bytes.count > 3 && bytes.allSatisfy { $0 != UInt8(ascii: ".") && Nucleotide.code(ofASCII: $0) < 5 }
  }

  /// A decimal number, or 1 and 0 for True and False; NaN where the cell is empty or says NA or NaN, `nil` where it
  /// holds anything else.
  var number: Float? {
    if let digit { return Float(digit) }
    let text = text
    switch text.lowercased() {
    case "", "na", "nan": return .nan
    case "true": return 1
    case "false": return 0
    default: break
    }
    guard let first = text.utf8.first, first < 58, let value = Float(text), value.isFinite else { return nil }
    return value
  }
}

/// The cells of one row of a CSV or TSV; cells may stand in double quotes, with `""` for a quote (RFC 4180).
struct TableCells {
  private let row: UnsafeRawBufferPointer
  private let separator: UInt8
  private var at = 0

  init(_ row: UnsafeRawBufferPointer, separator: UInt8) {
    self.row = row
    self.separator = separator
  }

  /// What is wrong with a row's quotes.
  struct QuoteError: Error {
    var reason: String
    /// Whether the next line may close the quote.
    var isOpen = false
  }

  /// The next cell without blanks around it, `nil` after the last.
  mutating func next() throws(QuoteError) -> TableCell? {
    guard at <= row.count else { return nil }
    while at < row.count, row[at] == 32 { at += 1 }
    if at < row.count, row[at] == UInt8(ascii: "\"") { return try quoted() }
    let start = at
    while at < row.count, row[at] != separator { at += 1 }
    var end = at
    at += 1
    while end > start, row[end - 1] == 32 { end -= 1 }
    return TableCell(bytes: UnsafeRawBufferPointer(rebasing: row[start..<end]), column: start + 1)
  }

  /// Takes a cell for each place of `codes` if all are one digit below 4 without blanks or quotes, and none otherwise.
  mutating func takeCodes(into codes: Slice<UnsafeMutableBufferPointer<UInt8>>) -> Bool {
    let end = at + 2 * codes.count - 1
    guard end <= row.count, end == row.count || row[end] == separator else { return false }
    let places = UnsafeMutableBufferPointer(rebasing: codes)
    var wrong: UInt8 = 0
    for place in places.indices {
      let byte = row[at + 2 * place] &- UInt8(ascii: "0")
      places[place] = byte
      wrong |= byte & 0xFC
      if place > 0 { wrong |= row[at + 2 * place - 1] ^ separator }
    }
    guard wrong == 0 else { return false }
    at = end + 1
    return true
  }

  private mutating func quoted() throws(QuoteError) -> TableCell {
    let quote = UInt8(ascii: "\"")
    let start = at + 1
    var doubled = false
    at = start
    while at < row.count {
      if row[at] == quote {
        guard at + 1 < row.count, row[at + 1] == quote else { break }
        doubled = true
        at += 1
      }
      at += 1
    }
    guard at < row.count else {
      throw QuoteError(reason: "the quote at column \(start) is not closed", isOpen: true)
    }
    let end = at
    at += 1
    while at < row.count, row[at] == 32 { at += 1 }
    guard at == row.count || row[at] == separator else {
      throw QuoteError(reason: "text follows the closing quote at column \(end + 1)")
    }
    at += 1
    return TableCell(
      bytes: UnsafeRawBufferPointer(rebasing: row[start..<end]), column: start + 1, hasDoubledQuotes: doubled)
  }
}
