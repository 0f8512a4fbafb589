import Foundation
import Runtime
import Sequences

/// HOMER: `>consensus`, name, log-odds threshold, log p-value and more between tabs, then a row of four
/// frequencies for each position.
///
/// The threshold (natural-log odds against a uniform background) becomes the motif's threshold; the fields
/// after it are kept as they are under `homer`.
enum HOMERFormat {
  /// True if the header has a number as its third field, as only HOMER writes it.
  static func recognises(_ header: String) -> Bool {
    let fields = header.split(separator: "\t", omittingEmptySubsequences: false)
    return fields.count >= 3 && Double(fields[2].trimmingCharacters(in: .whitespaces)) != nil
  }

  static func read(_ blocks: [MatrixBlock], file: String?) throws -> MotifFile {
    MotifFile(format: .homer, motifs: try blocks.map { try motif($0, file: file) })
  }

  private static func motif(_ block: MatrixBlock, file: String?) throws -> Motif {
    guard let header = block.header, header.hasPrefix(">") else {
      throw InputError(file: file, line: block.line, "rows without a '>' line above them")
    }
    let fields = header.dropFirst().split(separator: "\t", omittingEmptySubsequences: false).map {
      $0.trimmingCharacters(in: .whitespaces)
    }
    guard fields.count >= 3, let threshold = Double(fields[2]), threshold.isFinite else {
      throw InputError(
        file: file, line: block.line, "a HOMER header needs consensus, name and threshold between tabs")
    }
    let values = try block.positionMajor(rowsArePositions: true, file: file)
    var motif = try Motif(
      identifier: fields[1].isEmpty ? fields[0] : fields[1], name: fields[1].isEmpty ? nil : fields[0],
      countsOrFrequencies: values, file: file, line: block.line(ofPosition:))
    guard motif.counts == nil else {
      throw InputError(file: file, line: block.line, "HOMER motifs hold frequencies, and these are counts")
    }
    guard !motif.identifier.isEmpty else {
      throw InputError(file: file, line: block.line, "a HOMER header without consensus and name")
    }
    motif.thresholds = [ScoreThreshold(score: threshold)]
    if fields.count > 3 { motif.attributes["homer"] = fields[3...].joined(separator: "\t") }
    return motif
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
