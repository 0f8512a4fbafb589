import Foundation
import Runtime
import Sequences

/// Records that wait for a number known only at the end: in memory up to a limit, then in a temporary file that
/// is gone when the program ends.
final class RecordSpool {
  private let limit: Int
  private var buffer: [UInt8] = []
  private var file: UnsafeMutablePointer<FILE>?

  init(limit: Int) { self.limit = limit }

  deinit { if let file { fclose(file) } }

  /// One record: a number to look something up with, and a text that misses something at `split`.
  func append(motif: Int, pValue: Double, _ text: [UInt8], split: Int) throws {
    let header = Header(motif: motif, pValue: pValue, before: split, after: text.count - split)
    withUnsafeBytes(of: header) { buffer.append(contentsOf: $0) }
    buffer.append(contentsOf: text)
    if buffer.count >= limit { try spill() }
  }

  /// Hands out all records in order.
  func forEach(
    _ body: (_ motif: Int, _ pValue: Double, _ before: ArraySlice<UInt8>, _ after: ArraySlice<UInt8>) throws
      -> Void
  ) throws {
    if file != nil {
      try spill()
      rewind(file)
    }
    var unread = 0
    while true {
      if unread + MemoryLayout<Header>.size > buffer.count {
        guard try refill(keeping: unread) else { return }
        unread = 0
        continue
      }
      let header = buffer.withUnsafeBytes { $0.loadUnaligned(fromByteOffset: unread, as: Header.self) }
      let start = unread + MemoryLayout<Header>.size
      let (middle, end) = (start + header.before, start + header.before + header.after)
      if end > buffer.count {
        guard try refill(keeping: unread) else { throw Self.failure("ends too early") }
        unread = 0
        continue
      }
      try body(header.motif, header.pValue, buffer[start..<middle], buffer[middle..<end])
      unread = end
    }
  }

  private struct Header { var motif: Int, pValue: Double, before: Int, after: Int }

  private func spill() throws {
    if file == nil { file = tmpfile() }
    guard let file, fwrite(buffer, 1, buffer.count, file) == buffer.count else {
      throw Self.failure(String(cString: strerror(errno)))
    }
    buffer.removeAll(keepingCapacity: true)
  }

  /// Drops what was read and reads on; `false` at the end.
  private func refill(keeping first: Int) throws -> Bool {
    guard let file else { return false }
    buffer.removeSubrange(..<first)
    let size = max(1 << 20, buffer.count)
    var more = [UInt8](repeating: 0, count: size)
    let count = fread(&more, 1, size, file)
    if ferror(file) != 0 { throw Self.failure("cannot be read") }
    buffer.append(contentsOf: more[..<count])
    return count > 0
  }

  private static func failure(_ reason: String) -> InputError {
    InputError(file: "temporary file", reason)
  }
}
