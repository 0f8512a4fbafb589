import Runtime
import Sequences

/// Little-endian numbers at offsets from a place in a file, none of them beyond its end.
struct BigWigCursor {
  let file: MappedFile
  let offset: UInt64

  func bytes(_ at: UInt64, _ count: UInt64) throws -> UnsafeRawBufferPointer {
    let (start, overflow) = offset.addingReportingOverflow(at)
    guard !overflow, let bytes = file.slice(at: start, count: count) else {
      throw InputError(file: file.path, "is damaged or cut short: a part of it would lie beyond its end")
    }
    return bytes
  }

  func half(_ at: UInt64) throws -> UInt16 { try bytes(at, 2).loadUnaligned(as: UInt16.self).littleEndian }
  func word(_ at: UInt64) throws -> UInt32 { try bytes(at, 4).loadUnaligned(as: UInt32.self).littleEndian }
  func long(_ at: UInt64) throws -> UInt64 { try bytes(at, 8).loadUnaligned(as: UInt64.self).littleEndian }
}

/// The two trees of a bigWig file: its chromosomes by name, and its blocks of values by place.
enum BigWigIndex {
  static func chromosomes(_ file: MappedFile, at offset: UInt64) throws -> [(
    chromosome: Chromosome, number: UInt32
  )] {
    let header = BigWigCursor(file: file, offset: offset)
    guard try header.word(0) == 0x78CA_8C91 else { throw damaged(file) }
    let nameSize = UInt64(try header.word(8))
    guard try header.word(12) == 8, nameSize > 0, nameSize < 1 << 16 else { throw damaged(file) }
    var found: [(Chromosome, UInt32)] = []
    try forEachLeaf(file, root: offset + 32, itemSize: nameSize + 8, linkAt: nameSize) { item in
      let name = try item.bytes(0, nameSize).prefix { $0 != 0 }
      found.append(
        (
          Chromosome(name: String(decoding: name, as: UTF8.self), length: Int(try item.word(nameSize + 4))),
          try item.word(nameSize)
        ))
    }
    return found.sorted { $0.1 < $1.1 }
  }

  /// All blocks in the order of the places they cover.
  static func blocks(_ file: MappedFile, at offset: UInt64) throws -> [BigWigBlock] {
    guard try BigWigCursor(file: file, offset: offset).word(0) == 0x2468_ACE0 else { throw damaged(file) }
    var found: [BigWigBlock] = []
    var isSorted = true
    try forEachLeaf(file, root: offset + 48, itemSize: 32, branchSize: 24, linkAt: 16) { item in
      let block = BigWigBlock(
        startChromosome: try item.word(0), start: Int(try item.word(4)), endChromosome: try item.word(8),
        end: Int(try item.word(12)), offset: try item.long(16), size: try item.long(24))
      if let last = found.last {
        isSorted =
          isSorted && (last.startChromosome, last.start) <= (block.startChromosome, block.start)
          && (last.endChromosome, last.end) <= (block.endChromosome, block.end)
      }
      found.append(block)
    }
    guard isSorted else { throw InputError(file: file.path, "is damaged: its blocks do not lie in order") }
    return found
  }

  /// Visits a tree's leaves from left to right.
  ///
  /// A node is one byte that tells leaves, one unused, a count of two bytes, and its items.
  private static func forEachLeaf(
    _ file: MappedFile, root: UInt64, itemSize: UInt64, branchSize: UInt64? = nil, linkAt: UInt64,
    _ body: (BigWigCursor) throws -> Void
  ) throws {
    let branchSize = branchSize ?? itemSize
    // Nodes still to visit. A damaged tree may lead in circles: no file holds more items than bytes by their size.
    var open = [root]
    var budget = UInt64(file.bytes.count) / min(itemSize, branchSize) + 1
    while let offset = open.popLast() {
      let node = BigWigCursor(file: file, offset: offset)
      let isLeaf = try node.bytes(0, 1)[0] != 0
      let count = UInt64(try node.half(2))
      guard count + 1 <= budget else { throw damaged(file) }
      budget -= count + 1
      if isLeaf {
        for index in 0..<count {
          try body(BigWigCursor(file: file, offset: offset + 4 + index * itemSize))
        }
      } else {
        for index in (0..<count).reversed() { open.append(try node.long(4 + index * branchSize + linkAt)) }
      }
    }
  }

  private static func damaged(_ file: MappedFile) -> InputError {
    InputError(file: file.path, "is damaged: its index is none")
  }
}
