import Foundation
import Motifs
import Testing

/// What Tomtom 5.5.6 prints for the five motifs of its own tests (MEME Suite, tests/tomtom): `Golden/tomtom-5.5.6.tsv`,
/// for all matches with q ≤ 0.5. The matrices, in three digits, were worked out from the frequencies in its HTML output.
@Suite struct ComparisonTomtomTests {
  struct Row: Equatable, Comparable, CustomStringConvertible {
    var fields: [String]
    var description: String { fields.joined(separator: " ") }
    static func < (a: Row, b: Row) -> Bool { a.description < b.description }
  }

  static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().path + "/Golden/"

  static let golden: [String: [Row]] = {
    let text = try! String(contentsOfFile: folder + "tomtom-5.5.6.tsv", encoding: .utf8)
    return Dictionary(
      grouping: text.split(separator: "\n").dropFirst().map { $0.split(separator: "\t").map(String.init) },
      by: { $0[0] + " " + $0[1] }
    ).mapValues { $0.map { Row(fields: Array($0[2...])) }.sorted() }
  }()

  @Test(arguments: golden.keys.sorted(), ComparisonKernels.available)
  func agreesToEveryPrintedDigit(_ name: String, kernels: ComparisonKernels) throws {
    let words = name.split(separator: " ")
    let distance = try #require(Comparison.Distance(rawValue: String(words[1])))
    var comparison = Comparison(distance: distance, completeScores: words[0] == "complete")
    comparison.threshold = .qValue(0.5)
    let motifs = try MotifFile.read(path: Self.folder + "tomtom-sample.meme").motifs
    let result = try comparison.compare(motifs, motifs, null: .targets, threads: 1, kernels: kernels)
    let rows = result.matches.map { match in
      Row(fields: [
        motifs[match.query].identifier, motifs[match.target].identifier, "\(match.offset)",
        match.orientation.rawValue, String(format: "%g", match.pValue), String(format: "%g", match.qValue),
      ])
    }
    // A q-value of Tomtom's differs from ten times its p-value in the last digit of a 32-bit float.
    let known = name == "incomplete euclidean" ? ["V_VMYB_01", "V_VMYB_01"] : []
    let golden = try #require(Self.golden[name])
    for (row, expected) in zip(rows.sorted(), golden) {
      if Array(row.fields[..<2]) == known {
        #expect(Array(row.fields[..<5]) == Array(expected.fields[..<5]))
      } else {
        #expect(row == expected)
      }
    }
    #expect(rows.count == golden.count)
  }
}
