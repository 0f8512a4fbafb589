import Foundation
import Runtime
import Sequences

/// A plain FASTA file in mapped memory.
struct FASTAStorage: GenomeStorage {
  let chromosomes: [Chromosome]
  private let file: MappedFile
  private let index: FASTAIndex

  /// - Throws: `InputError` if the index does not fit the file.
  init(_ file: MappedFile) throws {
    self.file = file
    index = try FASTAIndex.beside(file.path) { try $0(file.bytes) }
    chromosomes = index.chromosomes
    for record in index.records where record.length > 0 {
      let isInside = record.endOffset <= file.bytes.count
      guard isInside, record.offset > 0, file.bytes[record.offset - 1] == 10 else {
        throw Self.staleIndex(file.path, record.name)
      }
    }
    try requireWhole()
  }

  /// An index may leave out records, but not those that came into the file after it was made.
  private func requireWhole() throws {
    guard let last = index.records.max(by: { $0.endOffset < $1.endOffset }),
      last.endOffset <= file.bytes.count
    else { return }
    guard let next = file.bytes[last.endOffset...].first(where: { ![9, 10, 13, 32].contains($0) }) else {
      return
    }
    let isOlder = Self.isOlder(file.path + ".fai", than: file.path)
    if next != UInt8(ascii: ">") || isOlder { throw Self.staleIndex(file.path, last.name) }
  }

  private static func isOlder(_ path: String, than other: String) -> Bool {
    let dates = [path, other].map {
      (try? FileManager.default.attributesOfItem(atPath: $0))?[.modificationDate] as? Date
    }
    guard let date = dates[0], let otherDate = dates[1] else { return false }
    return date < otherDate
  }

  func read(_ range: Range<Int>, ofChromosome number: Int, into codes: UnsafeMutableBufferPointer<UInt8>)
    throws
  {
    let record = index.records[number]
    let bytes = bytes(of: range, in: record)
    if !record.copyLetters(of: range, in: bytes, to: codes) { throw Self.staleIndex(file.path, record.name) }
    if Nucleotide.encode(codes) { return }
    // Line by line, to say what is wrong where.
    _ = try record.forEachLine(of: range, in: bytes) { letters, at in
      try translate(
        letters, into: UnsafeMutableBufferPointer(rebasing: codes[at..<at + letters.count]), file: file.path,
        chromosome: record.name, position: range.lowerBound + at)
    }
  }

  func maskedBases(_ range: Range<Int>, ofChromosome number: Int) -> Int {
    let record = index.records[number]
    var count = 0
    _ = record.forEachLine(of: range, in: bytes(of: range, in: record)) { letters, _ in
      for letter in letters { count += Int(letter >> 5 & 1) }
    }
    return count
  }

  private func bytes(of range: Range<Int>, in record: FASTAIndex.Record) -> UnsafeRawBufferPointer {
    let end = record.offset(of: range.upperBound - 1) + 1
    return UnsafeRawBufferPointer(rebasing: file.bytes[record.offset(of: range.lowerBound)..<end])
  }

  static func staleIndex(_ path: String, _ name: String) -> InputError {
    InputError(
      file: path + ".fai", "does not fit \(path) at \(name); delete it, and it is made again")
  }
}

/// The codes of FASTA letters.
///
/// - Throws: `InputError` naming the first byte that is no nucleotide letter.
func translate(
  _ letters: UnsafeRawBufferPointer, into codes: UnsafeMutableBufferPointer<UInt8>, file: String,
  chromosome: String, position: Int
) throws {
  UnsafeMutableRawBufferPointer(codes).copyMemory(from: letters)
  guard !Nucleotide.encode(codes), let bad = codes.firstIndex(of: Nucleotide.invalid) else { return }
  let byte = letters[bad]
  if byte == 10 || byte == 13 || byte == UInt8(ascii: ">") { throw FASTAStorage.staleIndex(file, chromosome) }
  let shown = (33...126).contains(byte) ? "the letter \(Character(UnicodeScalar(byte)))" : "the byte \(byte)"
  throw InputError(
    file: file, "\(shown) at base \(position + bad + 1) of \(chromosome) is no nucleotide")
}
