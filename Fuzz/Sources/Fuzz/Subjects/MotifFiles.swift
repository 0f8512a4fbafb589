import MotifKit
import Runtime

extension Subject {
  /// Every motif format; what is accepted is written in every format.
  static let motifFiles = MotifFormat.allCases.map { format in
    Subject("motifs-\(format.rawValue)", seeds: { seeds(format) }, isOfWholeFile: saysWhatIsMissing) { path in
      let file = try MotifFile.read(path: path)
      for other in MotifFormat.allCases { _ = MotifFile(format: other, motifs: file.motifs).text }
    }
  }

  private static func saysWhatIsMissing(_ reason: String) -> Bool {
    ["is empty", "holds no motif", "has no line"].contains { reason.hasPrefix($0) }
  }

  private static func seeds(_ format: MotifFormat) -> [[UInt8]] {
    var random = CounterRandom(seed: 0, purpose: .simulation)
    return (0..<8).map { number in
      let motifs = (0..<number % 4 + 1).map { motif($0, using: &random) }
      return Array(MotifFile(format: format, motifs: motifs).text.utf8)
    }
  }

  private static func motif(_ index: Int, using random: inout CounterRandom) -> Motif {
    let rows = (0..<random.below(20) + 1).map { _ in (0..<4).map { _ in Double(random.below(200)) + 1 } }
    let counts = CountMatrix(rows: rows)
    return Motif(
      identifier: "motif\(index)", name: "name\(index)", frequencies: counts.frequencies(), counts: counts,
      sites: rows[0].reduce(0, +), thresholds: [ScoreThreshold(score: 5)])
  }
}
