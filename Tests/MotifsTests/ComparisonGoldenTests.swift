import Foundation
import Motifs
import Sequences
import Testing

/// Motifs that `Golden/comparison_reference.py` makes as well.
enum ReferenceMotifs {
  /// - Parameter digits: Frequencies are cut off after this many, and rows do not sum to one.
  static func make(_ count: Int, seed: Int, digits: Int? = nil) -> [Motif] {
    var state = seed
    func draw(_ bound: Int) -> Int {
      state = (state * 1_103_515_245 + 12345) % (1 << 31)
      return (state >> 16) % bound
    }
    return (0..<count).map { index in
      let width = 4 + draw(9)
      let rows = (0..<width).map { _ -> [Double] in
        var row = (0..<4).map { _ in Double(draw(12)) }
        if draw(4) > 0 { row[draw(4)] += 40 }
        row[draw(4)] += 1
        let total = row.reduce(0, +)
        guard let digits else { return row.map { $0 / total } }
        let unit = pow(10.0, Double(digits))
        return row.map { ($0 * unit / total).rounded(.down) / unit }
      }
      let sites = Double(10 + draw(60))
      return Motif(identifier: "\(index)", frequencies: FrequencyMatrix(rows: rows), sites: sites)
    }
  }
}

extension ReferenceMotifs {
  /// Four to ten sites with six digits, as files have them: the largest score is 1 + 1e-14 for some.
  static func fewSites(_ count: Int, seed: Int) -> [Motif] {
    var state = seed
    func draw(_ bound: Int) -> Int {
      state = (state * 1_103_515_245 + 12345) % (1 << 31)
      return (state >> 16) % bound
    }
    return (0..<count).map { index in
      let sites = [4, 5, 8, 10][draw(4)]
      let rows = (0..<5 + draw(4)).map { _ -> [Double] in
        var row = [0.0, 0, 0, 0]
        let favourite = draw(4)
        for _ in 0..<sites { row[draw(10) < 7 ? favourite : draw(4)] += 1 }
        return row.map { ($0 * 1e6 / Double(sites)).rounded(.toNearestOrEven) / 1e6 }
      }
      return Motif(identifier: "\(index)", frequencies: FrequencyMatrix(rows: rows), sites: Double(sites))
    }
  }
}

/// The independent reference's numbers: `Golden/comparison_golden.tsv`.
@Suite struct ComparisonGoldenTests {
  struct Row: Sendable {
    var query: Int
    var target: Int
    var pValue: Double
    var qValue: Double
    var offset: Int
    var overlap: Int
    var orientation: String
  }

  static let golden: [String: [Row]] = {
    let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent().path
    let text = try! String(contentsOfFile: path + "/Golden/comparison_golden.tsv", encoding: .utf8)
    var golden: [String: [Row]] = [:]
    for line in text.split(separator: "\n").dropFirst() {
      let f = line.split(separator: "\t").map(String.init)
      golden[f[0], default: []].append(
        Row(
          query: Int(f[1])!, target: Int(f[2])!, pValue: Double(f[3])!, qValue: Double(f[4])!,
          offset: Int(f[5])!, overlap: Int(f[6])!, orientation: f[7]))
    }
    return golden
  }()

  static let cases: [(String, Comparison)] =
    Comparison.Distance.allCases.map { ("meme \($0.rawValue)", Comparison(distance: $0)) } + [
      ("lite", Comparison(mode: .lite)), ("incomplete", Comparison(completeScores: false)),
      ("overlap 4", Comparison(minimumOverlap: 4)), ("internal", Comparison(internalOnly: true)),
      ("one strand", Comparison(bothStrands: false)),
      ("background", Comparison(background: Background([0.3, 0.25, 0.15, 0.3]), pseudocount: 2)),
      ("collection", Comparison()), ("lite collection", Comparison(mode: .lite)), ("many", Comparison()),
      ("cut lite", Comparison(mode: .lite)),
    ] + Comparison.Distance.allCases.map { ("cut \($0.rawValue)", Comparison(distance: $0)) }
    + [.euclidean, .pearson, .sandelin].map { ("few sites \($0.rawValue)", Comparison(distance: $0)) }

  @Test(arguments: cases, ComparisonKernels.available)
  func agrees(_ named: (name: String, comparison: Comparison), kernels: ComparisonKernels) throws {
    let motifs =
      named.name.hasPrefix("few")
      ? ReferenceMotifs.fewSites(4, seed: 2)
      : named.name.hasPrefix("cut")
        ? ReferenceMotifs.make(6, seed: 3, digits: 3) : ReferenceMotifs.make(6, seed: 1)
    let others = ReferenceMotifs.make(60, seed: 2)
    var comparison = named.comparison
    comparison.threshold = .pValue(1)
    let many = named.name == "many"
    let result = try comparison.compare(
      Array(motifs[..<(many ? 1 : 3)]), many ? others : motifs,
      null: named.name.hasSuffix("collection") ? .collection(others, name: "others") : .targets, threads: 1,
      kernels: kernels)
    let golden = try #require(Self.golden[named.name])
    #expect(result.matches.count == golden.count)
    for row in golden {
      let match = try #require(result.matches.first { $0.query == row.query && $0.target == row.target })
      let place = "\(named.name) \(row.query) \(row.target)"
      #expect(abs(match.pValue - row.pValue) <= 1e-9 * row.pValue, "\(place): \(match.pValue) \(row.pValue)")
      #expect(abs(match.qValue - row.qValue) <= 1e-9 * row.qValue, "\(place): \(match.qValue) \(row.qValue)")
      #expect(match.eValue == match.pValue * Double(result.targets.count))
      // Where nothing is alike, programs may choose any of the alignments that score 0.
      if row.pValue < 0.9999 {
        #expect(match.offset == row.offset, "\(place)")
        #expect(match.overlap == row.overlap, "\(place)")
        #expect(match.orientation.rawValue == row.orientation, "\(place)")
      }
    }
  }
}
