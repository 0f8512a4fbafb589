import Runtime

/// The parser for what `lines` begin with; a table's header is consumed.
///
/// - Throws: `InputError` if the input is empty, is not text, or is in none of the formats.
func recordParser(
  for lines: LineReader, keepNames: Bool, labels: LabelReading = .yesOrNo, targets: TargetColumns? = nil
) throws -> any RecordParser {
  while let byte = try lines.peek(), byte == 10 || byte == 13 { _ = try lines.next() }
  guard let first = try lines.peek() else { throw InputError(file: lines.file, "is empty") }
  if first == UInt8(ascii: ">") {
    if let targets {
      throw InputError(
        file: lines.file, "is FASTA, which has no columns; expected a table with \(targets.description)")
    }
    return FASTAParser(keepNames: keepNames, opening: lines.opening)
  }
  let opening = lines.opening
  let here = lines.line + 1
  if let kind = FileKind.name(of: opening) {
    throw InputError(
      file: lines.file, line: here,
      "looks like \(kind); expected sequences: FASTA, CSV or TSV, plain or gzipped")
  }
  // Further down they may stand in somebody's names.
  let firstLine = opening.prefix { $0 != 10 && $0 != 13 }
  if opening.contains(0) || firstLine.contains(where: { $0 < 32 && $0 != 9 }) {
    throw InputError(
      file: lines.file, line: here, "is not text; expected FASTA, CSV or TSV, plain or gzipped")
  }
  if GenomicInput.recognizes(opening) {
    return try IntervalParser(lines: lines, keepNames: keepNames, targets: targets)
  }
  if firstLine.allSatisfy({ Nucleotide.code(ofASCII: $0) != Nucleotide.invalid }) {
    throw InputError(
      file: lines.file, line: here, "a sequence without a header; FASTA starts with a line like >name")
  }
  guard let header = try lines.next() else { throw InputError(file: lines.file, "is empty") }
  let separator =
    [9, UInt8(ascii: ","), UInt8(ascii: ";")].first { header.contains($0) } ?? UInt8(ascii: ",")
  return try TableParser(
    header: header, separator: separator, keepNames: keepNames, labels: labels, targets: targets, lines: lines
  )
}

extension UInt8 {
  /// A byte of the input for an error message.
  var shown: String {
    (33...126).contains(self) ? "letter \"\(Character(UnicodeScalar(self)))\"" : "byte \(self)"
  }
}

/// Appends the codes of `letters` to `codes`.
///
/// - Parameters:
///   - column: 1-based column of the first letter in its line.
///   - blanks: whether spaces and tabs are passed over.
/// - Throws: `InputError` naming the letter and its column.
func append(
  _ letters: UnsafeRawBufferPointer, to codes: inout [UInt8], column: Int, blanks: Bool, in lines: LineReader
) throws {
  let base = codes.count
  codes.append(contentsOf: letters)
  let areNucleotides = codes.withUnsafeMutableBufferPointer {
    Nucleotide.encode(UnsafeMutableBufferPointer(rebasing: $0[base...]))
  }
  if areNucleotides { return }
  codes.removeLast(letters.count)
  for (offset, letter) in letters.enumerated() {
    let code = Nucleotide.code(ofASCII: letter)
    if code != Nucleotide.invalid {
      codes.append(code)
    } else if !blanks || (letter != 32 && letter != 9) {
      throw InputError(
        file: lines.file, line: lines.line,
        "\(letter.shown) at column \(column + offset) is no nucleotide (A C G T, or N and the other IUPAC letters)"
      )
    }
  }
}
