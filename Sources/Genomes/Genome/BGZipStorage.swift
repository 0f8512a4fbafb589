import Runtime
import Sequences

/// A FASTA file packed by bgzip.
struct BGZipStorage: GenomeStorage {
  let chromosomes: [Chromosome]
  private let path: String
  private let blocks: BGZipBlocks
  private let index: FASTAIndex

  /// - Throws: `InputError` if the file is packed by gzip instead, is damaged, or does not fit its indices.
  init(_ file: MappedFile) throws {
    path = file.path
    guard BGZipBlocks.recognizes(file.bytes) else {
      throw InputError(
        file: path, "is packed by gzip, which must be read from the start; unpack it, or pack it with bgzip")
    }
    let blocks = try BGZipBlocks(file)
    self.blocks = blocks
    index = try FASTAIndex.beside(path) { try blocks.forEachBlock($0) }
    chromosomes = index.chromosomes
    if let record = index.records.first(where: { $0.length > 0 && $0.endOffset > blocks.count }) {
      throw FASTAStorage.staleIndex(path, record.name)
    }
  }

  func read(_ range: Range<Int>, ofChromosome number: Int, into codes: UnsafeMutableBufferPointer<UInt8>)
    throws
  {
    let record = index.records[number]
    try withLetters(of: range, in: record) { letters, at in
      try translate(
        letters, into: UnsafeMutableBufferPointer(rebasing: codes[at..<at + letters.count]), file: path,
        chromosome: record.name, position: range.lowerBound + at)
    }
  }

  func maskedBases(_ range: Range<Int>, ofChromosome number: Int) throws -> Int {
    var count = 0
    try withLetters(of: range, in: index.records[number]) { letters, _ in
      for letter in letters { count += Int(letter >> 5 & 1) }
    }
    return count
  }

  private func withLetters(
    of range: Range<Int>, in record: FASTAIndex.Record, _ body: (UnsafeRawBufferPointer, Int) throws -> Void
  ) throws {
    let end = record.offset(of: range.upperBound - 1) + 1
    let bytes = try blocks.read(record.offset(of: range.lowerBound)..<end)
    let fits = try bytes.withUnsafeBytes { bytes in try record.forEachLine(of: range, in: bytes, body) }
    if !fits { throw FASTAStorage.staleIndex(path, record.name) }
  }
}
