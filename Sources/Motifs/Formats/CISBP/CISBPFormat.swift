import Runtime
import Sequences

/// CIS-BP's tables of all matrices: lines of a key and a value between tabs (`TF Name`, `Motif`, `Species` …), a line
/// `Pos A C G T` (U in CISBP-RNA), and a numbered row for each position.
///
/// The identifier is the value of `Motif`, else of `TF`, `RBP` or `Gene`; the name is that of `TF Name` or `RBP Name`.
/// Keys and values are kept. Matrices of single files, which have no keys, are read as `plain`.
enum CISBPFormat {
  private static let keys: Set<String> = [
    "TF", "TF Name", "RBP", "RBP Name", "Gene", "Motif", "Family", "Species",
  ]

  /// True if a line of a known key comes first, and a line of column names below.
  static func recognizes(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    var hasKey = false
    for line in TextLines(bytes).prefix(50) where !line.isBlank && !line.isComment {
      if MatrixBlock.columnOrder(line) != nil { return hasKey }
      guard let (key, _) = entry(line), keys.contains(key) || hasKey else { return false }
      hasKey = true
    }
    return false
  }

  static func read(_ bytes: UnsafeBufferPointer<UInt8>, file: String?) throws -> MotifFile {
    var collector = MotifCollector(file: file)
    var entries: [String: String] = [:]
    var columns: [Int]?
    var values: [Double] = []
    var lines: [Int] = []
    func finish() throws {
      defer { (entries, columns, values, lines) = ([:], nil, [], []) }
      guard columns != nil else { return }
      let identifier = ["Motif", "TF", "RBP", "Gene"].lazy.compactMap { entries[$0] }.first { !$0.isEmpty }
      let kept = entries, positions = lines
      try collector.add(
        identifier ?? "matrix\(collector.count + 1)", name: entries["TF Name"] ?? entries["RBP Name"],
        values: values,
        line: { $0 < positions.count ? positions[$0] : 1 }
      ) { motif in
        for (key, value) in kept where value != identifier { motif.attributes[key] = value }
        motif.attributes["TF Name"] = nil
        motif.attributes["RBP Name"] = nil
      }
    }
    for line in TextLines(bytes) where !line.isBlank && !line.isComment {
      if let order = MatrixBlock.columnOrder(line) {
        if columns != nil { try finish() }
        columns = order
      } else if let order = columns, let number = line.fields.first(where: { _ in true }),
        NumberParsing.double(number) != nil
      {
        values += try row(line, order, file)
        lines.append(line.number)
        try collector.checkWidth(lines.count, line: line.number)
      } else if let (key, value) = entry(line) {
        if columns != nil { try finish() }
        entries[key] = value
      } else {
        throw InputError(
          file: file, line: line.number, "a key and a value between tabs are expected, or a row")
      }
    }
    try finish()
    return collector.result(.cisbp)
  }

  private static func row(_ line: TextLine, _ columns: [Int], _ file: String?) throws -> [Double] {
    let fields = Array(line.fields.dropFirst())
    guard fields.count == 4 else {
      throw InputError(
        file: file, line: line.number, "\(fields.count) numbers where one for each of A C G T is expected")
    }
    var row = [0.0, 0, 0, 0]
    for (field, base) in zip(fields, columns) {
      guard let value = NumberParsing.double(field) else {
        throw InputError(file: file, line: line.number, "'\(field.string)' is no number")
      }
      row[base] = value
    }
    return row
  }

  /// A key and its value, between tabs, or between blanks after a key that is known.
  private static func entry(_ line: TextLine) -> (key: String, value: String)? {
    let text = line.text()
    let parts = text.split(separator: "\t", maxSplits: 1, omittingEmptySubsequences: false).map {
      MotifCollector.cleaned(String($0))
    }
    if parts.count == 2, !parts[0].isEmpty { return (parts[0], parts[1]) }
    let words = text.split(maxSplits: 1, whereSeparator: \.isWhitespace).map(String.init)
    guard let key = words.first, keys.contains(key) else { return keys.contains(text) ? (text, "") : nil }
    return (key, words.count > 1 ? MotifCollector.cleaned(words[1]) : "")
  }

  static func text(_ file: MotifFile) -> String {
    file.motifs.map { motif in
      var text = motif.name.map { "TF Name\t\(HeaderLine.line($0))\n" } ?? ""
      for key in motif.attributes.keys.sorted() where keys.contains(key) && key != "Motif" {
        text += "\(key)\t\(HeaderLine.line(motif.attributes[key] ?? ""))\n"
      }
      text += "Motif\t\(HeaderLine.line(motif.identifier))\nPos\tA\tC\tG\tT\n"
      for (position, row) in motif.countsOrFrequencies.enumerated() {
        text += "\(position + 1)\t" + row.map(NumberParsing.text).joined(separator: "\t") + "\n"
      }
      return text
    }.joined(separator: "\n")
  }
}
