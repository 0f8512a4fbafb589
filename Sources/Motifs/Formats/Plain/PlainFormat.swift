import Runtime
import Sequences

/// Numbers alone: a row A C G T for each position, or four rows of many positions; counts or frequencies.
///
/// Empty lines part matrices. A line of letters above the rows may say which column is which base, a word at
/// the start of a line may number the position, and a comment (`# name`) right above a matrix names it;
/// a matrix without one takes its name from the file.
enum PlainFormat {
  static func read(_ blocks: [MatrixBlock], file: String?) throws -> MotifFile {
    var collector = MotifCollector(file: file)
    let rowsArePositions = MatrixBlock.rowsArePositions(blocks)
    for (index, block) in blocks.enumerated() {
      var header = block.header ?? "#"
      if !header.hasPrefix("#") {
        // A line of words above rows names them; above column names it may be a key and the name.
        let isKey = block.columns != nil && header.contains(where: \.isWhitespace)
        guard !block.rows.isEmpty || isKey else {
          throw InputError(file: file, line: block.line, "'\(header.prefix(40))' is no row of numbers")
        }
        header = "#" + (isKey ? header.drop { !$0.isWhitespace } : header[...])
      }
      let words = header.dropFirst().split(maxSplits: 1, whereSeparator: \.isWhitespace)
      let fallback = blocks.count == 1 ? collector.stem : "\(collector.stem)\(index + 1)"
      try collector.add(
        words.first.map(String.init) ?? fallback, name: words.count > 1 ? String(words[1]) : nil,
        values: block.positionMajor(rowsArePositions: rowsArePositions, file: file)
      ) { position in
        rowsArePositions ? block.line(ofPosition: position) : block.line
      }
    }
    return collector.result(.plain)
  }

  static func text(_ file: MotifFile) -> String {
    file.motifs.map { motif in
      let name = motif.name.map { " " + HeaderLine.line($0) } ?? ""
      return "# \(HeaderLine.word(motif.identifier))\(name)\nA C G T\n"
        + motif.countsOrFrequencies.map { $0.map(NumberParsing.text).joined(separator: " ") + "\n" }.joined()
    }.joined(separator: "\n")
  }
}
