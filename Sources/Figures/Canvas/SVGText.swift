import Foundation

/// What becomes of the SVG that cairo writes.
///
/// - Ids: cairo numbers them from process-wide counters and uses the same names in every file. They are numbered
///   again in order of appearance, after a prefix that is the figure's own.
/// - Numbers of paths are rounded to a hundredth of a point, colors written in six digits, defaults left out:
///   a third of the size.
/// - Images keep the edges of their cells when enlarged.
enum SVGText {
  static func rewritten(_ svg: Substring, prefix: String?) -> String {
    let bytes = Array(svg.utf8)
    let pieces = pieces(of: bytes)
    var numbers: [ArraySlice<UInt8>: Int] = [:]
    for case .identifier(let place) in pieces where numbers[bytes[place]] == nil {
      numbers[bytes[place]] = numbers.count
    }

    // Without the prefix, which is made of what is written.
    var written: [UInt8] = []
    written.reserveCapacity(bytes.count)
    var places: [Int] = []
    for piece in pieces {
      switch piece {
      case .verbatim(let place): written += bytes[place]
      case .identifier(let place):
        places.append(written.count)
        written += Array(String(numbers[bytes[place]]!).utf8)
      case .path(let place): appendRounded(bytes[place], to: &written)
      case .color(let place): appendColor(bytes[place], to: &written)
      case .inserted(let text): written += Array(text.utf8)
      }
    }
    let inserted = Array((prefix ?? "f" + hash(written) + "-").utf8)
    var result: [UInt8] = []
    result.reserveCapacity(written.count + places.count * inserted.count)
    var done = 0
    for place in places {
      result += written[done..<place]
      result += inserted
      done = place
    }
    result += written[done...]
    return String(decoding: result, as: UTF8.self)
  }

  private enum Piece {
    case verbatim(Range<Int>)
    case identifier(Range<Int>)
    case path(Range<Int>)
    /// The inside of `rgb(…)`, with that around it.
    case color(Range<Int>)
    case inserted(String)
  }

  /// What a piece begins with, and what it is.
  private static let marks: [(mark: [UInt8], kind: Kind)] = [
    (" id=\"", Kind.identifier), ("href=\"#", .identifier), ("url(#", .identifier), (" d=\"", .path),
    ("rgb(", .color), ("<image", .image), ("fill-rule:nonzero;", .dropped), ("fill-opacity:1;", .dropped),
    ("stroke-opacity:1;", .dropped), (" fill-rule=\"nonzero\"", .dropped), (" fill-opacity=\"1\"", .dropped),
    (" stroke-opacity=\"1\"", .dropped),
  ].map { (Array($0.0.utf8), $0.1) }

  private enum Kind { case identifier, path, color, image, dropped }

  private static func pieces(of bytes: [UInt8]) -> [Piece] {
    let starts = Set(marks.map { $0.mark[0] })
    let isStart = (0..<256).map { starts.contains(UInt8($0)) }
    return bytes.withUnsafeBufferPointer { bytes in
      var pieces: [Piece] = []
      var done = 0
      var i = 0
      func end(_ start: Int, _ terminator: Character) -> Int {
        var i = start
        while i < bytes.count, bytes[i] != terminator.asciiValue!, bytes[i] != UInt8(ascii: "\"") { i += 1 }
        return i
      }
      while i < bytes.count {
        guard isStart[Int(bytes[i])],
          let (mark, kind) = marks.first(where: { begins(bytes, at: i, with: $0.mark) })
        else {
          i += 1
          continue
        }
        let start = i + mark.count
        switch kind {
        case .identifier, .path:
          i = end(start, ")")
          pieces += [.verbatim(done..<start), kind == .path ? .path(start..<i) : .identifier(start..<i)]
          done = i
        case .color:
          pieces.append(.verbatim(done..<i))
          i = end(start, ")")
          pieces.append(.color(start..<i))
          i = min(i + 1, bytes.count)
          done = i
        case .image:
          pieces += [.verbatim(done..<start), .inserted(" style=\"image-rendering:pixelated\"")]
          (i, done) = (start, start)
        case .dropped:
          pieces.append(.verbatim(done..<i))
          (i, done) = (start, start)
        }
      }
      pieces.append(.verbatim(done..<bytes.count))
      return pieces
    }
  }

  private static func begins(_ bytes: UnsafeBufferPointer<UInt8>, at i: Int, with mark: [UInt8]) -> Bool {
    bytes.count - i >= mark.count && memcmp(bytes.baseAddress! + i, mark, mark.count) == 0
  }

  /// Path data with every number rounded to two decimals. Cairo writes no exponents.
  private static func appendRounded(_ path: ArraySlice<UInt8>, to result: inout [UInt8]) {
    for word in path.split(separator: UInt8(ascii: " ")) {
      if let last = result.last, last != UInt8(ascii: "\"") { result.append(UInt8(ascii: " ")) }
      guard let hundredths = hundredths(word) else {
        result += word
        continue
      }
      if hundredths < 0 { result.append(UInt8(ascii: "-")) }
      appendDigits(abs(hundredths) / 100, to: &result)
      let fraction = abs(hundredths) % 100
      guard fraction > 0 else { continue }
      result.append(UInt8(ascii: "."))
      result.append(UInt8(ascii: "0") + UInt8(fraction / 10))
      if fraction % 10 > 0 { result.append(UInt8(ascii: "0") + UInt8(fraction % 10)) }
    }
  }

  /// A number with a decimal point in hundredths, halves away from zero; `nil` for anything else.
  private static func hundredths(_ word: ArraySlice<UInt8>) -> Int? {
    var value = 0
    var decimals: Int?
    var roundsUp = false
    let isNegative = word.first == UInt8(ascii: "-")
    for byte in isNegative ? word.dropFirst() : word {
      if byte == UInt8(ascii: "."), decimals == nil {
        decimals = 0
        continue
      }
      let digit = Int(byte) - Int(UInt8(ascii: "0"))
      guard (0...9).contains(digit), value < 1 << 50 else { return nil }
      switch decimals {
      case nil: value = value * 10 + digit
      case .some(2...):
        if decimals == 2 { roundsUp = digit >= 5 }
        decimals! += 1
      case .some(let count):
        value = value * 10 + digit
        decimals = count + 1
      }
    }
    guard let decimals else { return nil }
    for _ in decimals..<max(2, decimals) { value *= 10 }
    value += roundsUp ? 1 : 0
    return isNegative ? -value : value
  }

  private static func appendDigits(_ value: Int, to result: inout [UInt8]) {
    if value >= 10 { appendDigits(value / 10, to: &result) }
    result.append(UInt8(ascii: "0") + UInt8(value % 10))
  }

  /// `#rrggbb` for three percentages.
  private static func appendColor(_ color: ArraySlice<UInt8>, to result: inout [UInt8]) {
    let text = String(decoding: color, as: UTF8.self)
    let parts = text.split(separator: ",").compactMap { $0.hasSuffix("%") ? Double($0.dropLast()) : nil }
    guard parts.count == 3 else {
      result += Array("rgb(\(text))".utf8)
      return
    }
    result.append(UInt8(ascii: "#"))
    for part in parts {
      let byte = Int((min(max(part, 0), 100) * 2.55).rounded())
      result += Array((byte < 16 ? "0" : "").utf8) + Array(String(byte, radix: 16).utf8)
    }
  }

  /// FNV-1a, 64 bits, in hexadecimal digits.
  private static func hash(_ bytes: [UInt8]) -> String {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
    return String(hash, radix: 16)
  }
}
