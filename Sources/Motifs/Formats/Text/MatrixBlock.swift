import Runtime
import Sequences

/// A matrix as it stands in a file: a header line and rows of numbers, each perhaps labeled with its base.
struct MatrixBlock {
  struct Row {
    /// The base that the row belongs to, where it is labeled.
    var base: UInt8?
    /// Whether the row starts with an IUPAC letter that is no base: the consensus of its position.
    var hasConsensus = false
    var hasLetter: Bool { base != nil || hasConsensus }
    var values: [Double]
    var line: Int
  }

  /// The line above the rows, with its `>` if it has one; `nil` for rows that stand alone.
  var header: String?
  /// Line of the header, or of the first row.
  var line: Int
  /// Which base each column belongs to, where a line of letters above the rows says so.
  var columns: [Int]?
  var rows: [Row] = []

  /// True if all rows carry the letter of a base.
  var isLabelled: Bool { rows.allSatisfy { $0.base != nil } }

  /// Splits a file into its matrices. Lines that start with `#` or `;` are comments, and `//` ends a matrix.
  ///
  /// A line that starts with `>`, or that is no row of numbers, is a header and starts a matrix; an empty line
  /// ends one, unless its header starts with `>`: then only the next header does.
  static func blocks(_ bytes: UnsafeBufferPointer<UInt8>, file: String?) throws -> [MatrixBlock] {
    var blocks: [MatrixBlock] = []
    var current: MatrixBlock?
    var comment: String?
    func close() {
      if let block = current { blocks.append(block) }
      current = nil
    }
    for line in TextLines(bytes) {
      if line.isBlank || line.starts(with: "//") {
        if line.isBlank, current?.header?.hasPrefix(">") == true { continue }
        if current?.rows.isEmpty == false { close() }
        continue
      }
      if line.isComment {
        if current?.rows.isEmpty == false { close() }
        if line.starts(with: "#") { comment = line.text(from: 1) }
        continue
      }
      if !line.starts(with: ">") {
        if let order = columnOrder(line) {
          if current?.rows.isEmpty == false || current?.columns != nil { close() }
          current = current ?? MatrixBlock(header: comment.map { "#" + $0 }, line: line.number)
          current?.columns = order
          comment = nil
          continue
        }
        if let row = try row(line, numbered: current?.columns != nil, file: file) {
          current = current ?? MatrixBlock(header: comment.map { "#" + $0 }, line: line.number)
          current?.rows.append(row)
          if let rows = current?.rows.count, rows > MotifFile.widestMotif {
            throw InputError(
              file: file, line: line.number, "a matrix of more than \(MotifFile.widestMotif) rows")
          }
          comment = nil
          continue
        }
      }
      close()
      current = MatrixBlock(header: line.text(), line: line.number)
      comment = nil
    }
    close()
    return blocks
  }

  /// `A C G T` in any order, perhaps after a word for the position: the base of each column.
  ///
  /// - Parameter mayHaveMore: Whether other columns may follow.
  static func columnOrder(_ line: TextLine, mayHaveMore: Bool = false) -> [Int]? {
    var words = Array(line.fields.prefix(6))
    if words.count >= 5, words[0].count > 1 || Nucleotide.code(ofASCII: words[0][0]) > 3 {
      words.removeFirst()
    }
    if mayHaveMore { words = Array(words.prefix(4)) }
    guard words.count == 4 else { return nil }
    let order = words.map { $0.count == 1 ? Int(Nucleotide.code(ofASCII: $0[0])) : 4 }
    return order.sorted() == [0, 1, 2, 3] ? order : nil
  }

  /// Numbers, perhaps in brackets, perhaps after the letter of a base (`A`, `A:`, `A|`, `A =`); `nil` if the
  /// line starts with neither.
  private static func row(_ line: TextLine, numbered: Bool, file: String?) throws -> Row? {
    let bytes = line.bytes
    var position = 0
    var row = Row(base: nil, values: [], line: line.number)
    func skip(_ separators: StaticString) {
      while position < bytes.count,
        isSpace(bytes[position])
          || separators.withUTF8Buffer({ $0.contains(bytes[position]) })
      { position += 1 }
    }
    skip("")
    let base = Nucleotide.code(ofASCII: bytes[position])
    if base != Nucleotide.invalid, position + 1 == bytes.count || isBoundary(bytes[position + 1]) {
      if base < 4 { row.base = base } else { row.hasConsensus = true }
      position += 1
    }
    skip(!row.hasLetter ? "[" : ":|=[")
    while position < bytes.count {
      var end = position
      while end < bytes.count, !isSpace(bytes[end]), bytes[end] != UInt8(ascii: "]") { end += 1 }
      let word = TextLine.Bytes(rebasing: bytes[position..<end])
      guard let value = NumberParsing.double(word) else {
        if row.values.isEmpty { return nil }
        throw InputError(file: file, line: line.number, "'\(word.string)' is no number")
      }
      row.values.append(value)
      position = end
      skip("]")
    }
    // Below a line of letters, rows may start with the number of the position.
    if numbered, row.values.count == 5 { row.values.removeFirst() }
    return row.values.isEmpty ? nil : row
  }

  private static func isBoundary(_ byte: UInt8) -> Bool {
    isSpace(byte) || byte == UInt8(ascii: ":") || byte == UInt8(ascii: "|") || byte == UInt8(ascii: "[")
      || byte == UInt8(ascii: "=")
  }
}
