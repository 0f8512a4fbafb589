import Foundation
import Motifs
import Runtime
import Sequences
import Statistics
import TestSupport
import Testing

@Suite("Hits as text") struct ScanOutputTests {
  /// TATA with one weight a base: every position 2 bits for the right base, −2 for others.
  static let tata = ScanMotif(
    identifier: "tata", name: "TBP",
    weights: WeightMatrix(
      rows: [3, 0, 3, 0].map { right in (0..<4).map { $0 == right ? 2 : -2 } }), threshold: .score(4))

  /// The text that a scan of `fasta` writes.
  static func text(
    _ motifs: [ScanMotif], _ fasta: String, _ format: HitFormat, qValues: Bool = true,
    spoolLimit: Int = 1 << 20
  ) throws -> String {
    try withTemporaryDirectory { folder in
      try AtomicFile.write(fasta, to: folder + "/in.fa")
      let scanner = MotifScanner(motifs)
      var bytes: [UInt8] = []
      let writer = HitWriter(scanner, format: format, qValues: qValues, spoolLimit: spoolLimit) {
        bytes += $0
      }
      let summary = try scanner.scan(SequenceReader(path: folder + "/in.fa")) {
        try writer.add($0, sequence: $1, window: $2)
      }
      try writer.finish(summary)
      return String(decoding: bytes, as: UTF8.self)
    }
  }

  // 9 windows on each strand. Score 8: one word of 256; score 4 or more: 1 + 4·3 words.
  // q = p · 18 / rank: 1/256 · 18 / 2 and 13/256 · 18 / 4.
  static let fasta = ">first one\nccTATAgg\n>second\nNNTATCCCC\n"

  @Test("TSV has FIMO's columns") func tsv() throws {
    let expected = """
      motif_id\tmotif_alt_id\tsequence_name\tstart\tstop\tstrand\tscore\tp-value\tq-value\tmatched_sequence
      tata\tTBP\tfirst\t3\t6\t+\t8\t0.00390625\t0.0351562\tTATA
      tata\tTBP\tfirst\t3\t6\t-\t8\t0.00390625\t0.0351562\tTATA
      tata\tTBP\tsecond\t3\t6\t+\t4\t0.0507812\t0.228516\tTATC
      tata\tTBP\tsecond\t3\t6\t-\t4\t0.0507812\t0.228516\tGATA

      """
    #expect(try Self.text([Self.tata], Self.fasta, .tsv) == expected)
    #expect(
      try Self.text([Self.tata], Self.fasta, .tsv, qValues: false)
        == expected.replacing("0.0351562", with: "").replacing("0.228516", with: ""))
  }

  @Test("BED counts from 0") func bed() throws {
    #expect(
      try Self.text([Self.tata], Self.fasta, .bed) == """
        first\t2\t6\ttata\t24\t+
        first\t2\t6\ttata\t24\t-
        second\t2\t6\ttata\t13\t+
        second\t2\t6\ttata\t13\t-

        """)
  }

  @Test("JSON is one object") func json() throws {
    let odd = ScanMotif(
      identifier: "a \"quoted\"\tone", weights: ScanCases.weights(width: 3, seed: 1), threshold: .pValue(1e-9)
    )
    let text = try Self.text([Self.tata, odd], Self.fasta, .json)
    let object = try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    let hits = try #require(object["hits"] as? [[String: Any]])
    #expect(hits.map { $0["q-value"] as? Double } == [0.0351562, 0.0351562, 0.228516, 0.228516])
    #expect(hits.map { $0["matched_sequence"] as? String } == ["TATA", "TATA", "TATC", "GATA"])
    let motifs = try #require(object["motifs"] as? [[String: Any]])
    #expect(motifs.map { $0["motif_id"] as? String } == ["tata", "a \"quoted\"\tone"])
    #expect(motifs[0]["score_cut"] as? Double == 4 && motifs[1]["score_cut"] is NSNull)
    #expect(object["windows"] as? [Int] == [18, 22] && object["bases"] as? Int == 17)
  }

  @Test("hits that do not fit in memory come out the same", arguments: [1, 100, 5000])
  func spool(limit: Int) throws {
    let fasta = ">a\n\(Nucleotide.string(ScanCases.codes(20_000, seed: 3)))\n"
    let motif = ScanMotif(.foxo1, threshold: .pValue(0.05))
    let all = try Self.text([motif], fasta, .tsv)
    #expect(all.count > 100_000)
    #expect(try Self.text([motif], fasta, .tsv, spoolLimit: limit) == all)
  }

  @Test("Benjamini–Hochberg by its definition") func falseDiscovery() {
    var random = CounterRandom(seed: 1, purpose: .sampling)
    let pValues = (0..<200).map { _ in Double(random.below(40)) / 400 }
    let tests = 1000
    let qValues = FalseDiscovery.benjaminiHochberg(pValues, tests: tests)
    for (p, q) in zip(pValues, qValues) {
      let rates = pValues.filter { $0 >= p }.map { cut in
        cut * Double(tests) / Double(pValues.count { $0 <= cut })
      }
      #expect(abs(q - min(1, rates.min()!)) < 1e-12)
    }
  }
}
