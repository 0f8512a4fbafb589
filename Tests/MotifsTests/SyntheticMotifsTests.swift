import Motifs
import Sequences
import Testing

@Suite struct SyntheticMotifsTests {
  @Test func seedsAndPrefixes() {
    let motifs = SyntheticMotifs.collection(seed: 4)
    #expect(motifs.count == 400)
    #expect(motifs == SyntheticMotifs.collection(seed: 4))
    #expect(Array(motifs[..<50]) == SyntheticMotifs.collection(seed: 4, count: 50))
    #expect(motifs != SyntheticMotifs.collection(seed: 5))
    #expect(motifs.allSatisfy { (7...20).contains($0.width) })
    #expect(
      motifs.allSatisfy { motif in
        motif.frequencies.rows.allSatisfy { abs($0.reduce(0, +) - 1) < 1e-12 && $0.allSatisfy { $0 >= 0 } }
      })
  }

  @Test("as informative as the databases it stands for: 1.25 bits in the core, 0.74 at the ends")
  func information() {
    let motifs = SyntheticMotifs.collection(seed: 0, count: 1000)
    var core: [Double] = []
    var ends: [Double] = []
    for motif in motifs {
      for (position, bits) in motif.frequencies.informationContent.enumerated() {
        let outward = abs((Double(position) + 0.5) / Double(motif.width) - 0.5) * 2
        if outward < 0.4 { core.append(bits) } else if outward >= 0.8 { ends.append(bits) }
      }
    }
    #expect(abs(core.reduce(0, +) / Double(core.count) - 1.27) < 0.06)
    #expect(abs(ends.reduce(0, +) / Double(ends.count) - 0.74) < 0.06)
    let widths = motifs.map { Double($0.width) }
    #expect(abs(widths.reduce(0, +) / 1000 - 12.05) < 0.5)
  }

  @Test("p-values of unrelated motifs are nearly uniform") func calibration() throws {
    // Queries and targets come from other seeds than the null.
    let result = try Comparison(threshold: .pValue(1)).compare(
      SyntheticMotifs.collection(seed: 100, count: 40), SyntheticMotifs.collection(seed: 200, count: 50),
      null: .synthetic(seed: 0))
    let pValues = result.matches.map(\.pValue)
    #expect(pValues.count == 2000)
    for level in [0.05, 0.1, 0.25, 0.5] {
      let share = Double(pValues.count { $0 <= level }) / 2000
      #expect(abs(share - level) < 0.3 * level, "\(share) of p-values are at most \(level)")
    }
    #expect(result.null == "synthetic motifs, seed 0")
  }

  @Test func aHandfulOfTargetsGetsAnHonestNull() throws {
    #expect(Comparison.Null.automatic(targets: 1, seed: 3) == .synthetic(seed: 3))
    #expect(Comparison.Null.automatic(targets: 50) == .targets)
    var query = Motif.foxo1
    query.frequencies = query.frequencies.reverseComplement[1..<11]
    let match = try #require(
      try Comparison().compare([query], [.foxo1], null: .synthetic(seed: 0)).matches.first)
    #expect(match.pValue < 1e-8)
    #expect(match.eValue == match.pValue)
    #expect(match.orientation == .reverse)
    #expect(match.offset == 1)
    #expect(match.overlap == 10)
  }
}
