import Runtime
import Statistics
import Testing

/// Sixty examples with ties; the golden numbers are from scikit-learn 1.x and scipy:
///
///     i = np.arange(60); z = (i * 37 % 23 - 11) / 4.0
///     y = ((i * i + z * 3) % 7 < 3 + z).astype(int)
///     roc_auc_score(y, z); average_precision_score(y, z); log_loss(y, 1 / (1 + np.exp(-z)))
///     roc_curve(y, z, drop_intermediate=False); precision_recall_curve(y, z)
///     binomtest(36, 60).proportion_ci(0.95, "wilson"); binomtest(60, 60).proportion_ci(0.99, "wilson")
///     # DeLong by its definition
///     P, N = z[y == 1][:, None], z[y == 0][None, :]; psi = (P > N) + 0.5 * (P == N)
///     v = psi.mean(1).var(ddof=1) / len(P) + psi.mean(0).var(ddof=1) / N.shape[1]
///     psi.mean() - norm.ppf(0.975) * np.sqrt(v), psi.mean() + norm.ppf(0.975) * np.sqrt(v)
private let scores: [Float] = (0..<60).map { Float($0 * 37 % 23 - 11) / 4 }
private let labels: [UInt8] = [
  0, 1, 0, 1, 1, 0, 0, 0, 1, 0, 0, 0, 1, 1, 1, 0, 1, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1, 1, 0, 0, 1, 1, 1, 0, 0,
  0, 1, 0, 0, 0, 1, 1, 1, 0, 1, 1, 0, 0, 0, 0, 1, 0, 0, 0, 1, 1, 1, 0, 1, 1,
]

private func near(_ a: Double, _ b: Double, _ tolerance: Double = 1e-12) -> Bool { abs(a - b) <= tolerance }

private func near(_ a: Estimate?, _ value: Double, _ low: Double, _ high: Double) -> Bool {
  guard let a else { return false }
  return near(a.value, value) && near(a.low, low) && near(a.high, high)
}

@Suite struct MetricsTests {
  @Test func accuracyWithWilsonInterval() {
    let accuracy = Metrics.accuracy(scores: scores, labels: labels)
    #expect(near(accuracy, 0.6, 0.4736605349204075, 0.7143050946511744), "\(accuracy)")
    #expect(near(Metrics.proportion(60, of: 60, confidence: 0.99), 1, 0.9004291003744196, 1))
    #expect(Metrics.proportion(0, of: 5).low == 0)
  }

  @Test func crossEntropyOfLogits() {
    let loss = Metrics.crossEntropy(logits: scores, labels: labels)
    #expect(near(loss, 0.626632749545055, 0.4709377782156253, 0.7823277208744847), "\(loss)")
    // Where a probability would be rounded to 0 or 1, a logit still tells how wrong it is.
    #expect(Metrics.crossEntropy(logits: [1000, -1000], labels: [0, 1]).value == 1000)
    #expect(Metrics.crossEntropy(logits: [.infinity], labels: [1]).value == 0)
  }

  @Test func aurocWithDeLongInterval() {
    let area = Metrics.auroc(scores: scores, labels: labels)
    #expect(near(area, 0.755656108597285, 0.6326711608712968, 0.8786410563232733), "\(area as Any)")
    let reversed = Metrics.auroc(scores: scores.map { -$0 }, labels: labels)
    #expect(near(reversed?.value ?? 0, 1 - 0.755656108597285))
    #expect(Metrics.auroc(scores: [1, 1, 1], labels: [0, 1, 0])?.value == 0.5)
    #expect(Metrics.auroc(scores: [2, 1], labels: [1, 0]) == Estimate(value: 1, low: 1, high: 1))
  }

  @Test func averagePrecisionWithBootstrapInterval() throws {
    let area = try #require(Metrics.auprc(scores: scores, labels: labels, replicates: 4000))
    #expect(near(area.value, 0.7432436130697786), "\(area)")
    // The same bootstrap in numpy, 20,000 replicates: 0.62487688, 0.85688107.
    #expect(near(area.low, 0.6249, 0.01) && near(area.high, 0.8569, 0.01), "\(area)")
    #expect(Metrics.auprc(scores: scores, labels: labels, replicates: 4000, threads: 1) == area)
    let other = Metrics.auprc(scores: scores, labels: labels, replicates: 4000, seed: 1)
    #expect(other?.value == area.value && other?.low != area.low)
  }

  @Test(arguments: [([1, 2], [1, 1]), ([1, 2], [0, 0]), ([.nan, 2], [0, 1])] as [([Float], [UInt8])])
  func whatHasNoArea(scores: [Float], labels: [UInt8]) {
    #expect(Metrics.auroc(scores: scores, labels: labels) == nil)
    #expect(Metrics.auprc(scores: scores, labels: labels) == nil)
    #expect(Metrics.rocCurve(scores: scores, labels: labels) == nil)
    #expect(Metrics.precisionRecallCurve(scores: scores, labels: labels) == nil)
  }

  @Test func rocCurve() throws {
    // Numbers of negatives (of 34) and positives (of 26) at each point.
    let falsePositives = [
      0, 0, 0, 0, 1, 2, 3, 6, 9, 11, 12, 13, 14, 14, 15, 16, 17, 19, 22, 24, 26, 28, 31, 34,
    ]
    let truePositives = [
      0, 2, 5, 8, 10, 11, 12, 12, 12, 13, 14, 15, 17, 20, 21, 22, 24, 25, 25, 25, 25, 26, 26, 26,
    ]
    let curve = try #require(Metrics.rocCurve(scores: scores, labels: labels))
    #expect(zip(curve.x, falsePositives).allSatisfy { near($0, Double($1) / 34) } && curve.x.count == 24)
    #expect(zip(curve.y, truePositives).allSatisfy { near($0, Double($1) / 26) } && curve.y.count == 24)
    #expect(curve.thresholds[0] == .infinity)
    #expect(curve.thresholds.dropFirst() == (0..<23).map { 2.75 - Float($0) / 4 }[...])
    let simple = try #require(Metrics.rocCurve(scores: scores, labels: labels, simplified: true))
    #expect(simple.x.count < 20 && simple.x.last == 1 && simple.y.last == 1)
    // By trapezoids the area under both is the AUROC.
    for curve in [curve, simple] {
      var area = 0.0
      for point in 1..<curve.x.count {
        area += (curve.x[point] - curve.x[point - 1]) * (curve.y[point] + curve.y[point - 1]) / 2
      }
      #expect(near(area, 0.755656108597285))
    }
  }

  @Test func precisionRecallCurve() throws {
    let predicted = [
      2, 5, 8, 11, 13, 15, 18, 21, 24, 26, 28, 31, 34, 36, 38, 41, 44, 47, 49, 51, 54, 57, 60,
    ]
    let truePositives = [
      2, 5, 8, 10, 11, 12, 12, 12, 13, 14, 15, 17, 20, 21, 22, 24, 25, 25, 25, 25, 26, 26, 26,
    ]
    let curve = try #require(Metrics.precisionRecallCurve(scores: scores, labels: labels))
    #expect(curve.x.count == 24 && curve.x[0] == 0 && curve.y[0] == 1)
    for point in 0..<23 {
      #expect(near(curve.x[point + 1], Double(truePositives[point]) / 26))
      #expect(near(curve.y[point + 1], Double(truePositives[point]) / Double(predicted[point])))
    }
  }

  @Test func allTogether() {
    let metrics = ClassificationMetrics(logits: scores, labels: labels)
    #expect(metrics.positives == 26 && metrics.negatives == 34)
    #expect(near(metrics.loss.value, 0.626632749545055) && near(metrics.accuracy.value, 0.6))
    #expect(near(metrics.auroc?.value ?? 0, 0.755656108597285))
    #expect(near(metrics.auprc?.value ?? 0, 0.7432436130697786))
    let oneClass = ClassificationMetrics(logits: [1, 2], labels: [1, 1])
    #expect(oneClass.auroc == nil && oneClass.auprc == nil && oneClass.accuracy.value == 1)
  }

  /// One sum has other last digits where its terms are added in another order; ranks do not depend on them.
  @Test func roundingDoesNotBreakTies() throws {
    var random = CounterRandom(seed: 2, purpose: .simulation)
    let levels: [Float] = [-3.25, -0.1, 1e-20, 0.3, 0.7, 12]
    let exact = (0..<400).map { _ in levels[random.below(levels.count)] }
    let labels = exact.map { UInt8(Float(random.uniform()) * 6 - 3 < $0 ? 1 : 0) }
    let rounded = exact.map { score in (0..<random.below(4)).reduce(score) { value, _ in value.nextUp } }
    #expect(Set(rounded.map(\.bitPattern)).count > 2 * levels.count)
    #expect(
      Metrics.auroc(scores: rounded, labels: labels)?.value
        == Metrics.auroc(scores: exact, labels: labels)?.value)
    #expect(
      Metrics.averagePrecision(scores: rounded, labels: labels)
        == Metrics.averagePrecision(scores: exact, labels: labels))
    // Whoever asks for at least a threshold gets all that are tied with it.
    let curve = try #require(Metrics.rocCurve(scores: rounded, labels: labels))
    #expect(curve.thresholds.count == Set(exact).count + 1)
    for (threshold, share) in zip(curve.thresholds, curve.y) {
      let called = rounded.indices.count { labels[$0] == 1 && rounded[$0] >= threshold }
      #expect(Double(called) / Double(labels.count { $0 == 1 }) == share)
    }
    let infinite: [Float] = [.infinity, 5, -.infinity, -.infinity]
    #expect(Metrics.auroc(scores: infinite, labels: [1, 0, 1, 0])?.value == 0.625)
  }
}
