/// FASTA: a line `>name …`, then lines of letters up to the next such line.
struct FASTAParser: RecordParser {
  let keepNames: Bool
  var hasLabels: Bool { false }
  var hasNames: Bool { keepNames }
  private var records = 0

  init(keepNames: Bool) { self.keepNames = keepNames }

  mutating func next(from lines: LineReader, into codes: inout [UInt8]) throws -> RecordAttributes? {
    // The reader stands at the `>` of a record or at the end.
    guard let header = try lines.next() else { return nil }
    let word = header.dropFirst().prefix { $0 != 32 && $0 != 9 }
    let name = word.isEmpty ? "seq\(records + 1)" : String(decoding: word, as: UTF8.self)
    let line = lines.line
    let base = codes.count
    while let first = try lines.peek(), first != UInt8(ascii: ">") {
      var column = 1
      while let piece = try lines.piece() {
        try append(piece.bytes, to: &codes, column: column, blanks: true, in: lines)
        column += piece.bytes.count
        if piece.endsLine { break }
      }
    }
    guard codes.count > base else {
      throw InputError(file: lines.file, line: line, "record \"\(name)\" has no sequence")
    }
    records += 1
    return RecordAttributes(label: nil, name: keepNames ? name : nil, line: line)
  }
}
