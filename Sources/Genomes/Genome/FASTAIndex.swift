import Foundation
import Runtime
import Sequences

/// Where the bases of each FASTA record lie: samtools' `.fai`, whose lines hold name, bases, offset of the first base,
/// bases a line and bytes a line.
struct FASTAIndex: Equatable, Sendable {
  struct Record: Equatable, Sendable {
    var name: String
    var length: Int
    var offset: Int
    var lineBases: Int
    var lineBytes: Int

    /// Where base `position` lies in the (unpacked) file.
    func offset(of position: Int) -> Int {
      offset + position / lineBases * lineBytes + position % lineBases
    }

    /// The letters of `range` out of the bytes that begin at its first base, line by line.
    ///
    /// - Parameter body: gets the letters of one line and the position of the first in the range.
    /// - Returns: `false` if a line does not end where the index says.
    func forEachLine(
      of range: Range<Int>, in bytes: UnsafeRawBufferPointer,
      _ body: (UnsafeRawBufferPointer, Int) throws -> Void
    ) rethrows -> Bool {
      var at = 0
      var position = range.lowerBound
      while position < range.upperBound {
        let count = min(lineBases - position % lineBases, range.upperBound - position)
        try body(UnsafeRawBufferPointer(rebasing: bytes[at..<at + count]), position - range.lowerBound)
        position += count
        at += count
        guard position < range.upperBound else { break }
        for _ in 0..<lineBytes - lineBases {
          guard bytes[at] == 10 || bytes[at] == 13 else { return false }
          at += 1
        }
      }
      return true
    }

    /// Copies the letters of `range` out of the bytes that begin at its first base.
    ///
    /// - Returns: `false` if a line does not end where the index says.
    func copyLetters(
      of range: Range<Int>, in bytes: UnsafeRawBufferPointer, to letters: UnsafeMutableBufferPointer<UInt8>
    ) -> Bool {
      precondition(letters.count == range.count, "an element for each base")
      guard var from = bytes.baseAddress, var to = UnsafeMutableRawPointer(letters.baseAddress) else {
        return true
      }
      let block = 32
      var count = lineBases - range.lowerBound % lineBases
      var rest = range.count
      while rest > count {
        if rest >= count + block {
          // Whole blocks; what they hold of the next line is overwritten.
          var start = 0
          while start < count {
            (to + start).copyMemory(from: from + start, byteCount: block)
            start += block
          }
        } else {
          to.copyMemory(from: from, byteCount: count)
        }
        (from, to, rest) = (from + count, to + count, rest - count)
        for _ in 0..<lineBytes - lineBases {
          let byte = from.load(as: UInt8.self)
          guard byte == 10 || byte == 13 else { return false }
          from += 1
        }
        count = lineBases
      }
      to.copyMemory(from: from, byteCount: rest)
      return true
    }
  }

  var records: [Record]

  var chromosomes: [Chromosome] { records.map { Chromosome(name: $0.name, length: $0.length) } }

  /// The file's text.
  var text: String {
    records.map { "\($0.name)\t\($0.length)\t\($0.offset)\t\($0.lineBases)\t\($0.lineBytes)\n" }.joined()
  }

  init(records: [Record]) { self.records = records }

  /// - Throws: `InputError` naming the line that is no line of an index or repeats a name.
  init(path: String) throws {
    let lines = try LineReader(path: path)
    var records: [Record] = []
    var names: Set<String> = []
    while let line = try lines.next() {
      let cells = line.split(separator: 9, omittingEmptySubsequences: false)
      let numbers = cells.dropFirst().prefix(4).compactMap { Int(String(decoding: $0, as: UTF8.self)) }
      guard cells.count >= 5, numbers.count == 4, !cells[0].isEmpty else {
        throw InputError(
          file: path, line: lines.line, "expected name, bases, offset, bases a line and bytes a line")
      }
      let record = Record(
        name: String(decoding: cells[0], as: UTF8.self), length: numbers[0], offset: numbers[1],
        lineBases: numbers[2], lineBytes: numbers[3])
      guard names.insert(record.name).inserted else {
        throw InputError(file: path, line: lines.line, "the name \(record.name) stands there twice")
      }
      guard record.isPossible else {
        throw InputError(file: path, line: lines.line, "no record can lie as its numbers say")
      }
      records.append(record)
    }
    guard !records.isEmpty else { throw InputError(file: path, "is empty") }
    self.records = records
  }

  /// The index that stands beside a FASTA file, or a new one of its bytes, which is then written there if the folder
  /// allows it.
  ///
  /// - Parameter feed: hands out all bytes of the (unpacked) file in order.
  static func beside(_ path: String, madeFrom feed: ((UnsafeRawBufferPointer) throws -> Void) throws -> Void)
    throws -> FASTAIndex
  {
    let indexPath = path + ".fai"
    if access(indexPath, F_OK) == 0 { return try FASTAIndex(path: indexPath) }
    var indexer = FASTAIndexer(file: path)
    try feed { try indexer.add($0) }
    let index = try indexer.finish()
    // Without permission to write, the next run makes it again.
    try? AtomicFile.write(index.text, to: indexPath)
    return index
  }
}

extension FASTAIndex.Record {
  /// Whether the numbers fit each other; those of an empty record do not matter.
  var isPossible: Bool {
    guard length >= 0, offset >= 0 else { return false }
    guard length > 0 else { return true }
    guard lineBases > 0, lineBytes >= lineBases, lineBytes - lineBases <= 2 else { return false }
    let lines = (length - 1) / lineBases
    let (span, tooLong) = lines.multipliedReportingOverflow(by: lineBytes)
    return !tooLong && span < 1 << 62 && offset < 1 << 61
  }

  /// The byte after the last base.
  var endOffset: Int { length == 0 ? offset : offset(of: length - 1) + 1 }
}
