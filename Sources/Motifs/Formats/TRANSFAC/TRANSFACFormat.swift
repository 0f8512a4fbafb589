import Runtime
import Sequences

/// TRANSFAC: lines that start with a two-letter tag, `P0` with the bases (A C G T where it is missing), a numbered row
/// for each position, `//` at the end of each matrix. Numbered lines that do not follow the matrix at once, such as
/// those of an `XL` block, are none of its rows.
///
/// The identifier is the accession (`AC`) where there is one, else `ID`, `NA` or `DE`; the name is the next of
/// these. Other tags are kept in `attributes` under their letters, several lines of one tag parted by line ends.
enum TRANSFACFormat {
  private static let tags: Set<String> = [
    "AC", "ID", "NA", "DE", "DT", "CO", "VV", "XX", "PO", "P0", "BF", "BA", "BS", "CC", "SY", "TY", "OS",
    "OC", "//", "XL", "IC",
    "HC", "RN", "RX", "RA", "RT", "RL", "DR", "DS",
  ]

  static func recognizes(_ line: TextLine) -> Bool {
    line.fields.first { _ in true }.map { tags.contains($0.string) } ?? false
  }

  static func read(_ bytes: UnsafeBufferPointer<UInt8>, file: String?) throws -> MotifFile {
    var reader = Reader(file: file)
    for line in TextLines(bytes) where !line.isBlank && !line.isComment { try reader.read(line) }
    try reader.finish()
    return reader.collector.result(.transfac)
  }

  private struct Reader {
    var collector: MotifCollector
    var tags: [String: String] = [:]
    var columns: [Int]?
    /// Whether the line of column names has more than the bases: then rows may have more numbers.
    var hasMoreColumns = false
    var values: [Double] = []
    var lines: [Int] = []
    /// The number that the next row must have; a matrix may start anywhere.
    var nextNumber: Int?
    /// Whether another line has followed the rows: numbered lines after it belong to no matrix.
    var isPastMatrix = false
    var startLine = 0

    init(file: String?) { collector = MotifCollector(file: file) }

    private init(collector: MotifCollector) { self.collector = collector }

    private func error(_ line: TextLine, _ reason: String) -> InputError {
      InputError(file: collector.file, line: line.number, reason)
    }

    mutating func read(_ line: TextLine) throws {
      if startLine == 0 { startLine = line.number }
      if line.starts(with: "//") { return try finish() }
      guard let tag = line.fields.first(where: { _ in true }) else { return }
      if tag.count <= 5, let number = NumberParsing.integer(tag) {
        return isPastMatrix ? () : try readRow(line, number)
      }
      isPastMatrix = isPastMatrix || !values.isEmpty
      if tag.count != 2, isPastMatrix { return }
      guard tag.count == 2 else { throw error(line, "'\(tag.string)' is no two-letter tag of TRANSFAC") }
      let name = tag.string
      if name == "PO" || name == "P0" {
        if isPastMatrix || columns != nil { throw error(line, "a second \(name) line") }
        guard let order = MatrixBlock.columnOrder(line, mayHaveMore: true) else {
          throw error(line, "\(name) does not name the columns A C G T")
        }
        columns = order
        hasMoreColumns = line.fields.reduce(0) { count, _ in count + 1 } > 5
      } else if name != "XX" {
        if isPastMatrix, name == "AC" || name == "ID" || name == "DE" { try finish() }
        if startLine == 0 { startLine = line.number }
        let text = line.text(
          from: Int(bitPattern: tag.baseAddress) - Int(bitPattern: line.bytes.baseAddress) + 2)
        tags[name] = tags[name].map { $0 + "\n" + text } ?? text
      }
    }

    private mutating func readRow(_ line: TextLine, _ number: Int) throws {
      if let nextNumber, number != nextNumber {
        throw error(line, "position \(number) where \(nextNumber) is expected")
      }
      nextNumber = number + 1
      let fields = Array(line.fields.dropFirst())
      let numbers = fields.prefix(6).prefix { NumberParsing.double($0) != nil }.count
      guard fields.count >= 4, numbers <= 4 || hasMoreColumns, hasMoreColumns || fields.count <= 5 else {
        throw error(
          line,
          "\(fields.count < 4 ? fields.count : numbers) numbers where one for each of A C G T is expected")
      }
      var row = [0.0, 0, 0, 0]
      for (index, base) in (columns ?? [0, 1, 2, 3]).enumerated() {
        guard let value = NumberParsing.double(fields[index]) else {
          throw error(line, "'\(fields[index].string)' is no number")
        }
        row[base] = value
      }
      values += row
      lines.append(line.number)
      try collector.checkWidth(lines.count, line: line.number)
    }

    mutating func finish() throws {
      let (tags, isMatrix) = (tags, columns != nil || !values.isEmpty)
      let (values, lines, startLine) = (values, lines, startLine)
      self = Reader(collector: collector)
      guard isMatrix else { return }
      let names = ["AC", "ID", "NA", "DE"].filter { tags[$0]?.isEmpty == false }
      // Where nothing but DE names the matrix, as in STAMP's files, the name and more stand between tabs.
      let words = names.first.map { first in
        (tags[first] ?? "").split(separator: first == "DE" ? "\t" : "\n", maxSplits: 1).map(String.init)
      }
      let second = words.flatMap { $0.count > 1 ? $0[1] : nil }
      try collector.add(
        words?.first ?? "matrix\(collector.count + 1)",
        name: names.count > 1 ? tags[names[1]] : names.first == "DE" ? second : nil, values: values,
        line: { $0 < lines.count ? lines[$0] : startLine }
      ) { motif in
        motif.attributes = tags
        for name in names.prefix(2) { motif.attributes[name] = nil }
      }
    }
  }

  static func text(_ file: MotifFile) -> String {
    var text = ""
    for motif in file.motifs {
      text += "AC  \(HeaderLine.line(motif.identifier))\nXX\n"
      if let name = motif.name { text += "ID  \(HeaderLine.line(name))\nXX\n" }
      for (tag, value) in motif.attributes.sorted(by: { $0.key < $1.key }) where tag.count == 2 {
        for line in value.split(separator: "\n", omittingEmptySubsequences: false) {
          text += "\(tag)  \(line)\n"
        }
        text += "XX\n"
      }
      text += "P0  A  C  G  T\n"
      let consensus = Array(motif.frequencies.consensus())
      for (index, row) in motif.countsOrFrequencies.enumerated() {
        let number = index < 9 ? "0\(index + 1)" : "\(index + 1)"
        text +=
          number + "  " + row.map(NumberParsing.text).joined(separator: "  ") + "  \(consensus[index])\n"
      }
      text += "XX\n//\n"
    }
    return text
  }
}
