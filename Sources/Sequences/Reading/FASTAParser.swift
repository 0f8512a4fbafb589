import Runtime

/// FASTA: a line `>name …`, then lines of letters up to the next such line.
///
/// A word `class:0`, `class:1` or `label=1` in every header is the record's label. Records without a base are passed over and
/// counted in a warning.
struct FASTAParser: RecordParser {
  let keepNames: Bool
  let hasLabels: Bool
  var hasNames: Bool { keepNames }
  var targets: [String] { [] }
  private var records = 0
  /// Records without a base, and the first of them.
  private var empty = 0
  private var firstEmpty: (name: String, line: Int)?
  /// The record under way, how many of its bases were handed out, and the column reached in a line under way.
  private var open: (attributes: RecordAttributes, name: String, bases: Int, column: Int)?

  /// - Parameter opening: the file's first bytes; they tell whether headers have labels.
  init(keepNames: Bool, opening: UnsafeRawBufferPointer) {
    self.keepNames = keepNames
    hasLabels = Self.label(opening.prefix { $0 != 10 }) != nil
  }

  mutating func nextPart(from lines: LineReader, upTo limit: Int, into codes: inout [UInt8]) throws
    -> (attributes: RecordAttributes, endsRecord: Bool)?
  {
    while true {
      if open == nil {
        // The reader stands at the `>` of a record or at the end.
        guard let header = try lines.next() else {
          try warn(lines.file)
          return nil
        }
        open = try record(header, lines)
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
        if limit == .max, codes.count - base > SequenceReader.longestRecord {
          throw InputError(
            file: lines.file, line: record.attributes.line,
            "record \"\(record.name)\" has more than \(SequenceReader.longestRecord) bases")
        }
      }
      record.bases += codes.count - base
      open = endsRecord ? nil : record
      if endsRecord, record.bases == 0 {
        empty += 1
        if firstEmpty == nil { firstEmpty = (record.name, record.attributes.line) }
        continue
      }
      if endsRecord { records += 1 }
      return (record.attributes, endsRecord)
    }
  }

  private func record(_ header: UnsafeRawBufferPointer, _ lines: LineReader) throws
    -> (RecordAttributes, String, Int, Int)
  {
    let word = header.dropFirst().drop { $0 == 32 || $0 == 9 }.prefix { $0 != 32 && $0 != 9 }
    let name =
      word.isEmpty ? "seq\(records + empty + 1)" : String(decoding: word, as: UTF8.self).withoutControls
    var attributes = RecordAttributes(name: keepNames ? name : nil, line: lines.line)
    if hasLabels {
      attributes.label = Self.label(header[...])
      guard attributes.label != nil else {
        throw InputError(
          file: lines.file, line: lines.line,
          "record \"\(name)\" has no class:0 or class:1 as the first record has")
      }
    }
    return (attributes, name, 0, 1)
  }

  /// The label that a word of a header gives.
  private static func label(_ header: Slice<UnsafeRawBufferPointer>) -> UInt8? {
    for word in header.split(whereSeparator: { $0 == 32 || $0 == 9 || $0 == 13 }) {
      switch String(decoding: word, as: UTF8.self) {
      case "class:0", "class=0", "label:0", "label=0": return 0
      case "class:1", "class=1", "label:1", "label=1": return 1
      default: continue
      }
    }
    return nil
  }

  private mutating func warn(_ file: String) throws {
    guard let firstEmpty else { return }
    self.firstEmpty = nil
    let others = empty == 1 ? "" : " and \(empty - 1) more"
    try InputWarning.emit(
      file: file,
      "record \"\(firstEmpty.name)\" in line \(firstEmpty.line)\(others) without a sequence passed over")
  }
}
