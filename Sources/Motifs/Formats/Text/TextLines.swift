import Foundation

/// One line of a file held in memory, without its line end.
///
/// It points into the file's bytes: use it only while they live.
struct TextLine {
  typealias Bytes = UnsafeBufferPointer<UInt8>

  let bytes: Bytes
  /// 1-based.
  let number: Int

  var isBlank: Bool { bytes.allSatisfy(isSpace) }

  /// `#`, and `;` as RSAT writes it.
  var isComment: Bool { bytes.first == UInt8(ascii: "#") || bytes.first == UInt8(ascii: ";") }

  /// A space in `prefix` stands for white space of any length.
  func starts(with prefix: StaticString) -> Bool { end(of: prefix) != nil }

  /// Where `prefix` ends, if the line starts with it.
  func end(of prefix: StaticString) -> Int? {
    var position = 0
    for index in 0..<prefix.utf8CodeUnitCount {
      guard position < bytes.count else { return nil }
      if prefix.utf8Start[index] == UInt8(ascii: " ") {
        guard isSpace(bytes[position]) else { return nil }
        while position < bytes.count, isSpace(bytes[position]) { position += 1 }
      } else {
        guard bytes[position] == prefix.utf8Start[index] else { return nil }
        position += 1
      }
    }
    return position
  }

  /// True if the first word is `word`: it ends with the line or with white space.
  func startsWithWord(_ word: StaticString) -> Bool {
    end(of: word).map { $0 == bytes.count || isSpace(bytes[$0]) } ?? false
  }

  /// The words between white space.
  var fields: Fields { Fields(bytes: bytes) }

  /// The line as text from byte `start` on, without white space at its ends; invalid UTF-8 is repaired.
  func text(from start: Int = 0) -> String {
    var range = min(start, bytes.count)..<bytes.count
    while let first = range.first, isSpace(bytes[first]) { range = first + 1..<range.upperBound }
    while let last = range.last, isSpace(bytes[last]) { range = range.lowerBound..<last }
    return String(decoding: bytes[range], as: UTF8.self)
  }

  /// What stands before and after each `=`: `w= 12` and `w = 12` alike; no value if another `=` or the end
  /// follows.
  var assignments: [(key: Bytes, value: Bytes?)] {
    var result: [(Bytes, Bytes?)] = []
    let equals = UInt8(ascii: "=")
    for position in bytes.indices where bytes[position] == equals {
      var end = position
      while end > 0, isSpace(bytes[end - 1]) { end -= 1 }
      var start = end
      while start > 0, !isSpace(bytes[start - 1]), bytes[start - 1] != equals { start -= 1 }
      var first = position + 1
      while first < bytes.count, isSpace(bytes[first]) { first += 1 }
      var last = first
      while last < bytes.count, !isSpace(bytes[last]), bytes[last] != equals { last += 1 }
      let value = first < last ? Bytes(rebasing: bytes[first..<last]) : nil
      result.append((Bytes(rebasing: bytes[start..<end]), value))
    }
    return result
  }

  struct Fields: Sequence, IteratorProtocol {
    fileprivate let bytes: Bytes
    private var position = 0

    fileprivate init(bytes: Bytes) { self.bytes = bytes }

    mutating func next() -> Bytes? {
      while position < bytes.count, isSpace(bytes[position]) { position += 1 }
      guard position < bytes.count else { return nil }
      let start = position
      while position < bytes.count, !isSpace(bytes[position]) { position += 1 }
      return Bytes(rebasing: bytes[start..<position])
    }
  }
}

/// The lines of a file in order. `\n` and `\r\n` end a line; a byte order mark at the start is skipped.
struct TextLines: Sequence, IteratorProtocol {
  private let bytes: TextLine.Bytes
  private var position = 0
  private var number = 0

  init(_ bytes: TextLine.Bytes) {
    self.bytes = bytes
    if bytes.count >= 3, bytes[0] == 0xEF, bytes[1] == 0xBB, bytes[2] == 0xBF { position = 3 }
  }

  /// Number of the line that was read last.
  var line: Int { number }

  /// A line and where the next one starts.
  typealias Peeked = (line: TextLine, end: Int)

  mutating func next() -> TextLine? {
    guard let (line, end) = peek() else { return nil }
    move(to: end)
    return line
  }

  /// The line that `next()` would give.
  func peek() -> Peeked? {
    guard position < bytes.count, let base = bytes.baseAddress else { return nil }
    let rest = bytes.count - position
    let found = memchr(base + position, 10, rest).map { UnsafeRawPointer(base + position).distance(to: $0) }
    var count = found ?? rest
    let end = position + count + 1
    if count > 0, base[position + count - 1] == UInt8(ascii: "\r") { count -= 1 }
    return (
      TextLine(bytes: TextLine.Bytes(start: base + position, count: count), number: number + 1), end
    )
  }

  /// Passes by the line that was looked at.
  mutating func move(to end: Int) {
    position = end
    number += 1
  }
}

func isSpace(_ byte: UInt8) -> Bool { byte == 32 || (9...13).contains(byte) }

extension TextLine.Bytes {
  func equals(_ text: StaticString) -> Bool {
    count == text.utf8CodeUnitCount && indices.allSatisfy { self[$0] == text.utf8Start[$0] }
  }

  /// The bytes as text, invalid UTF-8 repaired.
  var string: String { String(decoding: self, as: UTF8.self) }
}
