import Sequences

/// JASPAR: a `>identifier name` line and four rows, A C G T, one number a position; with letters and brackets
/// (`A  [ 3 0 12 ]`) or bare.
enum JASPARFormat {
  static func read(_ blocks: [MatrixBlock], file: String?) throws -> MotifFile {
    var collector = MotifCollector(file: file)
    for block in blocks {
      let (identifier, name) = try HeaderLine.identifierAndName(block, file: file)
      let values = try block.positionMajor(rowsArePositions: false, file: file)
      try collector.add(identifier, name: name, values: values, line: { _ in block.line })
    }
    return collector.result(blocks.contains { $0.isLabelled && !$0.rows.isEmpty } ? .jaspar : .jasparRaw)
  }

  /// - Parameter labeled: with letters and brackets, or bare rows.
  static func text(_ file: MotifFile, labelled: Bool) -> String {
    var text = ""
    for motif in file.motifs {
      text += HeaderLine.text(motif) + "\n"
      let rows = motif.countsOrFrequencies
      for base in 0..<4 {
        let numbers = rows.map { NumberParsing.text($0[base]) }.joined(separator: " ")
        text += labelled ? "\(Nucleotide.letters[base])  [ \(numbers) ]\n" : numbers + "\n"
      }
    }
    return text
  }
}
