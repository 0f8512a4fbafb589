/// One line of a file held in memory, without its line end.
///
/// It points into the file's bytes: use it only while they live.
struct TextLine {
  typealias Bytes = UnsafeBufferPointer<UInt8>

  let bytes: Bytes
  /// 1-based.
  let number: Int

  var isBlank: Bool { bytes.allSatisfy(isSpace) }

  func starts(with prefix: StaticString) -> Bool {
    guard bytes.count >= prefix.utf8CodeUnitCount else { return false }
    for index in 0..<prefix.utf8CodeUnitCount where bytes[index] != prefix.utf8Start[index] { return false }
    return true
  }

  /// True if the first word is `word`: it ends with the line or with white space.
  func startsWithWord(_ word: StaticString) -> Bool {
    let length = word.utf8CodeUnitCount
    return starts(with: word) && (bytes.count == length || isSpace(bytes[length]))
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

  /// Parts between tabs, each without white space at its ends; empty parts stay.
  var tabSeparated: [String] {
    bytes.split(separator: UInt8(ascii: "\t"), omittingEmptySubsequences: false)
      .map { TextLine(bytes: Bytes(rebasing: $0), number: number).text() }
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

  mutating func next() -> TextLine? {
    guard position < bytes.count else { return nil }
    var end = position
    while end < bytes.count, bytes[end] != UInt8(ascii: "\n") { end += 1 }
    var line = bytes[position..<end]
    if line.last == UInt8(ascii: "\r") { line = line.dropLast() }
    position = end + 1
    number += 1
    return TextLine(bytes: TextLine.Bytes(rebasing: line), number: number)
  }

  /// The line that `next()` would give.
  func peek() -> TextLine? {
    var copy = self
    return copy.next()
  }
}

func isSpace(_ byte: UInt8) -> Bool { byte == 32 || (9...13).contains(byte) }

extension TextLine.Bytes {
  /// The bytes as text, invalid UTF-8 repaired.
  var string: String { String(decoding: self, as: UTF8.self) }
}
