import Statistics
import Testing

// Golden numbers: Golden/significance.py.

private func near(_ a: Double, _ b: Double, _ tolerance: Double = 1e-12) -> Bool {
  abs(a - b) <= tolerance * max(1, abs(b))
}

@Suite struct SignificanceTests {
  @Test(arguments: [
    (1, 0.95, 12.706204736174694), (4, 0.9, 2.1318467863266495), (19, 0.95, 2.0930240544083087),
    (99, 0.99, 2.626405457280827),
  ])
  func quantilesOfStudentsT(degrees: Double, confidence: Double, t: Double) {
    #expect(near(StudentT.quantile(confidence: confidence, degreesOfFreedom: degrees), t, 1e-11))
  }

  @Test(arguments: [
    (0.5, 1, 0.7048327646991335), (2.1, 9, 0.06511828241215196), (-7, 19, 1.1471555636456041e-06),
    (40, 4, 2.3340163226012678e-06), (1e-9, 3, 0.9999999992648948), (.infinity, 5, 0),
    (11, 179, 7.881125929086286e-22), (-5, 1000, 6.767256364648635e-07), (1.5, 1e4, 0.13364597182361965),
    (30, 2000, 1.3707730191128242e-163), (1e-9, 1e7, 0.9999999992021155),
  ])
  func pValuesOfStudentsT(t: Double, degrees: Double, p: Double) {
    let computed = StudentT.twoSidedPValue(t, degreesOfFreedom: degrees)
    #expect(abs(computed - p) <= 1e-11 * p, "\(computed)")
  }

  @Test func meanOverFolds() {
    let mean = FoldMean([0.81, 0.79, 0.84, 0.8, 0.83])
    #expect(near(mean.mean, 0.814) && near(mean.standardDeviation, 0.020736441353327684))
    #expect(near(mean.interval.low, 0.7882523073207093) && near(mean.interval.high, 0.8397476926792908))
    #expect(near(mean.correctedInterval.low, 0.775378460981064))
    #expect(near(mean.correctedInterval.high, 0.8526215390189361))
    let difference = FoldMean([0.81, 0.79, 0.84, 0.8, 0.83].map { $0 - 0.8 })
    #expect(near(difference.correctedPValue, 0.37114534228388485, 1e-11))
    let areas = FoldMean([0.98, 1, 0.99], bounds: 0...1)
    #expect(areas.interval.high == 1 && areas.correctedInterval.low < areas.interval.low)
    #expect(FoldMean([0, 0]).correctedPValue == 1)
    #expect(FoldMean([0.5, 0.5]).correctedPValue == 0)
  }

  /// By hand: 5 · 0.005, 4 · 0.01, 3 · 0.03, 2 · 0.04 raised to the one before, 0.8.
  @Test func pValuesOfSeveralTests() {
    let adjusted = MultipleTesting.holm([0.01, 0.04, 0.03, 0.005, 0.8])
    #expect(zip(adjusted, [0.04, 0.09, 0.09, 0.025, 0.8]).allSatisfy { near($0, $1) }, "\(adjusted)")
    #expect(MultipleTesting.holm([0.6, 0.7]) == [1, 1])
  }

  @Test(arguments: [
    (1, 5, 0.21875), (12, 30, 0.007915897334896727), (250, 180, 0.0008559705446208579), (3, 3, 1), (0, 0, 1),
    (0, 5, 0.0625),
  ])
  func mcNemarsExactTest(b: Int, c: Int, p: Double) {
    #expect(near(PairedComparison.mcNemar(b, c), p) && near(PairedComparison.mcNemar(c, b), p))
  }

  @Test(arguments: [
    (12, 30, 200, -0.15153643606535275, -0.026681385716825462),
    (0, 0, 20, -0.08908927202454792, 0.08908927202454792),
  ])
  func intervalOfTwoAccuracies(b: Int, c: Int, n: Int, low: Double, high: Double) {
    let difference = PairedComparison.accuracyDifference(b, c, of: n, confidence: 0.95)
    #expect(near(difference.value, Double(b - c) / Double(n)))
    #expect(near(difference.low, low) && near(difference.high, high), "\(difference)")
  }

  private static let first: [Float] = (0..<60).map { Float($0 * 37 % 23 - 11) / 4 }
  private static let second: [Float] = (0..<60).map { Float($0 * 29 % 31 - 15) / 8 + first[$0] / 2 }
  private static let weak: [Float] = (0..<60).map { Float($0 * 17 % 13 - 6) / 2 + first[$0] / 6 }
  private static let labels: [UInt8] = [
    0, 1, 0, 1, 1, 0, 0, 0, 1, 0, 0, 0, 1, 1, 1, 0, 1, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1, 1, 0, 0, 1, 1, 1, 0, 0,
    0, 1, 0, 0, 0, 1, 1, 1, 0, 1, 1, 0, 0, 0, 0, 1, 0, 0, 0, 1, 1, 1, 0, 1, 1,
  ]

  @Test func deLongsTestOfTwoAreas() throws {
    let comparison = PairedComparison(first: Self.first, second: Self.second, labels: Self.labels)
    let areas = try #require(comparison.auroc)
    #expect(near(areas.first, 0.755656108597285) && near(areas.second, 0.5469457013574661))
    #expect(near(areas.difference.low, 0.08311656700882541), "\(areas)")
    #expect(near(areas.difference.high, 0.33430424747081244))
    #expect(near(areas.pValue, 0.0011257829338194364, 1e-10))
    let turned = PairedComparison(first: Self.second, second: Self.first, labels: Self.labels)
    #expect(turned.onlyFirstRight == comparison.onlySecondRight && turned.auroc?.pValue == areas.pValue)
    let same = PairedComparison(first: Self.first, second: Self.first, labels: Self.labels)
    #expect(same.auroc?.pValue == 1 && same.accuracy.pValue == 1 && same.accuracy.difference.value == 0)
    #expect(PairedComparison(first: [1, 2], second: [2, 1], labels: [1, 1]).auroc == nil)
  }

  /// Of 200,000 NumPy permutations 0.000275 and 0.0967 reach the AUROC; accuracy is hypergeometric, 0.1082 and 0.5761.
  @Test(
    arguments: [
      (first, 0.000275, 0.10817885145502058), (weak, 0.096695, 0.5761011704733878),
    ] as [([Float], Double, Double)])
  func permutationsAgreeWithTheirLimit(scores: [Float], auroc: Double, accuracy: Double) throws {
    let n = 20_000
    let test = try #require(PermutationTest(scores: scores, labels: Self.labels, permutations: n))
    func isNear(_ a: Double, _ b: Double) -> Bool {
      abs(a - b) <= 5 * (b * (1 - b) / Double(n)).squareRoot() + 1 / Double(n)
    }
    #expect(isNear(test.auroc, auroc) && isNear(test.accuracy, accuracy), "\(test)")
    let one = PermutationTest(scores: scores, labels: Self.labels, permutations: 50, threads: 1)
    #expect(one == PermutationTest(scores: scores, labels: Self.labels, permutations: 50, threads: 3))
    #expect(one != nil && one?.permutations == 50)
  }

  @Test func noPermutationIsAsGood() throws {
    let labels = (0..<60).map { UInt8($0 % 2) }
    let test = try #require(
      PermutationTest(scores: labels.map { Float($0) - 0.5 }, labels: labels, permutations: 99))
    #expect(test.accuracy == 0.01 && test.auroc == 0.01)
    #expect(PermutationTest(scores: [1, 2], labels: [1, 1], permutations: 9) == nil)
  }
}
