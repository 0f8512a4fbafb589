import Runtime
import Sequences

/// The `>identifier name` line of several formats.
enum HeaderLine {
  static func identifierAndName(_ block: MatrixBlock, file: String?) throws -> (String, String?) {
    guard let header = block.header, header.hasPrefix(">") else {
      throw InputError(file: file, line: block.line, "rows without a '>' line above them")
    }
    let words = header.dropFirst().split(maxSplits: 1, whereSeparator: \.isWhitespace)
    guard let identifier = words.first else {
      throw InputError(file: file, line: block.line, "'>' without a name")
    }
    return (String(identifier), words.count > 1 ? String(words[1]) : nil)
  }

  static func text(_ motif: Motif) -> String {
    ">" + ([word(motif.identifier)] + (motif.name.map { [line($0)] } ?? [])).joined(separator: "\t")
  }

  /// One word: white space becomes underscores.
  static func word(_ text: String) -> String {
    text.isEmpty ? "unnamed" : String(text.map { $0.isWhitespace ? "_" : $0 })
  }

  /// One line: white space becomes blanks, none at the ends.
  static func line(_ text: String) -> String {
    text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
  }
}
