import Statistics
import Testing

/// Golden numbers are those that `Golden/decisions.py` prints.
@Suite struct DecisionTests {
  private static let scores: [Float] = (0..<60).map { Float($0 * 37 % 23 - 11) / 4 }
  private static let even: [UInt8] = (0..<60).map { i in
    // As NumPy's, the remainder of a negative number is not negative.
    let value = Double(i * i) + Double(scores[i]) * 3
    let rest = value - 7 * (value / 7).rounded(.down)
    return rest < 3 + Double(scores[i]) ? 1 : 0
  }
  private static let rare: [UInt8] = (0..<60).map { $0 * 7 % 10 == 3 && scores[$0] > -1 ? 1 : 0 }

  @Test(arguments: DecisionRule.allCases) func bestThreshold(_ rule: DecisionRule) throws {
    let threshold = try #require(rule.threshold(scores: Self.scores, labels: Self.even))
    let rarely = try #require(rule.threshold(scores: Self.scores, labels: Self.rare))
    #expect(threshold == -1.125 && rarely == -0.125)
    func best(_ labels: [UInt8], _ threshold: Float) -> Double? {
      rule == .f1
        ? Metrics.f1(scores: Self.scores, labels: labels, threshold: threshold)?.value
        : Metrics.balancedAccuracy(scores: Self.scores, labels: labels, threshold: threshold)?.value
    }
    let expected =
      rule == .f1 ? (0.7164179104477612, 0.32432432432432434) : (0.7115384615384616, 0.7685185185185186)
    #expect(abs(try #require(best(Self.even, threshold)) - expected.0) < 1e-12)
    #expect(abs(try #require(best(Self.rare, rarely)) - expected.1) < 1e-12)
  }

  @Test func intervals() {
    func near(_ a: Estimate?, _ value: Double, _ low: Double, _ high: Double) -> Bool {
      guard let a else { return false }
      return zip([a.value, a.low, a.high], [value, low, high]).allSatisfy { abs($0 - $1) < 1e-9 }
    }
    let (scores, labels) = (Self.scores, Self.even)
    #expect(
      near(
        Metrics.balancedAccuracy(scores: scores, labels: labels), 0.5972850678733032, 0.4720402273943274,
        0.7225299083522789))
    #expect(
      near(
        Metrics.balancedAccuracy(scores: scores, labels: labels, threshold: 1.1), 0.6425339366515836,
        0.5272751263319244, 0.7577927469712429))
    #expect(
      near(
        Metrics.f1(scores: scores, labels: labels), 0.5555555555555556, 0.39627083389084916,
        0.714840277220262))
    #expect(
      near(
        Metrics.f1(scores: scores, labels: labels, threshold: 1.1), 0.5454545454545454, 0.36801380393341926,
        0.7228952869756715))
  }

  @Test func edges() {
    #expect(DecisionRule.f1.threshold(scores: [1, 2], labels: [1, 1]) == nil)
    #expect(DecisionRule.f1.threshold(scores: [.nan, 2], labels: [0, 1]) == nil)
    // Of equally good thresholds the one nearest to 0; between neighboring floats the lower one.
    #expect(DecisionRule.youden.threshold(scores: [3, -1], labels: [1, 0]) == 1)
    #expect(DecisionRule.youden.threshold(scores: [Float(1).nextUp, 1], labels: [1, 0]) == 1)
    #expect(DecisionRule.f1.threshold(scores: [3e38, -3e38], labels: [1, 0]) == 0)
    #expect(Metrics.balancedAccuracy(scores: [1], labels: [1]) == nil)
    #expect(Metrics.f1(scores: [-1], labels: [0]) == nil)
  }
}
