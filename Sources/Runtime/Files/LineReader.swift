import CZlib
import Foundation

/// The lines of a file or of standard input (`-`), gzipped or not, through one buffer of fixed size.
///
/// Lines end with `\n` or `\r\n`, or with `\r` where the first of them do; the last one may lack its end. A byte-order mark is
/// skipped.
public final class LineReader {
  /// The longest line that is kept whole, in bytes.
  package static let longestLine = 1 << 24

  package let file: String
  /// 1-based number of the line handed out last.
  package private(set) var line = 0

  /// Bytes of the file, as packed as it is; 0 for a pipe.
  private let size: Int
  private let stream: gzFile
  private var buffer: UnsafeMutableRawBufferPointer
  private var start = 0
  private var end = 0
  private var atEnd = false
  private var insideLine = false
  /// Whether lines end with `\r` alone, as old programs write them.
  private var endsWithReturns = false

  /// - Parameter capacity: bytes read at a time; longer lines can be had in pieces.
  /// - Throws: `InputError` if there is no such file, it is a folder, or it cannot be read.
  package init(path: String, capacity: Int = 1 << 18) throws {
    precondition(capacity >= 4, "room for a byte-order mark")
    file = path
    let descriptor = path == "-" ? dup(STDIN_FILENO) : open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw InputError(file: path, "cannot be read: \(systemMessage())") }
    var status = stat()
    if fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFDIR {
      close(descriptor)
      throw InputError(file: path, "is a folder, not a file")
    }
    size = Int(status.st_size)
    guard let stream = gzdopen(descriptor, "rb") else {
      close(descriptor)
      throw InputError(file: path, "cannot be read: out of memory")
    }
    gzbuffer(stream, 1 << 17)
    self.stream = stream
    buffer = .allocate(byteCount: capacity, alignment: 1)
    try fill()
    let opening = buffer[..<end]
    endsWithReturns = opening.contains(13) && !opening.contains(10)
    if endsWithReturns { replaceReturns(from: 0) }
    if end >= 3, buffer[0] == 0xEF, buffer[1] == 0xBB, buffer[2] == 0xBF { start = 3 }
  }

  deinit {
    gzclose_r(stream)
    buffer.deallocate()
  }

  /// The first byte of what comes next, `nil` at the end of the input.
  package func peek() throws -> UInt8? {
    if start == end { try fill() }
    return start < end ? buffer[start] : nil
  }

  /// What comes next as far as it is read already, 4096 bytes at most.
  package var opening: UnsafeRawBufferPointer {
    UnsafeRawBufferPointer(rebasing: buffer[start..<min(end, start + 4096)])
  }

  /// About how many lines the file has if all are like those that come next; a million at most, whatever they are like.
  package var probableCount: Int {
    let opening = opening
    let lines = opening.count { $0 == 10 }
    return lines == 0 ? 1 : min(size / (opening.count / lines) * 9 / 8 + 1, 1 << 20)
  }

  /// The next line without its end, `nil` at the end of the input. The bytes stay valid until the next call.
  ///
  /// Throws `InputError` where a line is longer than `longestLine`.
  package func next() throws -> UnsafeRawBufferPointer? { try take(whole: true)?.bytes }

  /// The next line, or as much of it as the buffer holds; `nil` at the end of the input.
  ///
  /// So a line of any length passes through without being kept. The bytes stay valid until the next call.
  package func piece() throws -> (bytes: UnsafeRawBufferPointer, endsLine: Bool)? { try take(whole: false) }

  private func take(whole: Bool) throws -> (bytes: UnsafeRawBufferPointer, endsLine: Bool)? {
    var searched = 0
    while true {
      let rest = end - start
      let from = buffer.baseAddress! + start
      if let found = memchr(from + searched, 10, rest - searched) {
        return handOut(from.distance(to: found), skipping: 1, endsLine: true)
      }
      searched = rest
      if atEnd { return rest > 0 ? handOut(rest, skipping: 0, endsLine: true) : nil }
      if rest == buffer.count {
        // The last byte waits: it may be the `\r` of the line's end.
        if !whole { return handOut(rest - 1, skipping: 0, endsLine: false) }
        guard rest < Self.longestLine else {
          line += insideLine ? 0 : 1
          throw InputError(file: file, line: line, "is longer than \(Self.longestLine >> 20) MB")
        }
        grow()
      }
      try fill()
    }
  }

  private func handOut(_ count: Int, skipping: Int, endsLine: Bool) -> (UnsafeRawBufferPointer, Bool) {
    if !insideLine { line += 1 }
    insideLine = !endsLine
    let hasReturn = endsLine && count > 0 && buffer[start + count - 1] == 13
    let bytes = UnsafeRawBufferPointer(rebasing: buffer[start..<start + count - (hasReturn ? 1 : 0)])
    start += count + skipping
    return (bytes, endsLine)
  }

  /// Moves what is left to the front and reads on after it.
  private func fill() throws {
    guard !atEnd else { return }
    let rest = end - start
    if start > 0, rest > 0 { memmove(buffer.baseAddress!, buffer.baseAddress! + start, rest) }
    start = 0
    end = rest
    let wanted = min(buffer.count - rest, 1 << 30)
    let got = gzread(stream, buffer.baseAddress! + rest, UInt32(wanted))
    var code: Int32 = Z_OK
    let message = gzerror(stream, &code).map { String(cString: $0) } ?? ""
    // Where compressed data stop in the middle, zlib hands out what there is and keeps the error to itself.
    if code == Z_BUF_ERROR { throw failure("the gzip data end too early; the file is cut short") }
    if got < 0 || code < Z_OK {
      let reason = message.split(separator: ":").last.map { $0.drop { $0 == " " } } ?? "read error"
      throw failure(
        code == Z_DATA_ERROR ? "the gzip data are damaged (\(reason))" : "cannot be read: \(reason)")
    }
    if endsWithReturns { replaceReturns(from: rest, to: rest + Int(got)) }
    end += Int(got)
    atEnd = Int(got) < wanted
  }

  private func replaceReturns(from start: Int, to end: Int? = nil) {
    for place in start..<(end ?? self.end) where buffer[place] == 13 { buffer[place] = 10 }
  }

  private func grow() {
    let larger = UnsafeMutableRawBufferPointer.allocate(byteCount: 2 * buffer.count, alignment: 1)
    larger.copyMemory(from: UnsafeRawBufferPointer(buffer))
    buffer.deallocate()
    buffer = larger
  }

  /// An error at the line that was being read.
  private func failure(_ reason: String) -> InputError {
    InputError(file: file, line: insideLine ? line : line + 1, reason)
  }
}
