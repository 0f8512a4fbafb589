import Foundation
import Motifs
import Report
import Sequences
import Testing

@Suite struct ComparisonPageTests {
  static let targets = [
    Motif(identifier: "FOX<1>", name: "A&B", frequencies: Motif.foxo1.frequencies.reverseComplement),
    Motif(identifier: "part", frequencies: Motif.foxo1[3..<11].frequencies),
  ]

  static func page(_ queries: [Motif], _ threshold: Comparison.Threshold, shown: Int = 100) throws -> String {
    let comparison = Comparison(threshold: threshold)
    let result = try comparison.compare(queries, targets, null: .synthetic(seed: 0))
    return try result.page(comparison, command: "motifkit compare", seed: 0, shownQueries: shown)
  }

  @Test("every match has its logos, strand and offset") func matches() throws {
    let html = try Self.page([.foxo1], .pValue(1e-4))
    #expect(html.contains("FOX&lt;1&gt; (A&amp;B)") && !html.contains("FOX<1>"))
    #expect(html.contains("12 columns, other strand, offset 0"))
    #expect(html.contains("8 columns, offset -3"))
    #expect(html.split(separator: "above FOX&lt;1&gt;").count == 2)
    #expect(!html.contains("src=") && !html.contains("nil") && !html.contains("{{"))
    // Two rows of twelve positions, of nine units each.
    #expect(html.contains("viewBox=\"0 0 108 76\""))
  }

  @Test("a flat query whose best match has the smaller p-value comes after one that is like its target")
  func flatQueries() throws {
    let flat = Motif(
      identifier: "flat", frequencies: FrequencyMatrix(rows: (0..<12).map { _ in [0.25, 0.25, 0.25, 0.25] }))
    let html = try Self.page([flat, .foxo1], .pValue(1))
    let places = try ["#query-2", "#query-1"].map { try #require(html.range(of: $0)).lowerBound }
    #expect(places[0] < places[1])
    #expect(html.contains("1 of 2") && html.contains("is the smallest p-value of these: FOXO1 and A&amp;B"))
    #expect(html.split(separator: "class=\"off\"").count == 2)
  }

  @Test("what is not drawn is said") func limits() throws {
    let queries = (0..<3).map { Motif(identifier: "query\($0)", frequencies: Motif.foxo1.frequencies) }
    let html = try Self.page(queries, .pValue(1e-4), shown: 1)
    #expect(html.contains("2 more queries with weaker matches"))
    #expect(html.contains("id=\"query-1\"") && !html.contains("id=\"query-2\""))
    #expect(try Self.page(queries, .pValue(0)).contains("No query has a match."))
  }
}
