private import CZlib
import Runtime

/// What an entry of an archive holds, in pieces.
public protocol ZipContent {
  var byteCount: Int { get }
  func forEachPiece(_ body: (UnsafeRawBufferPointer) throws -> Void) rethrows
}

extension [UInt8]: ZipContent {
  public var byteCount: Int { count }
  public func forEachPiece(_ body: (UnsafeRawBufferPointer) throws -> Void) rethrows {
    try withUnsafeBytes(body)
  }
}

/// Writes zip archives, stored without compression.
///
/// Format: PKWARE's APPNOTE.TXT, sections 4.3.7, 4.3.12 and 4.3.16. The same entries give the same bytes: each has the oldest
/// time the format knows.
public enum ZipWriter {
  /// Writes the entries in the order given.
  ///
  /// - Throws: `InputError` if the file cannot be written, or the entries are four gibibytes or more.
  public static func write(_ entries: [(name: String, content: any ZipContent)], to path: String) throws {
    let total = entries.reduce(0) { $0 + $1.content.byteCount + 2 * $1.name.utf8.count + 128 }
    guard total < 1 << 32, entries.count < 1 << 16 else {
      throw InputError(
        file: path, "would have \(total) bytes; a zip archive holds less than four gibibytes here")
    }
    try AtomicFile.write(path: path) { file in
      var directory: [UInt8] = []
      var offset = 0
      for (name, content) in entries {
        let headers = EntryHeaders(name: name, content: content)
        try file.write(headers.local)
        try content.forEachPiece { try file.write($0) }
        directory += headers.directory(offset: offset)
        offset += headers.local.count + content.byteCount
      }
      try file.write(directory)
      var end = Bytes()
      end.add32(0x0605_4b50)
      end.add16(0, 0, entries.count, entries.count)
      end.add32(directory.count, offset)
      end.add16(0)
      try file.write(end.bytes)
    }
  }

  /// CRC-32 of all pieces.
  static func checksum(_ content: any ZipContent) -> UInt32 {
    var sum: UInt = 0
    content.forEachPiece { piece in
      var rest = piece
      while !rest.isEmpty {
        let part = UnsafeRawBufferPointer(rebasing: rest.prefix(1 << 30))
        sum = crc32(sum, part.bindMemory(to: UInt8.self).baseAddress, UInt32(part.count))
        rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(part.count))
      }
    }
    return UInt32(sum)
  }
}

/// The two headers of one file of the archive.
private struct EntryHeaders {
  private let name: [UInt8]
  private let checksum: Int
  private let size: Int

  init(name: String, content: any ZipContent) {
    self.name = Array(name.utf8)
    size = content.byteCount
    checksum = Int(ZipWriter.checksum(content))
  }

  var local: [UInt8] {
    var header = Bytes()
    header.add32(0x0403_4b50)
    add(to: &header)
    return header.bytes + name
  }

  func directory(offset: Int) -> [UInt8] {
    var header = Bytes()
    header.add32(0x0201_4b50)
    // Made by version 2.0.
    header.add16(20)
    add(to: &header)
    // Comment, disk, internal attributes; external attributes: nothing.
    header.add16(0, 0, 0)
    header.add32(0, offset)
    return header.bytes + name
  }

  private func add(to header: inout Bytes) {
    // Version 2.0 reads it; names in UTF-8; stored; midnight of 1 January 1980.
    header.add16(20, 1 << 11, 0, 0, 1 << 5 | 1)
    header.add32(checksum, size, size)
    header.add16(name.count, 0)
  }
}

/// Little-endian numbers, one after the other.
private struct Bytes {
  var bytes: [UInt8] = []

  mutating func add16(_ numbers: Int...) {
    for number in numbers { bytes += [UInt8(number & 255), UInt8(number >> 8 & 255)] }
  }

  mutating func add32(_ numbers: Int...) {
    for number in numbers { for byte in 0..<4 { bytes.append(UInt8(number >> (8 * byte) & 255)) } }
  }
}
