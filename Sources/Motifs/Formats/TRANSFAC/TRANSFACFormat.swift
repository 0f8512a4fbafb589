import Runtime
import Sequences

/// TRANSFAC: lines that start with a two-letter tag, `P0` with the bases (A C G T where it is missing), a numbered row for each position,
/// `//` at the end of each matrix.
///
/// The identifier is the accession (`AC`) where there is one, else `ID`, `NA` or `DE`; the name is the next of
/// these. Other tags are kept in `attributes` under their letters, several lines of one tag parted by line ends.
enum TRANSFACFormat {
  private static let tags: Set<String> = [
    "AC", "ID", "NA", "DE", "DT", "CO", "VV", "XX", "PO", "P0", "BF", "BA", "BS", "CC", "SY", "TY", "OS",
    "OC", "//",
    "HC", "RN", "RX", "RA", "RT", "RL", "DR", "DS",
  ]

  static func recognises(_ line: TextLine) -> Bool {
    line.fields.first { _ in true }.map { tags.contains($0.string) } ?? false
  }

  static func read(_ bytes: UnsafeBufferPointer<UInt8>, file: String?) throws -> MotifFile {
    var reader = Reader(file: file)
    for line in TextLines(bytes) where !line.isBlank { try reader.read(line) }
    try reader.finish()
    return MotifFile(format: .transfac, motifs: reader.motifs)
  }

  private struct Reader {
    let file: String?
    var motifs: [Motif] = []
    var tags: [String: String] = [:]
    var columns: [Int]?
    var values: [Double] = []
    var lines: [Int] = []
    var startLine = 0

    init(file: String?) { self.file = file }

    mutating func read(_ line: TextLine) throws {
      if startLine == 0 { startLine = line.number }
      if line.starts(with: "//") { return try finish() }
      guard let tag = line.fields.first(where: { _ in true }) else { return }
      if tag.count <= 4, NumberParsing.integer(tag) != nil {
        return try readRow(line)
      }
      guard tag.count == 2 else {
        throw InputError(file: file, line: line.number, "'\(tag.string)' is no two-letter tag of TRANSFAC")
      }
      let name = tag.string
      if name == "PO" || name == "P0" {
        guard columns == nil else { throw InputError(file: file, line: line.number, "a second \(name) line") }
        guard let order = MatrixBlock.columnOrder(line) else {
          throw InputError(file: file, line: line.number, "\(name) does not name the columns A C G T")
        }
        columns = order
      } else if name != "XX" {
        if !values.isEmpty, name == "AC" || name == "ID" || name == "DE" { try finish() }
        let text = line.text(
          from: Int(bitPattern: tag.baseAddress) - Int(bitPattern: line.bytes.baseAddress) + 2)
        tags[name] = tags[name].map { $0 + "\n" + text } ?? text
      }
    }

    private mutating func readRow(_ line: TextLine) throws {
      let fields = Array(line.fields.dropFirst())
      guard fields.count == 4 || fields.count == 5 else {
        throw InputError(
          file: file, line: line.number, "\(fields.count) numbers where one for each of A C G T is expected")
      }
      var row = [0.0, 0, 0, 0]
      for (index, base) in (columns ?? [0, 1, 2, 3]).enumerated() {
        guard let value = NumberParsing.double(fields[index]) else {
          throw InputError(file: file, line: line.number, "'\(fields[index].string)' is no number")
        }
        row[base] = value
      }
      values += row
      lines.append(line.number)
    }

    mutating func finish() throws {
      defer { (tags, columns, values, lines, startLine) = ([:], nil, [], [], 0) }
      if columns == nil, values.isEmpty { return }
      guard !values.isEmpty else {
        throw InputError(file: file, line: startLine, "a matrix with no rows after P0")
      }
      let names = ["AC", "ID", "NA", "DE"].filter { tags[$0]?.isEmpty == false }
      let positions = lines
      var motif = try Motif(
        identifier: names.first.flatMap { tags[$0] } ?? "matrix\(motifs.count + 1)",
        name: names.count > 1 ? tags[names[1]] : nil, countsOrFrequencies: values, file: file
      ) { positions[$0] }
      for name in names.prefix(2) { tags[name] = nil }
      motif.attributes = tags
      motifs.append(motif)
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
