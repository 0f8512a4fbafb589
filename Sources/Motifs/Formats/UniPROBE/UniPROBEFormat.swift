import Runtime
import Sequences

/// UniPROBE: a line that names the protein, then four rows of frequencies that start with `A:` `C:` `G:` `T:`.
///
/// The identifier is the line's first word that is no tag such as `Protein:`; a line of more words is kept
/// under `uniprobe`. The full page of a protein has scores, energies and more in rows of the same look: there the
/// matrix is what follows the line `Probability matrix`.
enum UniPROBEFormat {
  static func read(_ blocks: [MatrixBlock], file: String?) throws -> MotifFile {
    var collector = MotifCollector(file: file)
    let isPage = blocks.contains { isMatrixTitle($0.header ?? "") }
    var protein: String?
    for (index, block) in blocks.enumerated() {
      let header = block.header.map { $0.hasPrefix("#") ? String($0.dropFirst()) : $0 } ?? ""
      let namesProtein = header.drop { $0.isWhitespace }.lowercased().hasPrefix("protein:")
      if namesProtein { protein = header }
      if isPage, !isMatrixTitle(header) { continue }
      // Without rows, only what names a protein is a motif; other lines are text.
      if block.rows.isEmpty, !namesProtein, !isPage { continue }
      guard block.isLabelled else {
        throw InputError(
          file: file, line: block.rows.first { $0.base == nil }?.line ?? block.line,
          "rows are expected to start with A: C: G: T:")
      }
      let title = isPage ? protein ?? "" : header
      let words = title.split(whereSeparator: \.isWhitespace)
      let isOnly =
        blocks.count { !$0.rows.isEmpty } == 1
        || (isPage && blocks.count { isMatrixTitle($0.header ?? "") } == 1)
      try collector.add(
        words.first { !$0.hasSuffix(":") }.map(String.init)
          ?? (isOnly ? collector.stem : "\(collector.stem)\(index + 1)"),
        values: block.positionMajor(rowsArePositions: false, file: file), line: { _ in block.line }
      ) { motif in
        if words.count > 1 { motif.attributes["uniprobe"] = title }
      }
    }
    return collector.result(.uniprobe)
  }

  private static func isMatrixTitle(_ header: String) -> Bool {
    header.lowercased().hasPrefix("probability matrix")
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
