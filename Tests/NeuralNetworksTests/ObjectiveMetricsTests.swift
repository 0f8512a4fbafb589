import Foundation
import NeuralNetworks
import Sequences
import Statistics
import Testing

@Suite struct ObjectiveMetricsTests {
  // import numpy as np; from scipy.stats import pearsonr, spearmanr
  // i = np.arange(12); a = np.sin(i) + 0.3 * i; b = np.round(a + np.cos(5 * i))
  // print(pearsonr(a, b).statistic, pearsonr(a, b).confidence_interval(), spearmanr(a, b).statistic, ((a - b)**2).mean())
  private static let a = (0..<12).map { Float(sin(Double($0)) + 0.3 * Double($0)) }
  private static let b = (0..<12).map {
    Float((Double(a[$0]) + cos(5 * Double($0))).rounded(.toNearestOrEven))
  }

  @Test func correlationsAgreeWithSciPy() throws {
    let pearson = try #require(Metrics.pearson(Self.a, Self.b))
    let golden = [0.7549027668100938, 0.31936114720445274, 0.9271332500686569]
    for (found, expected) in zip([pearson.value, pearson.low, pearson.high], golden) {
      #expect(abs(found - expected) < 1e-6)
    }
    let spearman = try #require(Metrics.spearman(Self.a, Self.b))
    #expect(abs(spearman.value - 0.7882314887134654) < 1e-9)
    #expect(spearman.low < spearman.value && spearman.value < spearman.high)
    #expect(abs(Metrics.meanSquaredError(Self.a, Self.b).value - 0.5775486701628201) < 1e-6)
  }

  // from scipy.spatial.distance import jensenshannon
  // print(jensenshannon([1, 2, 3, 0, 4], [2, 2, 0, 1, 0.5]), jensenshannon([1, 0], [0, 3]))
  @Test func distancesOfProfilesAgreeWithSciPy() throws {
    let found = try #require(Metrics.jensenShannon([1, 2, 3, 0, 4], [2, 2, 0, 1, 0.5]))
    #expect(abs(found - 0.520935064846704) < 1e-12)
    #expect(abs(try #require(Metrics.jensenShannon([1, 0], [0, 3])) - 0.8325546111576977) < 1e-12)
    #expect(Metrics.jensenShannon([2, 4, 6], [1, 2, 3]) == 0)
    #expect(Metrics.jensenShannon([0, 0], [1, 2]) == nil)
    #expect(Metrics.jensenShannon([1, .nan], [1, 2]) == nil)
  }

  @Test func correlationsThatDoNotExist() {
    #expect(Metrics.pearson([1, 2, 3], [1, 2, 3]) == nil)
    #expect(Metrics.pearson([1, 1, 1, 1], [1, 2, 3, 4]) == nil)
    #expect(Metrics.spearman([1, .nan, 1, 1], [1, 2, 3, 4]) == nil)
    #expect(Metrics.pearson([1, 2, 3, 4], [2, 4, 6, 8]) == Estimate(value: 1, low: 1, high: 1))
    #expect(Metrics.spearman([1, 2, 3, 4], [-1, -4, -9, -16])?.value == -1)
  }

  private func measured(_ logits: [Float], _ targets: Targets, _ objective: Objective) throws
    -> ObjectiveMetrics
  {
    let sequences = SequenceSet(
      codes: [UInt8](repeating: 0, count: targets.count), starts: Array(0...targets.count))
    return ObjectiveMetrics(
      logits: logits, on: try DataSet(sequences, targets: targets, objective: objective))
  }

  @Test func unknownTargetsDoNotCount() throws {
    let objective = Objective(loss: .binaryCrossEntropy, columns: ["x", "y"], outputs: ["x", "y"])
    let metrics = try measured(
      [3, -1, -2, 1, 2, 9, -1, 7], Targets(outputs: 2, values: [1, 0, 0, 1, 0, .nan, 1, .nan]), objective)
    #expect(metrics.outputs.map(\.sequences) == [4, 2])
    #expect(metrics.outputs[0].metrics["accuracy"]?.value == 0.5)
    #expect(metrics.outputs[0].metrics["auroc"]?.value == 0.75)
    #expect(metrics.outputs[1].metrics["auroc"]?.value == 1)
    #expect(metrics.means["auroc"] == 0.875)
    #expect(metrics.accuracy == nil)
  }

  @Test func classesAgainstTheOthers() throws {
    let objective = Objective(loss: .categoricalCrossEntropy, columns: ["kind"], outputs: ["a", "b", "c"])
    let metrics = try measured(
      [2, 1, 0, 0, 3, 1, 1, 0, 0.5, 0, 0, 5],
      Targets(outputs: 3, values: [1, 0, 0, 0, 1, 0, 0, 1, 0, 0, 0, 1]), objective)
    #expect(metrics.accuracy?.value == 0.75)
    #expect(metrics.outputs.map(\.name) == ["a", "b", "c"])
    #expect(metrics.outputs[0].metrics["auroc"]?.value == 1)
    // Shares of b: 0.24, 0.84, 0.19, 0.01; its sequences are the second and third.
    #expect(metrics.outputs[1].metrics["auroc"]?.value == 0.75)
  }

  @Test func countsAreComparedWithRates() throws {
    let objective = Objective(loss: .poisson, columns: ["n"], outputs: ["n"])
    let logits: [Float] = [0, 1, 2, 0.5]
    let rates = logits.map { Float(exp(Double($0))) }
    let metrics = try measured(
      logits, Targets(outputs: 1, values: rates), objective)
    #expect(metrics.outputs[0].metrics["mean_squared_error"]?.value ?? 1 < 1e-12)
    #expect(metrics.outputs[0].metrics["pearson"]?.value ?? 0 > 0.999_999)
    #expect(metrics.loss.value < 0)
  }
}
