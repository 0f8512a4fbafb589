import Runtime

/// The tags and texts of an XML file in order; the prologue, comments and the document type are passed by.
///
/// As much of XML as the MEME suite writes: no name spaces, no entities of a file's own. Nothing nests in memory, so a
/// file cannot make the reader go deep.
struct XMLTokens {
  enum Token {
    case start(String, [String: String])
    case end(String)
    case text(Substring)
  }

  private let bytes: UnsafeBufferPointer<UInt8>
  private let file: String?
  private var position = 0
  /// The end tag of an empty element, still to be handed out.
  private var pendingEnd: String?
  /// Longer tags are refused, in bytes.
  private static let longestTag = 1 << 16

  init(_ bytes: UnsafeBufferPointer<UInt8>, file: String?) {
    self.bytes = bytes
    self.file = file
  }

  /// 1-based line that the last token starts on.
  private(set) var line = 1
  private var counted = 0

  func error(_ reason: String) -> InputError { InputError(file: file, line: line, reason) }

  mutating func next() throws -> Token? {
    if let name = pendingEnd {
      pendingEnd = nil
      return .end(name)
    }
    while position < bytes.count {
      line += bytes[counted..<position].count { $0 == 10 }
      counted = position
      if bytes[position] != UInt8(ascii: "<") {
        let end = bytes[position...].firstIndex(of: UInt8(ascii: "<")) ?? bytes.count
        defer { position = end }
        guard end - position <= Self.longestTag else { continue }
        return .text(Self.text(bytes[position..<end]))
      }
      if follows("<!--") {
        try pass("-->")
      } else if follows("<?") {
        try pass("?>")
      } else if follows("<![CDATA[") {
        try pass("]]>")
      } else if follows("<!") {
        try passDeclaration()
      } else {
        return try tag()
      }
    }
    return nil
  }

  private func follows(_ text: StaticString) -> Bool {
    text.withUTF8Buffer { bytes[position...].starts(with: $0) }
  }

  private mutating func pass(_ end: StaticString) throws {
    var place = position
    while place < bytes.count {
      if end.withUTF8Buffer({ bytes[place...].starts(with: $0) }) {
        position = place + end.utf8CodeUnitCount
        return
      }
      place += 1
    }
    throw error("the XML is cut short")
  }

  /// Passes by `<!DOCTYPE … [ … ]>`, with the declarations and comments inside.
  private mutating func passDeclaration() throws {
    let start = position
    var depth = 0
    var quote: UInt8?
    while position < bytes.count {
      if quote == nil, position > start, follows("<!--") {
        try pass("-->")
        continue
      }
      let byte = bytes[position]
      position += 1
      if let open = quote {
        if byte == open { quote = nil }
      } else if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") {
        quote = byte
      } else if byte == UInt8(ascii: "<") {
        depth += 1
      } else if byte == UInt8(ascii: ">") {
        depth -= 1
        if depth == 0 { return }
      }
    }
    position = start
    throw error("the XML is cut short")
  }

  private mutating func tag() throws -> Token {
    var end = position + 1
    var quote: UInt8?
    while end < bytes.count, quote != nil || bytes[end] != UInt8(ascii: ">") {
      if let open = quote {
        if bytes[end] == open { quote = nil }
      } else if bytes[end] == UInt8(ascii: "\"") || bytes[end] == UInt8(ascii: "'") {
        quote = bytes[end]
      }
      end += 1
      if end - position > Self.longestTag { throw error("an XML tag of more than 64 kB") }
    }
    guard end < bytes.count else { throw error("the XML is cut short") }
    defer { position = end + 1 }
    var content = bytes[position + 1..<end]
    if content.first == UInt8(ascii: "/") {
      return .end(String(decoding: content.dropFirst().prefix { !isSpace($0) }, as: UTF8.self))
    }
    let isEmpty = content.last == UInt8(ascii: "/")
    if isEmpty { content = content.dropLast() }
    let name = content.prefix { !isSpace($0) }
    var attributes: [String: String] = [:]
    var rest = content[name.endIndex...]
    while let equals = rest.firstIndex(of: UInt8(ascii: "=")) {
      let key = rest[..<equals].filter { !isSpace($0) }
      let value = rest[(equals + 1)...].drop(while: isSpace)
      guard let open = value.first, open == UInt8(ascii: "\"") || open == UInt8(ascii: "'"),
        let close = value.dropFirst().firstIndex(of: open)
      else { throw error("an XML attribute without quotes") }
      attributes[String(decoding: key, as: UTF8.self)] = String(
        Self.text(value[(value.startIndex + 1)..<close]))
      rest = rest[(close + 1)...]
    }
    let title = String(decoding: name, as: UTF8.self)
    if isEmpty { pendingEnd = title }
    return .start(title, attributes)
  }

  private static func text(_ bytes: Slice<UnsafeBufferPointer<UInt8>>) -> Substring {
    var text = String(decoding: bytes, as: UTF8.self)
    guard text.contains("&") else { return text[...] }
    for (entity, character) in [
      ("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&apos;", "'"), ("&amp;", "&"),
    ] {
      text.replace(entity, with: character)
    }
    return text[...]
  }
}
