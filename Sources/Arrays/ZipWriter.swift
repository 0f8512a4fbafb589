private import CZlib
import Runtime

/// What an entry of an archive holds, in pieces.
public protocol ZipContent {
  var byteCount: Int { get }
  /// Whether the pieces are made as they are asked for, so that they are asked for once only.
  var isMadeOnce: Bool { get }
  func forEachPiece(_ body: (UnsafeRawBufferPointer) throws -> Void) throws
}

extension ZipContent {
  public var isMadeOnce: Bool { false }
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
/// time the format knows. The checksum of content that is made once follows it (section 4.3.9).
public enum ZipWriter {
  /// Writes the entries in the order given.
  ///
  /// - Throws: `InputError` if the file cannot be written, or the entries are four gibibytes or more; what making content throws.
  package static func write(_ entries: [(name: String, content: any ZipContent)], to path: String) throws {
    let total = entries.reduce(0) { $0 + $1.content.byteCount + 2 * $1.name.utf8.count + 128 }
    guard total < 1 << 32, entries.count < 1 << 16 else {
      throw InputError(
        file: path, "would have \(total) bytes; a zip archive holds less than four gibibytes here")
    }
    try AtomicFile.write(path: path) { file in
      var directory: [UInt8] = []
      var offset = 0
      for (name, content) in entries {
        var headers = EntryHeaders(name: name, size: content.byteCount, isChecksumLate: content.isMadeOnce)
        if !content.isMadeOnce { headers.checksum = try checksum(content) }
        try file.write(headers.local)
        var written = Checksum()
        try content.forEachPiece { piece in
          if content.isMadeOnce { written.add(piece) }
          try file.write(piece)
        }
        if content.isMadeOnce {
          precondition(written.count == content.byteCount, "as many bytes as the content said")
          headers.checksum = written.value
          try file.write(headers.descriptor)
        }
        directory += headers.directory(offset: offset)
        offset += headers.local.count + content.byteCount + headers.descriptor.count
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
  static func checksum(_ content: any ZipContent) throws -> UInt32 {
    var sum = Checksum()
    try content.forEachPiece { sum.add($0) }
    return sum.value
  }
}

/// CRC-32 of bytes that come in pieces.
private struct Checksum {
  private(set) var count = 0
  private var sum: UInt = 0

  var value: UInt32 { UInt32(sum) }

  mutating func add(_ piece: UnsafeRawBufferPointer) {
    count += piece.count
    var rest = piece
    while !rest.isEmpty {
      let part = UnsafeRawBufferPointer(rebasing: rest.prefix(1 << 30))
      sum = crc32(sum, part.bindMemory(to: UInt8.self).baseAddress, UInt32(part.count))
      rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(part.count))
    }
  }
}

/// The headers of one file of the archive.
private struct EntryHeaders {
  private let name: [UInt8]
  private let size: Int
  private let isChecksumLate: Bool
  var checksum: UInt32 = 0

  init(name: String, size: Int, isChecksumLate: Bool) {
    self.name = Array(name.utf8)
    self.size = size
    self.isChecksumLate = isChecksumLate
  }

  var local: [UInt8] {
    var header = Bytes()
    header.add32(0x0403_4b50)
    add(to: &header, isKnown: !isChecksumLate)
    return header.bytes + name
  }

  /// What follows content whose checksum is late.
  var descriptor: [UInt8] {
    guard isChecksumLate else { return [] }
    var header = Bytes()
    header.add32(0x0807_4b50, Int(checksum), size, size)
    return header.bytes
  }

  func directory(offset: Int) -> [UInt8] {
    var header = Bytes()
    header.add32(0x0201_4b50)
    // Made by version 2.0.
    header.add16(20)
    add(to: &header, isKnown: true)
    // Comment, disk, internal attributes; external attributes: nothing.
    header.add16(0, 0, 0)
    header.add32(0, offset)
    return header.bytes + name
  }

  private func add(to header: inout Bytes, isKnown: Bool) {
    // Version 2.0 reads it; names in UTF-8; stored; midnight of 1 January 1980.
    header.add16(20, 1 << 11 | (isChecksumLate ? 1 << 3 : 0), 0, 0, 1 << 5 | 1)
    if isKnown { header.add32(Int(checksum), size, size) } else { header.add32(0, 0, 0) }
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
