import Runtime
import Sequences

/// UniPROBE: a line that names the protein, then four rows of frequencies that start with `A:` `C:` `G:` `T:`.
///
/// The identifier is the line's first word that is no tag such as `Protein:`; a line of more words is kept
/// under `uniprobe`.
enum UniPROBEFormat {
  static func read(_ blocks: [MatrixBlock], file: String?) throws -> MotifFile {
    let motifs = try blocks.enumerated().map { index, block in
      guard block.isLabelled || block.rows.isEmpty else {
        throw InputError(file: file, line: block.rows[0].line, "rows are expected to start with A: C: G: T:")
      }
      let header = block.header.map { $0.hasPrefix("#") ? String($0.dropFirst()) : $0 } ?? ""
      let words = header.split(whereSeparator: \.isWhitespace)
      let identifier = words.first { !$0.hasSuffix(":") } ?? "matrix\(index + 1)"
      var motif = try Motif(
        identifier: String(identifier), name: nil,
        countsOrFrequencies: block.positionMajor(rowsArePositions: false, file: file), file: file
      ) { _ in block.line }
      if words.count > 1 { motif.attributes["uniprobe"] = header }
      return motif
    }
    return MotifFile(format: .uniprobe, motifs: motifs)
  }

  static func text(_ file: MotifFile) -> String {
    file.motifs.map { motif in
      let rows = motif.countsOrFrequencies
      let lines = (0..<4).map { base in
        "\(Nucleotide.letters[base]):\t" + rows.map { NumberParsing.text($0[base]) }.joined(separator: "\t")
      }
      let header = motif.attributes["uniprobe"] ?? HeaderLine.word(motif.identifier)
      return ([header] + lines).joined(separator: "\n") + "\n"
    }.joined(separator: "\n")
  }
}
