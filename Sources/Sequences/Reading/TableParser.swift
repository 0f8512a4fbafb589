import Runtime

/// CSV or TSV with a header: a sequence column, or one column of base codes for each position.
struct TableParser: RecordParser {
  /// What a column holds.
  private enum Column: Equatable {
    case ignored, sequence, label, name
    /// The code of the base at a 0-based position.
    case code(Int)
    /// The target of this number.
    case target(Int)
  }

  private let columns: [Column]
  let titles: [String]
  /// The titles of columns that are passed over and may be meant as labels: not an index without a title, names or places.
  var ignoredTitles: [String] {
    zip(titles, columns).filter { $1 == .ignored && !Self.namesAndPlaces.contains($0.lowercased()) }.map(\.0)
  }
  private static let names: Set = ["name", "id", "eventid"]
  private static let namesAndPlaces =
    names.union([
      "", "index", "foldid", "description", "chrom", "chr", "chromosome", "start", "end", "strand",
    ])
  private var rows: TableRows
  /// Number of code columns; 0 where there is a sequence column.
  private let positions: Int
  /// The first code column where they stand side by side in order, as they nearly always do.
  private let codesStart: Int?
  let hasLabels: Bool
  let hasNames: Bool
  let targets: [String]
  private let content: TargetColumns.Content
  private let labels: LabelReading

  /// - Throws: `InputError` if the header has no sequence column and no complete columns 0 … n, or not the
  ///   columns that `targets` names.
  init(
    header: UnsafeRawBufferPointer, separator: UInt8, keepNames: Bool, labels: LabelReading = .yesOrNo,
    targets wanted: TargetColumns?, lines: LineReader
  ) throws {
    let line = lines.line
    self.labels = labels
    func fail(_ reason: String) -> InputError { InputError(file: lines.file, line: line, reason) }
    rows = TableRows(separator: separator)
    titles = try rows.take(header, from: lines) { header, _ in
      var cells = TableCells(header, separator: separator)
      var titles: [String] = []
      while let cell = try cells.next() {
        if cell.isSequence, cell.bytes.count > 7 {
          throw fail(
            "the table has no header: its first row holds the sequence \(cell.shown); expected titles such as"
              + " sequence\(UnicodeScalar(separator) == "\t" ? "\\t" : String(UnicodeScalar(separator)))label"
          )
        }
        titles.append(cell.name)
      }
      return titles
    }
    let titles = titles
    if separator == 9, Self.isInterval(titles) {
      throw fail("holds intervals (BED) and no bases; give the genome that they lie in")
    }

    /// The one column with one of these titles.
    func column(_ names: Set<String>, _ what: String) throws -> Int? {
      let found = titles.indices.filter { names.contains(titles[$0].lowercased()) }
      if found.count > 1 {
        throw fail("two \(what) columns: \(titles[found[0]]) and \(titles[found[1]])")
      }
      return found.first
    }
    var columns = [Column](repeating: .ignored, count: titles.count)
    if keepNames,
      let name = titles.firstIndex(where: { Self.names.contains($0.lowercased()) })
    {
      columns[name] = .name
    }
    if wanted == nil, labels != .ignored, let label = try column(["label", "bound"], "label") {
      columns[label] = .label
    }
    if let sequence = try column(["seq", "sequence", "dna"], "sequence") {
      columns[sequence] = .sequence
      positions = 0
    } else {
      let numbered = titles.indices.compactMap { index in Self.position(titles[index]).map { ($0, index) } }
        .sorted { $0 < $1 }
      // Numbers that are no positions are values.
      let arePositions =
        numbered.first?.0 == 0 && zip(numbered, numbered.dropFirst()).allSatisfy { $0.0 < $1.0 }
      if !arePositions, titles.allSatisfy({ Double($0) != nil }) {
        throw fail(
          "the table has no header: its first row holds numbers only; expected titles such as sequence or 0, 1, 2, …"
        )
      }
      guard let last = numbered.last?.0 else {
        throw fail(
          "no sequence column; expected a column seq or sequence, or columns 0, 1, 2, … of base codes"
            + " (or FASTA, whose first line starts with >)")
      }
      for (expected, (position, index)) in numbered.enumerated() {
        if position < expected { throw fail("two columns are called \(position)") }
        if position > expected { throw fail("column \(expected) is missing between 0 and \(last)") }
        columns[index] = .code(position)
      }
      positions = numbered.count
    }
    var targets: [String] = []
    for index in try wanted?.places(in: titles, fail: fail) ?? [] {
      guard columns[index] == .ignored || columns[index] == .name else {
        throw fail("column \(titles[index]) holds the bases and no label")
      }
      columns[index] = .target(targets.count)
      targets.append(titles[index])
    }
    self.targets = targets
    content = wanted?.content ?? .numbers
    self.columns = columns
    let codes = (0..<positions).map { Column.code($0) }
    codesStart = columns.firstIndex(of: .code(0)).flatMap { columns[$0...].starts(with: codes) ? $0 : nil }
    hasLabels = columns.contains(.label)
    hasNames = columns.contains(.name)
  }

  mutating func nextPart(from lines: LineReader, upTo limit: Int, into codes: inout [UInt8]) throws
    -> (attributes: RecordAttributes, endsRecord: Bool)?
  {
    var rows = rows
    defer { self.rows = rows }
    return try rows.next(from: lines) { row, line in
      let base = codes.count
      do {
        return (try read(row, lines, line, &codes), true)
      } catch {
        // A row that lost or gained a cell is wrong in the others, too; its length is the better reason.
        let count = try count(of: row)
        if count != columns.count {
          throw InputError(
            file: lines.file, line: line,
            "the row has \(count) cell\(count == 1 ? "" : "s") where the header has \(columns.count)")
        }
        codes.removeLast(codes.count - base)
        throw error
      }
    }
  }

  private func read(
    _ row: UnsafeRawBufferPointer, _ lines: LineReader, _ line: Int, _ codes: inout [UInt8]
  ) throws -> RecordAttributes {
    func fail(_ reason: String) -> InputError { InputError(file: lines.file, line: line, reason) }
    var attributes = RecordAttributes(line: line)
    let base = codes.count
    codes.append(contentsOf: repeatElement(0, count: positions))
    switch content {
    case .numbers: attributes.numbers = [Float](repeating: .nan, count: targets.count)
    case .words: attributes.words = [String](repeating: "", count: targets.count)
    }
    var cells = TableCells(row, separator: rows.separator)
    var index = 0
    do {
      while true {
        if index == codesStart,
          codes.withUnsafeMutableBufferPointer({ cells.takeCodes(into: $0[base...]) })
        {
          index += positions
        }
        guard let cell = try cells.next() else { break }
        guard index < columns.count else { throw fail("too many cells") }
        switch columns[index] {
        case .ignored:
          if positions > 0, cell.isSequence {
            throw fail(
              "column \(titles[index]) holds the sequence \(cell.shown), but columns 0 to \(positions - 1) are read as"
                + " base codes; call it sequence")
          }
        case .code(let position):
          guard let code = cell.digit, code < 4 else {
            throw fail("column \(position) holds \(cell.shown), expected 0, 1, 2 or 3 (A C G T)")
          }
          codes[base + position] = code
        case .sequence:
          if cell.bytes.isEmpty { throw fail("the sequence is empty") }
          try append(cell.bytes, to: &codes, column: cell.column, blanks: false, in: lines)
        case .label:
          attributes.label = cell.label
          if attributes.label == nil {
            guard labels == .whereYesOrNo else { throw fail("label \(cell.shown) is not 0 or 1") }
            attributes.otherLabel = cell.shown
          }
        case .name: attributes.name = cell.name
        case .target(let number):
          switch content {
          case .words: attributes.words[number] = cell.text
          case .numbers:
            guard let value = cell.number else {
              throw fail("column \(targets[number]) holds \(cell.shown), expected a number, or NA for none")
            }
            attributes.numbers[number] = value
          }
        }
        index += 1
      }
    } catch let error as TableCells.QuoteError { throw fail(error.reason) }
    guard index == columns.count else { throw fail("too few cells") }
    return attributes
  }

  private func count(of row: UnsafeRawBufferPointer) throws -> Int {
    var cells = TableCells(row, separator: rows.separator)
    var count = 0
    while try cells.next() != nil { count += 1 }
    return count
  }

  /// Whether a first row is no header but BED: a chromosome, where the interval starts, where it ends.
  private static func isInterval(_ row: [String]) -> Bool {
    guard (3...12).contains(row.count), let start = Int(row[1]), let end = Int(row[2]), 0 <= start,
      start < end
    else { return false }
    return !["", "name", "id", "eventid", "index"].contains(row[0].lowercased())
  }

  /// The position that a column title such as `17` names.
  private static func position(_ title: String) -> Int? {
    guard let number = Int(title), number >= 0, String(number) == title else { return nil }
    return number
  }
}
