import Runtime
import Sequences

/// UCSC's 2bit: four bases a byte in the order T C A G, with stretches of N and of soft-masked bases listed apart
/// (https://genome.ucsc.edu/FAQ/FAQformat.html#format7). Version 1 has offsets of 8 bytes.
struct TwoBitStorage: GenomeStorage {
  let chromosomes: [Chromosome]
  private let file: MappedFile
  private let records: [Record]
  private let isSwapped: Bool
  private static let magic: UInt32 = 0x1A41_2743

  /// Where the parts of a sequence lie in the file.
  private struct Record {
    var unknown: Stretches
    var masked: Stretches
    var bases: Int
  }

  /// `count` starts of 4 bytes at `offset`, and as many lengths after them.
  private struct Stretches {
    var offset: Int
    var count: Int
  }

  static func recognizes(_ bytes: UnsafeRawBufferPointer) -> Bool {
    guard bytes.count >= 4 else { return false }
    let word = bytes.loadUnaligned(as: UInt32.self)
    return word == magic || word.byteSwapped == magic
  }

  /// - Throws: `InputError` if the file is cut short or its parts do not fit it.
  init(_ file: MappedFile) throws {
    self.file = file
    isSwapped = file.bytes.loadUnaligned(as: UInt32.self) != Self.magic
    var cursor = Cursor(file: file, isSwapped: isSwapped, offset: 4)
    let version = try cursor.word()
    guard version <= 1 else { throw InputError(file: file.path, "is 2bit of the unknown version \(version)") }
    let count = try cursor.word()
    _ = try cursor.word()
    var chromosomes: [Chromosome] = []
    var records: [Record] = []
    var names: Set<String> = []
    for _ in 0..<count {
      let name = try cursor.name()
      let offset = version == 0 ? UInt64(try cursor.word()) : try cursor.longWord()
      guard !name.isEmpty, names.insert(name).inserted else {
        throw InputError(file: file.path, "holds two sequences with the name \"\(name)\", or one without")
      }
      let (record, length) = try Self.record(Cursor(file: file, isSwapped: isSwapped, offset: offset))
      records.append(record)
      chromosomes.append(Chromosome(name: name, length: length))
    }
    guard !records.isEmpty else { throw InputError(file: file.path, "holds no sequence") }
    self.chromosomes = chromosomes
    self.records = records
  }

  private static func record(_ start: Cursor) throws -> (Record, length: Int) {
    var cursor = start
    let length = Int(try cursor.word())
    let unknown = try stretches(&cursor)
    let masked = try stretches(&cursor)
    _ = try cursor.word()
    let bases = cursor.offset
    try cursor.skip(UInt64(length + 3) / 4)
    return (Record(unknown: unknown, masked: masked, bases: Int(bases)), length)
  }

  private static func stretches(_ cursor: inout Cursor) throws -> Stretches {
    let count = try cursor.word()
    let offset = cursor.offset
    try cursor.skip(8 * UInt64(count))
    return Stretches(offset: Int(offset), count: Int(count))
  }

  /// The codes of the four bases of each byte, the first base in the lowest byte.
  private static let unpacked: [UInt32] = (0..<256).map { byte in
    let codes: [UInt32] = [3, 1, 0, 2]
    return (0..<4).reduce(0) { $0 | codes[byte >> (6 - 2 * $1) & 3] << UInt32(8 * $1) }
  }

  func read(_ range: Range<Int>, ofChromosome number: Int, into codes: UnsafeMutableBufferPointer<UInt8>) {
    let record = records[number]
    Self.unpacked.withUnsafeBufferPointer { table in
      var at = 0
      while at < codes.count {
        let position = range.lowerBound + at
        let four = table[Int(file.bytes[record.bases + position / 4])].littleEndian
        if position % 4 == 0, at + 4 <= codes.count {
          UnsafeMutableRawPointer(codes.baseAddress! + at).storeBytes(of: four, as: UInt32.self)
          at += 4
        } else {
          codes[at] = UInt8(truncatingIfNeeded: UInt32(littleEndian: four) >> UInt32(8 * (position % 4)))
          at += 1
        }
      }
    }
    forEachStretch(record.unknown, overlapping: range) { stretch in
      for position in stretch { codes[position - range.lowerBound] = Nucleotide.unknown }
    }
  }

  func maskedBases(_ range: Range<Int>, ofChromosome number: Int) -> Int {
    var count = 0
    forEachStretch(records[number].masked, overlapping: range) { count += $0.count }
    return min(count, range.count)
  }

  /// What `range` has in common with each of the stretches, which lie in order.
  private func forEachStretch(_ list: Stretches, overlapping range: Range<Int>, _ body: (Range<Int>) -> Void)
  {
    func start(_ index: Int) -> Int { Int(word(list.offset + 4 * index)) }
    func end(_ index: Int) -> Int { start(index) + Int(word(list.offset + 4 * (list.count + index))) }
    var (low, high) = (0, list.count)
    while low < high {
      let middle = low + (high - low) / 2
      if end(middle) > range.lowerBound { high = middle } else { low = middle + 1 }
    }
    var index = low
    // In a damaged file stretches may overlap; no base is visited twice.
    var rest = range
    while index < list.count, start(index) < range.upperBound {
      let common = (start(index)..<end(index)).clamped(to: rest)
      if !common.isEmpty { body(common) }
      rest = max(rest.lowerBound, common.upperBound)..<range.upperBound
      index += 1
    }
  }

  private func word(_ offset: Int) -> UInt32 {
    let word = file.bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self)
    return isSwapped ? word.byteSwapped : word
  }

  /// Numbers one after the other, none of them beyond the file's end.
  private struct Cursor {
    let file: MappedFile
    let isSwapped: Bool
    var offset: UInt64

    mutating func skip(_ count: UInt64) throws { _ = try take(count) }

    mutating func word() throws -> UInt32 {
      let word = try take(4).loadUnaligned(as: UInt32.self)
      return isSwapped ? word.byteSwapped : word
    }

    mutating func longWord() throws -> UInt64 {
      let word = try take(8).loadUnaligned(as: UInt64.self)
      return isSwapped ? word.byteSwapped : word
    }

    mutating func name() throws -> String {
      let count = try take(1)[0]
      return String(decoding: try take(UInt64(count)), as: UTF8.self)
    }

    private mutating func take(_ count: UInt64) throws -> UnsafeRawBufferPointer {
      guard let bytes = file.slice(at: offset, count: count) else {
        throw InputError(file: file.path, "is damaged or cut short: a part of it would lie beyond its end")
      }
      offset += count
      return bytes
    }
  }
}
