import Foundation
import Runtime
import Sequences

/// Makes a `FASTAIndex` from the bytes of a file, which may come in pieces.
///
/// All lines of a record but its last must be of one length: that is what makes any place of it known.
struct FASTAIndexer {
  private let file: String
  private var records: [FASTAIndex.Record] = []
  private var names: Set<String> = []
  private var offset = 0
  private var line = 1
  /// The bytes of the line under way that came with earlier pieces: all of a header, of others only how many and the last.
  private var header: [UInt8] = []
  private var lineBytes = 0
  private var lastByte: UInt8 = 0
  private var isHeader = false
  /// Whether the record's last line was seen: one shorter than the others.
  private var isClosed = false

  init(file: String) { self.file = file }

  /// - Throws: `InputError` naming the line where the file is no FASTA, or where its lines differ in length.
  mutating func add(_ bytes: UnsafeRawBufferPointer) throws {
    var rest = bytes[...]
    while let first = rest.first {
      if lineBytes == 0 { isHeader = first == UInt8(ascii: ">") }
      let start = rest.startIndex
      let end = memchr(bytes.baseAddress! + start, 10, rest.count).map { bytes.baseAddress!.distance(to: $0) }
      let letters = rest[start..<(end ?? rest.endIndex)]
      if isHeader {
        guard header.count + letters.count <= 1 << 20 else {
          throw InputError(file: file, line: line, "the header has more than 1,048,576 letters")
        }
        header.append(contentsOf: letters)
        guard !header.dropLast().contains(13) else {
          throw InputError(
            file: file, line: line,
            "its lines end in carriage returns alone; `tr '\\r' '\\n'` makes them line feeds")
        }
      }
      lineBytes += letters.count
      lastByte = letters.last ?? lastByte
      rest = rest[letters.endIndex...]
      guard end != nil else { return }
      rest = rest.dropFirst()
      try endLine(endBytes: 1)
    }
  }

  mutating func finish() throws -> FASTAIndex {
    if lineBytes > 0 { try endLine(endBytes: 0) }
    guard !records.isEmpty else { throw InputError(file: file, "holds no sequence") }
    return FASTAIndex(records: records)
  }

  private mutating func endLine(endBytes: Int) throws {
    let hasReturn = lineBytes > 0 && lastByte == 13
    let bases = lineBytes - (hasReturn ? 1 : 0)
    offset += lineBytes + endBytes
    if isHeader { try beginRecord() } else { try addLine(bases: bases, bytes: lineBytes + endBytes) }
    header.removeAll(keepingCapacity: true)
    lineBytes = 0
    line += 1
    isHeader = false
  }

  private static func isBlank(_ byte: UInt8) -> Bool { byte == 32 || byte == 9 || byte == 13 }

  private mutating func beginRecord() throws {
    let word = header.dropFirst().drop(while: Self.isBlank).prefix { !Self.isBlank($0) }
    let name = String(decoding: word, as: UTF8.self)
    guard !name.isEmpty else { throw InputError(file: file, line: line, "the record has no name") }
    guard names.insert(name).inserted else {
      throw InputError(file: file, line: line, "a second record with the name \(name)")
    }
    records.append(FASTAIndex.Record(name: name, length: 0, offset: offset, lineBases: 0, lineBytes: 0))
    isClosed = false
  }

  private mutating func addLine(bases: Int, bytes: Int) throws {
    guard var record = records.popLast() else {
      if bases == 0 { return }
      throw InputError(
        file: file, line: line, "a sequence without a header; FASTA starts with a line like >name")
    }
    defer { records.append(record) }
    if bases == 0 {
      isClosed = isClosed || record.length > 0
      // Blank lines before the first base move it.
      if record.length == 0 { record.offset = offset }
      return
    }
    if record.length == 0 {
      record.lineBases = bases
      record.lineBytes = bytes
    } else if isClosed || bases > record.lineBases {
      throw InputError(
        file: file, line: line,
        "the lines of \(record.name) differ in length, so that no place in it can be found; `seqtk seq -l 60` makes them equal"
      )
    }
    isClosed = bases < record.lineBases || bytes != record.lineBytes
    record.length += bases
  }
}
