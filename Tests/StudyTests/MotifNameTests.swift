import Foundation
import Motifs
import NeuralNetworks
import Runtime
import Sequences
import Study
import Testing

/// Which member of a family gives a motif its name, and which matches give none.
@Suite struct MotifNameTests {
  private static func motif(_ identifier: String, _ bases: String, sure: Double = 0.91) -> Motif {
    let rows = bases.map { letter in
      "ACGT".map { $0 == letter ? sure : (1 - sure) / 3 }
    }
    return Motif(identifier: identifier, frequencies: FrequencyMatrix(rows: rows))
  }

  /// The factor whose sites are planted, a sibling that the filter is more like, and a stranger.
  private static let factor = motif("factor", "TGTTTACACTG")
  private static let sibling = motif("sibling", "TGTTTGCACTG")
  private static let stranger = motif("stranger", "CCGGAAGTAAC")

  private static func enrichment(_ database: [Motif]) throws -> DatabaseEnrichment {
    let simulated = try PlantedSimulation(
      frequencies: factor.frequencies.rows, count: 600, length: 60, jitter: 10, seed: 3
    ).run().labeled
    let path = NSTemporaryDirectory() + "motifkit-name-\(UUID().uuidString).tsv"
    defer { try? FileManager.default.removeItem(atPath: path) }
    try simulated.writeTable(to: path)
    let data = try StudyData(StudyOptions(source: .files(StudyFiles(data: [path]))))
    return try DatabaseEnrichment(
      StudyOptions.MotifDatabase(path: "known.meme", motifs: database), data, seed: 0)
  }

  /// The matches of a query, the best first.
  private static func matches(_ query: Motif, _ database: [Motif]) throws -> [TargetMatch] {
    let result = try Comparison(threshold: .pValue(1)).compare([query], database, null: .synthetic(seed: 0))
    return result.matches.map { TargetMatch(match: $0, target: result.target($0)) }
  }

  @Test func sequencesDecideWithinAFamily() throws {
    let database = [Self.stranger, Self.sibling, Self.factor]
    let matches = try Self.matches(Self.sibling, database)
    #expect(matches.map(\.target.identifier) == ["sibling", "factor", "stranger"])
    let name = MotifName(matches, families: try Self.enrichment(database).family)
    #expect(name.best.target.identifier == "factor")
    #expect(name.best.match == matches[1].match)
    #expect(name.alike.map(\.identifier) == ["sibling"])
    // Who does not fit the filter gives no name, however sure its sites are.
    let alone = MotifName([matches[0]], families: try Self.enrichment(database).family)
    #expect(alone.best.target.identifier == "sibling" && alone.alike.isEmpty)
    #expect(alone.factor.identifier == "factor" && name.factor.identifier == "factor")
  }

  @Test func withoutEvidenceTheBestMatchGivesTheName() throws {
    let database = [Self.stranger, Self.sibling, Self.factor]
    let matches = try Self.matches(Self.sibling, database)
    #expect(MotifName(matches) { _ in [] }.best.target.identifier == "sibling")
    // A database whose motifs the sequences do not hold.
    let absent = try Self.enrichment([Self.stranger])
    #expect(absent.factors.isEmpty)
    let name = MotifName(matches, families: absent.family)
    #expect(name.best.target.identifier == "sibling" && name.alike.isEmpty)
  }
}
