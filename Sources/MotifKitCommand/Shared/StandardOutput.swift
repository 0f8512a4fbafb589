import Foundation
import MotifKit
import Runtime

/// Standard output through a buffer, with errors that are not lost.
enum StandardOutput {
  private static let buffer = Locked<[UInt8]>([])

  /// Throws `ClosedPipe` when nobody reads any more, `InputError` when the bytes cannot be written.
  static func write(_ text: String) throws { try write(Array(text.plainSigns.utf8)) }

  static func write(_ bytes: [UInt8]) throws {
    try buffer.withLock { buffer in
      buffer += bytes
      if buffer.count >= 1 << 16 { try send(&buffer) }
    }
  }

  static func flush() throws { try buffer.withLock { try send(&$0) } }

  /// One value as a JSON object, its keys in alphabetical order.
  static func write(json value: some Encodable) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    try write(String(decoding: try encoder.encode(value), as: UTF8.self) + "\n")
  }

  private static func send(_ buffer: inout [UInt8]) throws {
    defer { buffer.removeAll(keepingCapacity: true) }
    var rest = buffer[...]
    while !rest.isEmpty {
      let sent = rest.withUnsafeBytes { Foundation.write(STDOUT_FILENO, $0.baseAddress, $0.count) }
      if sent < 0 {
        if errno == EINTR { continue }
        if errno == EPIPE { throw ClosedPipe() }
        throw InputError(
          "standard output: cannot be written: \(String(cString: strerror(errno)).lowercased())")
      }
      rest = rest.dropFirst(sent)
    }
  }
}

extension String {
  /// With the blanks and minus signs of a keyboard instead of those of a page, so that it can be searched.
  fileprivate var plainSigns: String {
    // Of a million lines of numbers none has them: bytes are looked at before letters are.
    guard utf8.contains(where: { $0 > 127 }) else { return self }
    var plain = ""
    plain.unicodeScalars.append(
      contentsOf: unicodeScalars.map {
        $0 == "\u{2212}" ? "-" : $0 == "\u{202F}" || $0 == "\u{A0}" ? " " : $0
      })
    return plain
  }
}

/// Standard error, where progress, messages and errors go.
enum StandardError {
  static let isTerminal = isatty(STDERR_FILENO) == 1

  static func write(_ text: String) {
    try? FileHandle.standardError.write(contentsOf: Data(text.plainSigns.utf8))
  }
}
