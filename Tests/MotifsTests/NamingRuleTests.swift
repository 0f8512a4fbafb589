import Motifs
import Testing

/// Which matches give a name.
@Suite struct NamingRuleTests {
  /// Each letter with this share, N uniform.
  private static func motif(_ bases: String, share: Double = 0.91, identifier: String = "m") -> Motif {
    Motif(
      identifier: identifier,
      frequencies: FrequencyMatrix(
        rows: bases.map { letter in
          letter == "N"
            ? [0.25, 0.25, 0.25, 0.25] : "ACGT".map { $0 == letter ? share : (1 - share) / 3 }
        }))
  }

  private static func match(
    _ offset: Int, _ overlap: Int, _ orientation: MotifMatch.Orientation = .forward, e: Double = 1e-6
  ) -> MotifMatch {
    MotifMatch(
      query: 0, target: 0, pValue: e, eValue: e, qValue: e, offset: offset, overlap: overlap,
      orientation: orientation)
  }

  @Test("columns that lie on each other, on both strands") func columns() {
    // Query column 0 on target column 2: columns 0 to 3 on 2 to 5.
    #expect(Self.match(2, 4).columns(query: 6, target: 6) == AlignedColumns(query: 0..<4, target: 2..<6))
    #expect(Self.match(-2, 4).columns(query: 6, target: 6) == AlignedColumns(query: 2..<6, target: 0..<4))
    // Turned round, column 2 of six is column 3 as the file has it.
    #expect(
      Self.match(2, 4, .reverse).columns(query: 6, target: 6) == AlignedColumns(query: 0..<4, target: 0..<4))
    #expect(
      Self.match(-2, 4, .reverse).columns(query: 6, target: 6) == AlignedColumns(query: 2..<6, target: 2..<6))
  }

  @Test("the better of two chances decides, among all that are compared") func chance() {
    let (one, many) = (NamingRule(queries: 1), NamingRule(queries: 50))
    let motif = Self.motif("ACGTACG")
    #expect(one.allows(Self.match(0, 7, e: 0.05), of: motif, with: motif))
    #expect(!one.allows(Self.match(0, 7, e: 0.051), of: motif, with: motif))
    #expect(many.allows(Self.match(0, 7, e: 0.001), of: motif, with: motif))
    #expect(!many.allows(Self.match(0, 7, e: 0.0011), of: motif, with: motif))
  }

  @Test("flat columns give no name, whose ever they are") func flatness() {
    let rule = NamingRule(queries: 64)
    let (flat, steep) = (Self.motif("NNNANNNN"), Self.motif("CCACGAGG"))
    let flatEnds = Self.motif("NNNNNNNNCCACGAGGNNNNNNNN")
    #expect(!rule.allows(Self.match(0, 8), of: flat, with: flatEnds))
    #expect(!rule.allows(Self.match(16, 8), of: steep, with: flatEnds))
    #expect(rule.allows(Self.match(8, 8), of: steep, with: flatEnds))
    // On the other strand the steep columns of the first eight are the last.
    let oneEnd = Self.motif("CCACGAGGNNNNNNNN")
    #expect(rule.allows(Self.match(8, 8, .reverse), of: steep, with: oneEnd))
    #expect(!rule.allows(Self.match(0, 8, .reverse), of: steep, with: oneEnd))
    // The steep part of a query must take part.
    #expect(!rule.allows(Self.match(-8, 8), of: oneEnd, with: steep))
  }

  @Test("noise that is as wide as a motif shares nothing with it") func noise() {
    let rule = NamingRule(queries: 16)
    // 24 columns of 0.35 bits each: more than eight bits in all.
    let noise = Self.motif("ACGTTGCAACGTTGCAACGTTGCA", share: 0.58)
    let steep = Self.motif("CCACGAGGGTACNNNNNNNNNNNN")
    #expect(noise.frequencies.informationContent.reduce(0, +) > 8)
    #expect(!rule.allows(Self.match(0, 24), of: noise, with: steep))
    #expect(rule.allows(Self.match(0, 24), of: noise, with: noise))
    let turned = Motif(identifier: "m", frequencies: steep.frequencies.reverseComplement)
    #expect(rule.allows(Self.match(0, 24, .reverse), of: steep, with: turned))
    #expect(!rule.allows(Self.match(0, 24), of: steep, with: turned))
  }

  @Test("what composition explains gives no name") func composition() {
    let rule = NamingRule(queries: 1)
    // Nine columns of G or C, 0.68 bits each; the same information in words of four letters.
    func mixed(_ pairs: [String]) -> Motif {
      Motif(
        identifier: "m",
        frequencies: FrequencyMatrix(
          rows: pairs.map { pair in "ACGT".map { pair.contains($0) ? 0.46 : 0.04 } }))
    }
    let island = mixed(Array(repeating: "CG", count: 9))
    let word = mixed(["CG", "AT", "CT", "AG", "AC", "GT", "CG", "AT", "CT"])
    for motif in [island, word] {
      #expect(abs(motif.frequencies.informationContent.reduce(0, +) - 9 * 0.5978) < 0.01)
    }
    // scipy.stats.entropy(row, [(1 - s) / 2, s / 2, s / 2, (1 - s) / 2], base=2) with s = (0.92 + 0.5) / 2
    #expect(abs(island.frequencies.informationBeyondComposition - 9 * 0.1953) < 0.01)
    #expect(!rule.allows(Self.match(0, 9), of: island, with: island))
    #expect(rule.allows(Self.match(0, 9), of: word, with: word))
    // GC boxes are longer words: they stay.
    let box = Self.motif("GGGGCGGGG", share: 0.8)
    #expect(rule.allows(Self.match(0, 9), of: box, with: box))
  }

  @Test("a match that sequences do not confirm must be surer") func confirmation() throws {
    let database = [Self.motif("TGTTTACA", identifier: "fox"), Self.motif("CCACGAGG", identifier: "other")]
    let filter = Self.motif("TGTTTG")
    func name(_ families: MotifName.Families?) throws -> String? {
      try BestMatches([filter], among: database, naming: NamingOptions(families: families))
        .names[0]?.best.target.identifier
    }
    let chance = try #require(BestMatches([filter], among: database).best[0]).match.eValue
    #expect(chance < 0.05 && chance > 5e-5)
    #expect(try name(nil) == "fox")
    #expect(try name { $0.identifier == "fox" ? [$0] : [] } == "fox")
    #expect(try name { _ in [] } == nil)
    // Asked in vain, a thousand times surer.
    let sure = try BestMatches(
      [Self.motif("CCACGAGGTTAC")], among: [Self.motif("CCACGAGGTTAC"), database[0]],
      naming: NamingOptions { _ in [] })
    #expect(try #require(sure.best[0]).match.eValue < 5e-5 && sure.names[0] != nil)
  }

  @Test("columns that agree add their bits, those that disagree take away") func sharedInformation() {
    let motif = Self.motif("AACN").frequencies
    let bits = motif.informationContent
    func shared(_ bases: String, share: Double = 0.91) -> Double {
      motif.sharedInformation(with: Self.motif(bases, share: share).frequencies)
    }
    #expect(abs(shared("AACN") - bits.reduce(0, +)) < 1e-12)
    // Two certain columns of different letters correlate by −1/3.
    #expect(abs(shared("AAGN") - (2 - 1 / 3.0) * bits[0]) < 1e-12)
    #expect(abs(shared("NACG") - 2 * bits[0]) < 1e-12)
    #expect(abs(shared("AACN", share: 1) - 3 * bits[0]) < 1e-12)
  }

  @Test("five bits as tables print them") func fiveBits() {
    #expect(NamingRule.isEnough(4.996) && NamingRule.isEnough(5) && !NamingRule.isEnough(4.994))
  }

  @Test("a flat filter has a match, but no name") func names() throws {
    let database = [
      Self.motif("NNNNNNNNCCACGAGGNNNNNNNN", identifier: "ctcf"),
      Self.motif("TGTTTACA", identifier: "fox"),
    ]
    let found = try BestMatches([Self.motif("NNANNNNN"), Self.motif("TGTTTACA"), nil], among: database)
    #expect(found.best.map { $0 != nil } == [true, true, false])
    #expect(found.names.map { $0?.best.target.identifier } == [nil, "fox", nil])
  }
}
