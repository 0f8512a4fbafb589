import Foundation
import Runtime
import Sequences

/// HOCOMOCO: a `>name` line and a row A C G T for each position, of counts (pcm), of frequencies, or of
/// natural-log odds (pwm).
///
/// The collection's weights follow MACRO-APE: w = ln((c + a·b) / ((n + a)·b)) with a = ln n and b = ¼
/// (Kulakovskiy et al. 2018), so that ¼ Σ eʷ = 1 and the smoothed frequencies are ¼ eʷ. The weights themselves
/// stay in `scores`, on which the published thresholds stand.
enum HOCOMOCOFormat {
  static func read(_ blocks: [MatrixBlock], file: String?) throws -> MotifFile {
    let weights = blocks.contains { $0.rows.contains { $0.values.contains { $0 < 0 } } }
    var collector = MotifCollector(file: file)
    for block in blocks {
      let (identifier, name) = try HeaderLine.identifierAndName(block, file: file)
      let values = try block.positionMajor(rowsArePositions: true, file: file)
      guard weights else {
        try collector.add(identifier, name: name, values: values, line: block.line(ofPosition:))
        continue
      }
      guard !values.isEmpty else {
        collector.skip(identifier)
        continue
      }
      let scores = ScoreMatrix(unchecked: values)
      let frequencies = try frequencies(of: scores, block: block, file: file)
      collector.add(Motif(identifier: identifier, name: name, frequencies: frequencies, scores: scores))
    }
    return collector.result(weights ? .hocomocoPWM : .hocomocoPCM)
  }

  /// How far from one ¼ Σ eʷ may be.
  private static let tolerance = 0.01

  /// ¼ eʷ, or ¼ 2ʷ where that sums to one instead.
  private static func frequencies(
    of scores: ScoreMatrix, block: MatrixBlock, file: String?
  ) throws -> FrequencyMatrix {
    for odds in [exp, exp2] as [(Double) -> Double] {
      let rows = scores.rows.map { row in row.map { 0.25 * odds($0) } }
      let sums = rows.map { $0.reduce(0, +) }
      if sums.allSatisfy({ abs($0 - 1) <= tolerance }) {
        return FrequencyMatrix(rows: zip(rows, sums).map { row, sum in row.map { $0 / sum } })
      }
    }
    throw InputError(
      file: file, line: block.line,
      "negative numbers, but no log-odds against a uniform background, natural or in bits")
  }

  static func countsText(_ file: MotifFile) -> String {
    file.motifs.map { text($0, rows: $0.countsOrFrequencies) }.joined()
  }

  /// The scores where they are known, else the collection's weights of the counts, or of frequencies times
  /// sites (100 where neither is known).
  static func weightsText(_ file: MotifFile) -> String {
    file.motifs.map { motif in
      if let scores = motif.scores { return text(motif, rows: scores.rows) }
      let sites = motif.sites ?? 100
      let counts = motif.counts?.rows ?? motif.frequencies.rows.map { $0.map { $0 * sites } }
      let rows = counts.map { row in
        let total = row.reduce(0, +)
        let pseudocount = log(max(total, 2))
        return row.map { log(($0 + 0.25 * pseudocount) / (0.25 * (total + pseudocount))) }
      }
      return text(motif, rows: rows)
    }.joined()
  }

  private static func text(_ motif: Motif, rows: [[Double]]) -> String {
    HeaderLine.text(motif) + "\n"
      + rows.map { $0.map(NumberParsing.text).joined(separator: "\t") + "\n" }.joined()
  }
}
