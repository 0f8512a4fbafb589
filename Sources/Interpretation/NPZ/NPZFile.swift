internal import CZlib
import Runtime
import Sequences

/// Named arrays in one file as `numpy.savez` writes them: a zip archive of NPY files, stored without compression.
///
/// Format: PKWARE's APPNOTE.TXT, sections 4.3.7, 4.3.12 and 4.3.16. The same arrays give the same bytes: every entry has the
/// oldest time the format knows.
public enum NPZFile {
  /// Writes the arrays in the order given.
  ///
  /// - Throws: `InputError` if the file cannot be written, or the arrays are four gibibytes or more.
  public static func write(_ arrays: [(name: String, array: NPYArray)], to path: String) throws {
    let total = arrays.reduce(0) { $0 + $1.array.size + $1.array.header.count + 256 }
    guard total < 1 << 32, arrays.count < 1 << 16 else {
      throw InputError(
        file: path, "would have \(total) bytes; an NPZ file holds less than four gibibytes here")
    }
    try AtomicFile.write(path: path) { file in
      var directory: [UInt8] = []
      var offset = 0
      for (name, array) in arrays {
        let entry = Entry(name: name + ".npy", array: array)
        try file.write(entry.localHeader)
        try file.write(array.header)
        try array.forEachPiece { try file.write($0) }
        directory += entry.directoryHeader(offset: offset)
        offset += entry.localHeader.count + entry.size
      }
      try file.write(directory)
      var end = Bytes()
      end.add32(0x0605_4b50)
      end.add16(0, 0, arrays.count, arrays.count)
      end.add32(directory.count, offset)
      end.add16(0)
      try file.write(end.bytes)
    }
  }
}

/// One file of the archive.
private struct Entry {
  private let name: [UInt8]
  private let checksum: Int
  let size: Int

  init(name: String, array: NPYArray) {
    self.name = Array(name.utf8)
    size = array.header.count + array.size
    var sum = array.header.withUnsafeBufferPointer { crc32(0, $0.baseAddress, UInt32($0.count)) }
    array.forEachPiece { piece in
      sum = crc32(sum, piece.bindMemory(to: UInt8.self).baseAddress, UInt32(piece.count))
    }
    checksum = Int(sum)
  }

  var localHeader: [UInt8] {
    var header = Bytes()
    header.add32(0x0403_4b50)
    add(to: &header)
    return header.bytes + name
  }

  func directoryHeader(offset: Int) -> [UInt8] {
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
