import Sequences

/// The motif file of ENCODE (Kheradpour & Kellis 2014, Nucleic Acids Research 42, 2976–2987): a `>identifier source`
/// line, then for each position its consensus letter and four frequencies.
enum ENCODEFormat {
  static func read(_ blocks: [MatrixBlock], file: String?) throws -> MotifFile {
    var collector = MotifCollector(file: file)
    for block in blocks {
      let (identifier, name) = try HeaderLine.identifierAndName(block, file: file)
      try collector.add(
        identifier, name: name,
        values: block.positionMajor(rowsArePositions: true, ignoringLetters: true, file: file)
      ) { position in position < block.rows.count ? block.rows[position].line : block.line }
    }
    return collector.result(.encode)
  }

  static func text(_ file: MotifFile) -> String {
    file.motifs.map { motif in
      let rows = zip(motif.frequencies.consensus(), motif.countsOrFrequencies).map { letter, row in
        "\(letter) " + row.map(NumberParsing.text).joined(separator: " ") + "\n"
      }
      return HeaderLine.text(motif) + "\n" + rows.joined()
    }.joined()
  }
}
