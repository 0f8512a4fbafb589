import Foundation
import Runtime
import Sequences

/// Numbers alone: a row A C G T for each position, or four rows of many positions; counts or frequencies.
///
/// Empty lines part matrices. A line of letters above the rows may say which column is which base, a word at
/// the start of a line may number the position, and a comment (`# name`) right above a matrix names it;
/// a matrix without one takes its name from the file.
enum PlainFormat {
  static func read(_ blocks: [MatrixBlock], file: String?) throws -> MotifFile {
    let stem = file.map { (($0 as NSString).lastPathComponent as NSString).deletingPathExtension } ?? "matrix"
    let rowsArePositions = MatrixBlock.rowsArePositions(blocks)
    let motifs = try blocks.enumerated().map { index, block in
      if let header = block.header, !header.hasPrefix("#") {
        throw InputError(file: file, line: block.line, "'\(header.prefix(40))' is no row of numbers")
      }
      let words = (block.header ?? "#").dropFirst().split(maxSplits: 1, whereSeparator: \.isWhitespace)
      let fallback = blocks.count == 1 ? stem : "\(stem)\(index + 1)"
      return try Motif(
        identifier: words.first.map(String.init) ?? fallback,
        name: words.count > 1 ? words[1].trimmingCharacters(in: .whitespaces) : nil,
        countsOrFrequencies: block.positionMajor(rowsArePositions: rowsArePositions, file: file), file: file
      ) { position in
        rowsArePositions ? block.line(ofPosition: position) : block.line
      }
    }
    return MotifFile(format: .plain, motifs: motifs)
  }

  static func text(_ file: MotifFile) -> String {
    file.motifs.map { motif in
      let name = motif.name.map { " " + HeaderLine.line($0) } ?? ""
      return "# \(HeaderLine.word(motif.identifier))\(name)\nA C G T\n"
        + motif.countsOrFrequencies.map { $0.map(NumberParsing.text).joined(separator: " ") + "\n" }.joined()
    }.joined(separator: "\n")
  }
}
