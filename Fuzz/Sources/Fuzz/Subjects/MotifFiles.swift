import MotifKit
import Runtime

extension Subject {
  /// Every motif format; what is accepted is written in every format.
  static let motifFiles =
    MotifFormat.allCases.map { format in
      Subject(
        "motifs-\(format.rawValue)", seeds: { seeds(format) }, isOfWholeFile: saysWhatIsMissing, take: take)
    } + [
      Subject(
        "motifs-xml", seeds: { xml.map { Array($0.utf8) } }, isOfWholeFile: saysWhatIsMissing, take: take)
    ]

  private static func take(_ path: String) throws {
    let file = try MotifFile.read(path: path)
    for other in MotifFormat.allCases { _ = MotifFile(format: other, motifs: file.motifs).text }
  }

  /// As MEME, DREME and STREME lay them out.
  private static let xml = [
    """
    <?xml version='1.0'?>
    <!DOCTYPE MEME[<!ELEMENT MEME (motifs?)> <!-- isn't > over --> <!ATTLIST a b (c) 'd>'>]>
    <MEME version="5"><alphabet name="DNA"><letter id="x1" symbol="A" complement="T"/></alphabet><strands>both</strands>
    <motifs><motif id="motif_1" name="N&lt;G" alt="MEME-1" sites="7" e_value="1e-3"><probabilities><alphabet_matrix>
    <alphabet_array><value letter_id="x1">0.5</value><value letter_id="C">0.25</value><value letter_id="G">0.125</value>
    <value letter_id="T">0.125</value></alphabet_array></alphabet_matrix></probabilities></motif></motifs></MEME>
    """,
    """
    <dreme version="5"><model><background A="0.3" C="0.2" G="0.2" T="0.3"/></model><motifs>
    <motif id="m01" alt="DREME-1" seq="NG" length="2" nsites="7" evalue="1e-3"><pos A="0.5" C="0.25" G="0.125" T="0.125"/>
    <pos i="2" A="0" C="0" G="1" T="0"/><match seq="AG"/></motif></motifs></dreme>
    """,
    """
    <STREME version="5"><model><strands>forward</strands><background_frequencies><alphabet_array>
    <value letter_id="A">0.3</value><value letter_id="C">0.2</value><value letter_id="G">0.2</value>
    <value letter_id="T">0.3</value></alphabet_array></background_frequencies></model><motifs>
    <motif id="1-NG" alt="STREME-1" width="2" nsites="7" test_evalue="1e-3"><pos A="0.5" C="0.25" G="0.125" U="0.125"/>
    <pos A="0" C="0" G="1" T="0"/></motif></motifs></STREME>
    """,
  ]

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
