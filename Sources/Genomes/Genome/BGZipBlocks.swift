import CZlib
import Foundation
import Runtime
import Sequences

/// The blocks of a file packed by bgzip: gzip members of at most 64 KB, so that one can be unpacked without those before.
final class BGZipBlocks: Sendable {
  private let file: MappedFile
  /// Where each block starts in the packed and in the unpacked file, and where the last one ends.
  private let packed: [Int]
  private let unpacked: [Int]
  /// Blocks unpacked last, so that neighbors do not unpack them again.
  private let recent = Locked<[(number: Int, bytes: [UInt8])]>([])
  private static let recentCount = 16

  /// Whether the first gzip member has bgzip's extra field.
  static func recognizes(_ bytes: UnsafeRawBufferPointer) -> Bool {
    bytes.count >= 18 && bytes[3] & 4 != 0 && bytes[12] == UInt8(ascii: "B") && bytes[13] == UInt8(ascii: "C")
  }

  /// Finds the blocks by their headers, or by the `.gzi` beside the file; a missing one is written if the folder allows it.
  ///
  /// - Throws: `InputError` if the file is cut short or damaged, or does not fit its index.
  init(_ file: MappedFile) throws {
    self.file = file
    let indexPath = file.path + ".gzi"
    if access(indexPath, F_OK) == 0 {
      (packed, unpacked) = try Self.readIndex(indexPath, of: file)
    } else {
      (packed, unpacked) = try Self.findBlocks(of: file)
      // Without permission to write, the next run finds them again.
      try? AtomicFile.write(Self.indexBytes(packed: packed, unpacked: unpacked), to: indexPath)
    }
  }

  /// Bytes of the unpacked file.
  var count: Int { unpacked[unpacked.count - 1] }

  /// Bytes of the unpacked file.
  ///
  /// - Throws: `InputError` if they reach beyond its end or a block is damaged.
  func read(_ range: Range<Int>) throws -> [UInt8] {
    guard range.lowerBound >= 0, range.upperBound <= count else { throw damaged("ends too early") }
    var result: [UInt8] = []
    result.reserveCapacity(range.count)
    var number = unpacked.partitioningIndex { $0 > range.lowerBound } - 1
    while result.count < range.count {
      let from = range.lowerBound + result.count - unpacked[number]
      let bytes = try block(number)
      let upTo = min(bytes.count, range.upperBound - unpacked[number])
      result.append(contentsOf: bytes[from..<max(from, upTo)])
      number += 1
    }
    return result
  }

  /// Hands out the unpacked file block by block.
  func forEachBlock(_ body: (UnsafeRawBufferPointer) throws -> Void) throws {
    for number in 0..<packed.count - 1 { try inflate(number).withUnsafeBytes(body) }
  }

  private func block(_ number: Int) throws -> [UInt8] {
    let known = recent.withLock { recent in recent.first { $0.number == number }?.bytes }
    if let known { return known }
    let bytes = try inflate(number)
    recent.withLock { recent in
      if recent.count == Self.recentCount { recent.removeFirst() }
      recent.append((number, bytes))
    }
    return bytes
  }

  private func inflate(_ number: Int) throws -> [UInt8] {
    let rest = UnsafeRawBufferPointer(rebasing: file.bytes[packed[number]..<packed[number + 1]])
    let size = unpacked[number + 1] - unpacked[number]
    guard let header = Self.blockHeader(rest), header.unpackedSize == size else {
      throw InputError(file: file.path + ".gzi", "does not fit \(file.path); delete it, and it is made again")
    }
    let block = UnsafeRawBufferPointer(rebasing: rest[..<header.size])
    let bytes = [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
      var stream = z_stream()
      guard inflateInit2_(&stream, -15, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK else {
        return
      }
      defer { inflateEnd(&stream) }
      let data = block[header.dataOffset..<(block.count - 8)]
      stream.next_in = UnsafeMutablePointer(
        mutating: UnsafeRawBufferPointer(rebasing: data).bindMemory(to: UInt8.self).baseAddress)
      stream.avail_in = UInt32(data.count)
      stream.next_out = buffer.baseAddress
      stream.avail_out = UInt32(size)
      if CZlib.inflate(&stream, Z_FINISH) == Z_STREAM_END { count = size - Int(stream.avail_out) }
    }
    let sum = bytes.withUnsafeBufferPointer { crc32(0, $0.baseAddress, UInt32($0.count)) }
    let expected = block.loadUnaligned(fromByteOffset: block.count - 8, as: UInt32.self).littleEndian
    guard bytes.count == size, UInt32(truncatingIfNeeded: sum) == expected else {
      throw damaged("is damaged at byte \(packed[number])")
    }
    return bytes
  }

  private func damaged(_ reason: String) -> InputError { InputError(file: file.path, reason) }

  /// Size of a block in all and unpacked, and where its data begin; `nil` if it is no block of bgzip's.
  private static func blockHeader(_ bytes: UnsafeRawBufferPointer) -> (
    size: Int, unpackedSize: Int, dataOffset: Int
  )? {
    guard bytes.count >= 26, bytes.starts(with: [0x1F, 0x8B, 8]), recognizes(bytes) else { return nil }
    let extra = Int(bytes.loadUnaligned(fromByteOffset: 10, as: UInt16.self).littleEndian)
    let size = Int(bytes.loadUnaligned(fromByteOffset: 16, as: UInt16.self).littleEndian) + 1
    guard size <= bytes.count, 12 + extra + 8 <= size else { return nil }
    let unpacked = Int(bytes.loadUnaligned(fromByteOffset: size - 4, as: UInt32.self).littleEndian)
    return unpacked <= 1 << 16 ? (size, unpacked, 12 + extra) : nil
  }

  private static func findBlocks(of file: MappedFile) throws -> (packed: [Int], unpacked: [Int]) {
    var packed = [0]
    var unpacked = [0]
    while packed[packed.count - 1] < file.bytes.count {
      let at = packed[packed.count - 1]
      guard let header = blockHeader(UnsafeRawBufferPointer(rebasing: file.bytes[at...])) else {
        throw InputError(
          file: file.path, "is damaged or cut short at byte \(at): there starts no block of bgzip")
      }
      // Blocks without content, as where files were joined, belong to those before them.
      if header.unpackedSize == 0, packed.count > 1 {
        packed[packed.count - 1] += header.size
      } else {
        packed.append(at + header.size)
        unpacked.append(unpacked[unpacked.count - 1] + header.unpackedSize)
      }
    }
    return (packed, unpacked)
  }

  /// bgzip's `.gzi`: how many blocks follow the first, then for each where it starts, packed and unpacked.
  ///
  /// bgzip leaves out the empty block at the end, so the last block's end is looked up in the file.
  private static func readIndex(_ path: String, of file: MappedFile) throws -> (
    packed: [Int], unpacked: [Int]
  ) {
    let index = try MappedFile(path: path)
    // The bytes are there as long as the object.
    defer { withExtendedLifetime(index) {} }
    let bytes = index.bytes
    func number(_ index: Int) -> UInt64 {
      bytes.loadUnaligned(fromByteOffset: 8 * index, as: UInt64.self).littleEndian
    }
    let unfit = InputError(file: path, "does not fit \(file.path); delete it, and it is made again")
    guard bytes.count % 8 == 0, number(0) == UInt64(bytes.count - 8) / 16 else { throw unfit }
    var packed = [0]
    var unpacked = [0]
    for index in 0..<(bytes.count - 8) / 16 {
      let (start, unpackedStart) = (number(1 + 2 * index), number(2 + 2 * index))
      guard start < file.bytes.count, start > packed[index], unpackedStart >= unpacked[index],
        unpackedStart - UInt64(unpacked[index]) <= 1 << 16
      else { throw unfit }
      packed.append(Int(start))
      unpacked.append(Int(unpackedStart))
    }
    // The last block known, and any after it.
    while packed[packed.count - 1] < file.bytes.count {
      let at = packed[packed.count - 1]
      guard let header = blockHeader(UnsafeRawBufferPointer(rebasing: file.bytes[at...])) else { throw unfit }
      packed.append(at + header.size)
      unpacked.append(unpacked[unpacked.count - 1] + header.unpackedSize)
    }
    return (packed, unpacked)
  }

  private static func indexBytes(packed: [Int], unpacked: [Int]) -> [UInt8] {
    // All but the first block and those empty at the end.
    let last = unpacked.count - 1
    let blocks = (1..<max(1, last)).filter { unpacked[$0] < unpacked[last] }
    let numbers = [blocks.count] + blocks.flatMap { [packed[$0], unpacked[$0]] }
    return numbers.flatMap { number in withUnsafeBytes(of: UInt64(number).littleEndian) { Array($0) } }
  }
}

extension Array {
  /// The first index whose element and all after it satisfy `isAfter`, found by halving.
  func partitioningIndex(_ isAfter: (Element) -> Bool) -> Int {
    var (low, high) = (0, count)
    while low < high {
      let middle = low + (high - low) / 2
      if isAfter(self[middle]) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
