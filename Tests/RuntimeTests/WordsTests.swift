import Foundation
import Runtime
import Testing

@Suite struct WordsTests {
  @Test(arguments: [
    (0.5, "0.5"), (0.0123, "0.012"), (0.001, "0.001"), (0.00099, "9.9\u{202F}×\u{202F}10⁻⁴"),
    (1.63e-31, "1.6\u{202F}×\u{202F}10⁻³¹"), (9.96e-20, "1.0\u{202F}×\u{202F}10⁻¹⁹"), (0, "0"), (1, "1"),
    (43.9, "44"), (316.4, "316"),
  ])
  func probabilities(_ p: Double, _ text: String) { #expect(Words.probability(p) == text) }

  @Test func probabilitiesThatNoNumberHolds() {
    #expect(Words.probability(log10: -8170 + 0.352) == "2.2\u{202F}×\u{202F}10⁻⁸¹⁷⁰")
    #expect(Words.probability(log10: -.infinity) == "0" && Words.probability(log10: -1) == "0.1")
    #expect(Words.counted(2, "match", plural: "matches") == "2 matches")
    #expect(Words.counted(1, "record") == "1 record" && Words.counted(0, "record") == "0 records")
  }

  @Test(arguments: [(0, "0"), (999, "999"), (1000, "1,000"), (-12_345_678, "−12,345,678")])
  func counts(_ number: Int, _ text: String) { #expect(Words.count(number) == text) }

  @Test func lists() {
    #expect(Words.list([]) == "" && Words.list(["a"]) == "a")
    #expect(Words.list(["a", "b"]) == "a and b" && Words.list(["a", "b", "c"]) == "a, b and c")
    #expect(Words.spelled(0) == "no" && Words.spelled(12) == "twelve" && Words.spelled(1300) == "1,300")
    #expect(Words.share(0.84431) == "0.844" && Words.percent(0.654) == "65\u{202F}%")
    #expect(Words.percent(0.0019) == "0.2\u{202F}%" && Words.percent(0.00006) == "0.006\u{202F}%")
    #expect(Words.percent(0.0097) == "1\u{202F}%" && Words.percent(0) == "0\u{202F}%")
    #expect(Words.share(-0.0002) == "0.000" && Words.share(-0.0006) == "-0.001")
    #expect(Words.few(["a", "b", "c", "d"]) == "a, b, c and d")
    #expect(Words.few(["a", "b", "c", "d", "e"]) == "a, b, c and 2 more")
    #expect(Words.plainProbability(1.63e-31) == "1.6e-31" && Words.plainProbability(0.05) == "0.05")
  }
}

@Suite struct TableTests {
  @Test func tsv() {
    var table = Table("t", columns: ["name", "n", "x", "p", "none"])
    table.append([
      .text("a\tb\nc"), .integer(3), .number(0.12345, decimals: 3), .scientific(1.234e-20), .missing,
    ])
    #expect(table.tsv == "name\tn\tx\tp\tnone\na b c\t3\t0.123\t1.23e-20\t\n")
    #expect(Table.Cell(nil as Int?) == .missing && Table.Cell(2.0, decimals: 1).text == "2.0")
    #expect(Table("none", columns: ["name", "n"]).text == "name  n\n")
    table.append([.text("a\u{2028}b\u{85}ü"), .integer(0), .missing, .missing, .text("")])
    #expect(table.tsv.hasSuffix("\na b ü\t0\t\t\t\n"))
    #expect(!Table.Cell.text("1").isNumeric && Table.Cell.missing.isNumeric)
  }

  /// As C writes them, halves and numbers beside them too.
  @Test func decimals() {
    var random = CounterRandom(seed: 3, purpose: .simulation)
    var values = [0, -0.0, 0.5, 1.5, 2.5, 0.125, -0.125, 0.0005, 1e11, 1e300, 0.99995, 9.5, .infinity, .nan]
    for _ in 0..<2000 {
      let size = pow(10, 12 * random.uniform() - 6)
      values += [size * (random.uniform() - 0.5), (Double(random.below(20_000)) + 0.5) / 1000]
    }
    for value in values {
      for decimals in 0...6 {
        let text = String(format: "%.\(decimals)f", value)
        let unsigned = text.allSatisfy { "-0.".contains($0) } ? text.replacing("-", with: "") : text
        #expect(Table.Cell.number(value, decimals: decimals).text == unsigned)
      }
      #expect(Table.Cell.scientific(value).text == String(format: "%.3g", value))
    }
  }
}
