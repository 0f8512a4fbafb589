import CZlib
import Foundation
import Runtime
import Sequences

/// A bigWig file: a number for each base of a genome, in packed blocks (Kent et al. 2010). Any number of threads may read.
///
/// Not libBigWig, which reads damaged files beyond their memory: here every offset is checked against the file.
public final class BigWig: Sendable {
  /// The file as the user named it.
  public let path: String
  /// In the order of the file's numbers.
  public let chromosomes: [Chromosome]
  private let file: MappedFile
  private let numbers: [String: UInt32]
  private let blocks: [BigWigBlock]
  /// The size that no unpacked block exceeds; 0 where blocks are not packed.
  private let unpackedLimit: Int

  /// - Throws: `InputError` if there is no such file or it is no intact bigWig.
  public init(path: String) throws {
    self.path = path
    file = try MappedFile(path: path)
    let header = BigWigCursor(file: file, offset: 0)
    switch try? header.word(0) {
    case 0x888F_FC26: break
    case 0x26FC_8F88: throw InputError(file: path, "is a bigWig of a big-endian machine, which is not read")
    case 0x8789_F2EB: throw InputError(file: path, "is bigBed, not bigWig; bigBedToBed makes BED of it")
    default: throw InputError(file: path, "is no bigWig")
    }
    let named = try BigWigIndex.chromosomes(file, at: header.long(8))
    guard !named.isEmpty else { throw InputError(file: path, "has no chromosome") }
    numbers = Dictionary(named.map { ($0.chromosome.name, $0.number) }) { first, _ in first }
    chromosomes = named.map(\.chromosome)
    blocks = try BigWigIndex.blocks(file, at: header.long(24))
    unpackedLimit = Int(try header.word(52))
  }

  /// Whether the file knows a chromosome; those without signal are often left out.
  public func has(_ chromosome: String) -> Bool { numbers[chromosome] != nil }

  /// The values of `range`, `missing` where the file has none, NaN, or the chromosome is not in the file or shorter.
  ///
  /// Infinite values become the largest finite ones.
  /// - Throws: `InputError` if the file is damaged there.
  public func values(_ range: Range<Int>, of chromosome: String, missing: Float = 0) throws -> [Float] {
    var values = [Float](repeating: missing, count: range.count)
    try forEachSpan(in: range, of: chromosome) { span, value in
      let finite = max(-Float.greatestFiniteMagnitude, min(Float.greatestFiniteMagnitude, value))
      for position in span { values[position - range.lowerBound] = finite }
    }
    return values
  }

  /// Calls `body` for each stretch of `range` that has a value, in the order of the file.
  func forEachSpan(in range: Range<Int>, of chromosome: String, _ body: (Range<Int>, Float) -> Void) throws {
    guard let number = numbers[chromosome], !range.isEmpty else { return }
    let first = blocks.partitioningIndex { ($0.endChromosome, $0.end) > (number, range.lowerBound) }
    for block in blocks[first...] {
      if (block.startChromosome, block.start) >= (number, range.upperBound) { break }
      try unpacked(block).withUnsafeBytes { bytes in
        let isWhole = BigWigSection(bytes)?.forEachSpan(ofChromosome: number) { span, value in
          let common = span.clamped(to: range)
          if !common.isEmpty, !value.isNaN { body(common, value) }
        }
        guard isWhole == true else { throw damaged() }
      }
    }
  }

  private func unpacked(_ block: BigWigBlock) throws -> [UInt8] {
    guard let data = file.slice(at: block.offset, count: block.size) else { throw damaged() }
    if unpackedLimit == 0 { return [UInt8](data) }
    // The most that deflate can make of these bytes (1032:1).
    let capacity = min(unpackedLimit, data.count * 1032 + 64)
    let bytes = [UInt8](unsafeUninitializedCapacity: capacity) { buffer, count in
      var size = uLongf(capacity)
      let source = data.bindMemory(to: UInt8.self).baseAddress
      let isWhole = uncompress(buffer.baseAddress, &size, source, uLong(data.count)) == Z_OK
      count = isWhole ? Int(size) : 0
    }
    return bytes
  }

  private func damaged() -> InputError {
    InputError(file: path, "is damaged: a block of values is not whole")
  }
}

/// Where one block of values lies and which bases it covers.
struct BigWigBlock: Sendable {
  var startChromosome: UInt32
  var start: Int
  var endChromosome: UInt32
  var end: Int
  var offset: UInt64
  var size: UInt64
}

/// One unpacked block: a header of 24 bytes, then stretches with their values in one of three forms.
private struct BigWigSection {
  private let bytes: UnsafeRawBufferPointer
  private let chromosome: UInt32
  private let start: Int
  private let step: Int
  private let width: Int
  private let kind: UInt8
  private let count: Int

  init?(_ bytes: UnsafeRawBufferPointer) {
    guard bytes.count >= 24 else { return nil }
    func word(_ offset: Int) -> UInt32 {
      bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self).littleEndian
    }
    self.bytes = bytes
    chromosome = word(0)
    start = Int(word(4))
    step = Int(word(12))
    width = Int(word(16))
    kind = bytes[20]
    count = Int(bytes.loadUnaligned(fromByteOffset: 22, as: UInt16.self).littleEndian)
  }

  /// - Returns: `false` if the block is shorter than it says or of an unknown kind.
  func forEachSpan(ofChromosome number: UInt32, _ body: (Range<Int>, Float) -> Void) -> Bool {
    func word(_ offset: Int) -> UInt32 {
      bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self).littleEndian
    }
    func value(_ offset: Int) -> Float { Float(bitPattern: word(offset)) }
    // bedGraph, variable steps, fixed steps.
    guard (1...3).contains(kind) else { return false }
    let itemSize = [12, 8, 4][Int(kind) - 1]
    guard 24 + count * itemSize <= bytes.count else { return false }
    guard chromosome == number else { return true }
    for item in 0..<count {
      let at = 24 + item * itemSize
      switch kind {
      case 1:
        let (start, end) = (Int(word(at)), Int(word(at + 4)))
        if start < end { body(start..<end, value(at + 8)) }
      case 2: body(Int(word(at))..<Int(word(at)) + width, value(at + 4))
      default: body(start + item * step..<start + item * step + width, value(at))
      }
    }
    return true
  }
}
