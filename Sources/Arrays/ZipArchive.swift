private import CZlib
import Runtime

/// A zip archive in memory: its directory, and its entries, stored or deflated.
///
/// Format: PKWARE's APPNOTE.TXT, with the 64-bit sizes of section 4.5.3. Encrypted and split archives are not read.
public struct ZipArchive: Sendable {
  /// An entry of the directory.
  public struct Entry: Sendable {
    public let name: String
    /// Bytes after decompression, as the directory has it.
    public let size: Int
    let method: UInt16
    let compressed: Int
    let checksum: UInt32
    let offset: Int
  }

  /// The bytes of every zip archive that holds anything.
  public static let signature: [UInt8] = [0x50, 0x4B, 0x03, 0x04]

  public let entries: [Entry]
  private let bytes: [UInt8]
  private let file: String

  /// - Parameter file: the archive's name in messages.
  /// - Throws: `InputError` when it is not a whole zip archive.
  public init(_ bytes: [UInt8], file: String) throws {
    self.bytes = bytes
    self.file = file
    do {
      entries = try Self.directory(bytes)
    } catch { throw InputError(file: file, "not a whole zip archive") }
  }

  public init(contentsOf path: String) throws { try self.init(WholeFile.bytes(path), file: path) }

  private struct Damaged: Error {}

  private static func reader(_ bytes: [UInt8], at place: Int) throws -> ByteReader {
    guard place >= 0, place <= bytes.count else { throw Damaged() }
    return ByteReader(bytes[place...])
  }

  private static func directory(_ bytes: [UInt8]) throws -> [Entry] {
    // The end of the directory has 22 bytes and a comment of up to 65,535.
    let earliest = max(0, bytes.count - 22 - 65535)
    guard bytes.count >= 22,
      let end = stride(from: bytes.count - 22, through: earliest, by: -1).first(where: {
        bytes[$0] == 0x50 && bytes[$0 + 1] == 0x4B && bytes[$0 + 2] == 5 && bytes[$0 + 3] == 6
      })
    else { throw Damaged() }
    var tail = try reader(bytes, at: end + 10)
    var count = Int(try tail.integer(UInt16.self))
    _ = try tail.take(4)
    var start = Int(try tail.integer(UInt32.self))
    if count == 0xFFFF || start == 0xFFFF_FFFF, end >= 20 {
      var locator = try reader(bytes, at: end - 20)
      guard try locator.integer(UInt32.self) == 0x0706_4b50 else { throw Damaged() }
      _ = try locator.take(4)
      guard let place = Int(exactly: try locator.integer(UInt64.self)) else { throw Damaged() }
      var end = try reader(bytes, at: place)
      guard try end.integer(UInt32.self) == 0x0606_4b50 else { throw Damaged() }
      _ = try end.take(28)
      guard let entries = Int(exactly: try end.integer(UInt64.self)) else { throw Damaged() }
      _ = try end.take(8)
      guard let offset = Int(exactly: try end.integer(UInt64.self)) else { throw Damaged() }
      (count, start) = (entries, offset)
    }
    // An entry of the directory has at least 46 bytes.
    guard count <= bytes.count / 46 else { throw Damaged() }
    var directory = try reader(bytes, at: start)
    return try (0..<count).map { _ in try entry(&directory) }
  }

  private static func entry(_ directory: inout ByteReader) throws -> Entry {
    guard try directory.integer(UInt32.self) == 0x0201_4b50 else { throw Damaged() }
    _ = try directory.take(4)
    let flags = try directory.integer(UInt16.self)
    let method = try directory.integer(UInt16.self)
    _ = try directory.take(4)
    let checksum = try directory.integer(UInt32.self)
    var compressed = UInt64(try directory.integer(UInt32.self))
    var size = UInt64(try directory.integer(UInt32.self))
    let nameLength = Int(try directory.integer(UInt16.self))
    let extraLength = Int(try directory.integer(UInt16.self))
    let commentLength = Int(try directory.integer(UInt16.self))
    _ = try directory.take(8)
    var offset = UInt64(try directory.integer(UInt32.self))
    let name = String(decoding: try directory.take(nameLength), as: UTF8.self)
    var extra = ByteReader(try directory.take(extraLength))
    _ = try directory.take(commentLength)
    while extra.rest >= 4 {
      let kind = try extra.integer(UInt16.self)
      var field = ByteReader(try extra.take(Int(try extra.integer(UInt16.self))))
      guard kind == 1 else { continue }
      if size == 0xFFFF_FFFF { size = try field.integer(UInt64.self) }
      if compressed == 0xFFFF_FFFF { compressed = try field.integer(UInt64.self) }
      if offset == 0xFFFF_FFFF { offset = try field.integer(UInt64.self) }
    }
    guard flags & 1 == 0, let size = Int(exactly: size), let compressed = Int(exactly: compressed),
      let offset = Int(exactly: offset)
    else { throw Damaged() }
    return Entry(
      name: name, size: size, method: method, compressed: compressed, checksum: checksum, offset: offset)
  }

  /// The bytes of an entry, decompressed and checked.
  ///
  /// - Parameter limit: the most bytes they may be.
  /// - Throws: `InputError` when they are damaged, more, or compressed by another method than deflate.
  public func content(_ entry: Entry, limit: Int = 4 << 30) throws -> [UInt8] {
    func fail(_ reason: String) -> InputError { InputError(file: file, "\(entry.name) in it \(reason)") }
    let stored: ArraySlice<UInt8>
    do {
      var local = try Self.reader(bytes, at: entry.offset)
      guard try local.integer(UInt32.self) == 0x0403_4b50 else { throw Damaged() }
      _ = try local.take(22)
      let nameLength = Int(try local.integer(UInt16.self))
      let extraLength = Int(try local.integer(UInt16.self))
      _ = try local.take(nameLength + extraLength)
      stored = try local.take(entry.compressed)
    } catch { throw fail("lies outside the file: it is cut short or damaged") }
    guard entry.size <= limit else { throw fail("has \(entry.size) bytes; at most \(limit) are read") }
    let content: [UInt8]
    switch entry.method {
    case 0:
      guard entry.size == entry.compressed else { throw fail("is damaged") }
      content = Array(stored)
    case 8:
      // Deflate makes at most 1,032 bytes of one.
      guard entry.size / 1032 <= entry.compressed, let inflated = Self.inflate(stored, size: entry.size)
      else {
        throw fail("is damaged")
      }
      content = inflated
    default: throw fail("is compressed by another method than deflate")
    }
    guard try ZipWriter.checksum(content) == entry.checksum else {
      throw fail("is damaged: its checksum is another")
    }
    return content
  }

  /// `nil` unless the bytes inflate to exactly `size`.
  private static func inflate(_ bytes: ArraySlice<UInt8>, size: Int) -> [UInt8]? {
    guard size <= UInt32.max, bytes.count <= UInt32.max else { return nil }
    var stream = z_stream()
    guard
      inflateInit2_(&stream, -MAX_WBITS, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK
    else { return nil }
    defer { inflateEnd(&stream) }
    var isWhole = false
    let result = [UInt8](unsafeUninitializedCapacity: size + 1) { buffer, count in
      bytes.withUnsafeBufferPointer { source in
        stream.next_in = UnsafeMutablePointer(mutating: source.baseAddress)
        stream.avail_in = UInt32(source.count)
        stream.next_out = buffer.baseAddress
        stream.avail_out = UInt32(size + 1)
        isWhole = CZlib.inflate(&stream, Z_FINISH) == Z_STREAM_END && stream.avail_out == 1
      }
      count = isWhole ? size : 0
    }
    return isWhole ? result : nil
  }
}
