import Runtime

/// FASTA: a line `>name …`, then lines of letters up to the next such line.
struct FASTAParser: RecordParser {
  let keepNames: Bool
  var hasLabels: Bool { false }
  var hasNames: Bool { keepNames }
  var targets: [String] { [] }
  private var records = 0
  /// The record under way, how many of its bases were handed out, and the column reached in a line under way.
  private var open: (attributes: RecordAttributes, name: String, bases: Int, column: Int)?

  init(keepNames: Bool) { self.keepNames = keepNames }

  mutating func nextPart(from lines: LineReader, upTo limit: Int, into codes: inout [UInt8]) throws
    -> (attributes: RecordAttributes, endsRecord: Bool)?
  {
    if open == nil {
      // The reader stands at the `>` of a record or at the end.
      guard let header = try lines.next() else { return nil }
      let word = header.dropFirst().prefix { $0 != 32 && $0 != 9 }
      let name = word.isEmpty ? "seq\(records + 1)" : String(decoding: word, as: UTF8.self)
      open = (RecordAttributes(name: keepNames ? name : nil, line: lines.line), name, 0, 1)
    }
    guard var record = open else { return nil }
    let base = codes.count
    var endsRecord = false
    while codes.count - base < limit {
      if record.column == 1, try lines.peek().map({ $0 == UInt8(ascii: ">") }) ?? true {
        endsRecord = true
        break
      }
      guard let piece = try lines.piece() else {
        record.column = 1
        continue
      }
      try append(piece.bytes, to: &codes, column: record.column, blanks: true, in: lines)
      record.column = piece.endsLine ? 1 : record.column + piece.bytes.count
    }
    record.bases += codes.count - base
    if endsRecord, record.bases == 0 {
      throw InputError(
        file: lines.file, line: record.attributes.line, "record \"\(record.name)\" has no sequence")
    }
    open = endsRecord ? nil : record
    if endsRecord { records += 1 }
    return (record.attributes, endsRecord)
  }
}
