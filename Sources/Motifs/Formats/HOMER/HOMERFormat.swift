import Foundation
import Runtime
import Sequences

/// HOMER: `>consensus`, name, log-odds threshold, log p-value and more between tabs, then a row of four frequencies (in
/// its own collections counts, here and there) for each position.
///
/// The threshold (natural-log odds against a uniform background) becomes the motif's threshold; the fields
/// after it are kept as they are under `homer`.
enum HOMERFormat {
  /// True if the header has a number as its third field, as only HOMER writes it.
  static func recognizes(_ block: MatrixBlock) -> Bool { fields(block) != nil }

  static func read(_ blocks: [MatrixBlock], file: String?) throws -> MotifFile {
    var collector = MotifCollector(file: file)
    for block in blocks {
      let (consensus, name, threshold, rest) = fields(block) ?? withoutThreshold(block)
      guard !consensus.isEmpty || !name.isEmpty else {
        throw InputError(file: file, line: block.line, "a HOMER header without consensus and name")
      }
      let values = try block.positionMajor(rowsArePositions: true, file: file)
      try collector.add(
        name.isEmpty ? consensus : name, name: name.isEmpty ? nil : consensus, values: values,
        line: block.line(ofPosition:)
      ) { motif in
        motif.thresholds = threshold.map { [ScoreThreshold(score: $0)] } ?? []
        if !rest.isEmpty { motif.attributes["homer"] = rest.joined(separator: "\t") }
      }
    }
    return collector.result(.homer)
  }

  private typealias Fields = (consensus: String, name: String, threshold: Double?, rest: [String])

  /// Some collections leave the threshold out here and there.
  private static func withoutThreshold(_ block: MatrixBlock) -> Fields {
    let words = (block.header ?? "").dropFirst().split(separator: "\t").map(String.init)
    return (words.first ?? "", words.count > 1 ? words[1] : "", nil, [])
  }

  /// Consensus, name, threshold and more, between tabs, or between blanks where the first word is a consensus as long
  /// as the matrix.
  private static func fields(_ block: MatrixBlock) -> Fields? {
    guard let header = block.header, header.hasPrefix(">") else { return nil }
    func number(_ text: String) -> Double? {
      text.utf8.withContiguousStorageIfAvailable { NumberParsing.double($0) } ?? nil
    }
    let tabbed = header.dropFirst().split(separator: "\t", omittingEmptySubsequences: false).map {
      $0.trimmingCharacters(in: .whitespaces)
    }
    if tabbed.count >= 3, let threshold = number(tabbed[2]) {
      return (tabbed[0], tabbed[1], threshold, Array(tabbed[3...]))
    }
    let words = header.dropFirst().split(whereSeparator: \.isWhitespace).map(String.init)
    guard words.count >= 3, let threshold = number(words[2]), words[0].count == block.rows.count,
      Nucleotide.codes(words[0]) != nil
    else { return nil }
    return (words[0], words[1], threshold, Array(words[3...]))
  }

  static func text(_ file: MotifFile) -> String {
    var text = ""
    for motif in file.motifs {
      let threshold = motif.thresholds.first?.score ?? defaultThreshold(motif.frequencies)
      let rest = motif.attributes["homer"].map { "\t" + $0 } ?? ""
      let name = HeaderLine.line(motif.name ?? motif.frequencies.consensus())
      text += ">\(name)\t\(HeaderLine.line(motif.identifier))\t\(NumberParsing.text(threshold))\(rest)\n"
      for row in motif.frequencies.rows { text += row.map(NumberParsing.text).joined(separator: "\t") + "\n" }
    }
    return text
  }

  /// Where nobody published a threshold: 0.8 of the largest natural-log odds against a uniform background,
  /// frequencies no smaller than HOMER's 0.001.
  private static func defaultThreshold(_ frequencies: FrequencyMatrix) -> Double {
    0.8 * frequencies.rows.reduce(0) { $0 + log(max($1.max() ?? 0, 0.001) / 0.25) }
  }
}
