import Foundation
import NeuralNetworks
import Runtime
import Sequences
import Testing

/// Losses and their derivatives agree with PyTorch (`Golden/losses.py`) and with finite differences.
@Suite struct LossTests {
  struct Golden: Decodable {
    let targets: [Double]
    let losses: [Double]
    let gradient: [Double]
  }

  static let golden: [String: Golden] = goldenFile("losses.json")
  private static let (count, outputs) = (7, 4)
  /// BPNet's: the shape of a profile, and the logarithm of its sum.
  static let profileAndCount = Objective(heads: [
    Head("profile", loss: .multinomial, outputs: ["1", "2", "3"]),
    Head("count", loss: .meanSquaredLogError, outputs: ["count"], weight: 0.5),
  ])

  @Test(arguments: golden.keys.sorted()) func agreesWithPyTorch(_ name: String) throws {
    let golden = try #require(Self.golden[name])
    let objective = try #require(
      name == "profile and count"
        ? Self.profileAndCount : Loss(rawValue: String(name.prefix { $0 != "," })).map { self.objective($0) })
    let targets = Targets(outputs: Self.outputs, values: golden.targets.map(Float.init))
    let weights = name.hasSuffix("balanced") ? try objective.balancedWeights(targets) : []
    let focusing = name.firstMatch(of: /gamma ([0-9.]+)/).flatMap { Double($0.1) } ?? 0
    for s in 0..<Self.count {
      let z = (0..<Self.outputs).map { Float(3 * sin(1.3 * Double(s * Self.outputs + $0))) }
      let row = Array(targets.values[s * Self.outputs..<(s + 1) * Self.outputs])
      let (score, gradient) = evaluate(objective, z, row, weights, focusing: focusing)
      #expect(abs(score.loss - golden.losses[s]) < 1e-6 * max(1, golden.losses[s]))
      for o in z.indices { #expect(abs(gradient[o] - golden.gradient[s * Self.outputs + o]) < 1e-6) }
    }
  }

  @Test(arguments: Loss.allCases) func derivativeByFiniteDifferences(_ loss: Loss) {
    // Powers of two, so that steps of the 32-bit outputs are exact.
    let step: Float = 0x1p-10
    let z: [Float] = [0.5, -1.25, 2, 0.125]
    let targets: [Float] = [0, 1, 0, 0]
    let weights = [0.5, 2, 1, 3, 0.25, 1, 1, 1.5]
    let gradient = evaluate(loss, z, targets, weights).gradient
    for i in z.indices {
      func moved(_ sign: Float) -> Double {
        var moved = z
        moved[i] += sign * step
        return evaluate(loss, moved, targets, weights).score.loss
      }
      #expect(abs((moved(1) - moved(-1)) / Double(2 * step) - gradient[i]) < 1e-5)
    }
  }

  @Test(arguments: [0.5, 1, 2, 5]) func focalDerivativeByFiniteDifferences(_ gamma: Double) {
    let objective = objective(.binaryCrossEntropy)
    let step: Float = 0x1p-10
    let z: [Float] = [0.5, -1.25, 2, 0.125]
    let (targets, weights): ([Float], [Double]) = ([0, 1, 0.25, 0.75], [0.5, 2, 1, 3, 0.25, 1, 1, 1.5])
    let gradient = evaluate(objective, z, targets, weights, focusing: gamma).gradient
    for i in z.indices {
      func moved(_ sign: Float) -> Double {
        var moved = z
        moved[i] += sign * step
        return evaluate(objective, moved, targets, weights, focusing: gamma).score.loss
      }
      #expect(abs((moved(1) - moved(-1)) / Double(2 * step) - gradient[i]) < 1e-5)
    }
    for z: Float in [-1e30, -800, 800, 1e30] {
      for y: Float in [0, 1] {
        let (score, gradient) = evaluate(
          self.objective(.binaryCrossEntropy, outputs: 1), [z], [y], [], focusing: gamma)
        #expect(score.loss.isFinite && gradient[0].isFinite)
      }
    }
  }

  @Test(arguments: Loss.allCases) func unknownTargetsAddNothing(_ loss: Loss) {
    let (score, gradient) = evaluate(loss, [1, 2], [.nan, .nan], [])
    #expect(score == Score() && gradient == [0, 0])
    guard !loss.sharesOutputs else { return }
    let (half, halfGradient) = evaluate(loss, [1, 2], [.nan, 1], [])
    #expect(half.known == 1 && halfGradient[0] == 0 && halfGradient[1] != 0)
    #expect(half.loss == evaluate(loss, [2, 2], [.nan, 1], []).score.loss)
  }

  /// Each head in the units of its targets, each with its metrics.
  @Test func headsOfAProfileAndACount() throws {
    var objective = Self.profileAndCount
    objective.heads[0].outputs.append("4")
    let logits: [Float] = [
      0, log(3), 0, 0, log(21), log(2), log(2), 0, 0, log(11), 0, 0, 1, 0, 2, 1, 0, 0, 0, 1,
    ]
    let predictions = objective.predictions(logits)
    let sixth = 1.0 / 6
    let expected = [sixth, 0.5, sixth, sixth, 20, 2 * sixth, 2 * sixth, sixth, sixth, 10]
    for (found, expected) in zip(predictions, expected) {
      #expect(abs(Double(found) - expected) < 1e-5)
    }
    #expect(
      objective.metrics.map(\.name) == [
        "loss", "profile_pearson", "profile_jensen_shannon", "count_mean_squared_error", "count_pearson",
        "count_spearman",
      ])
    #expect(objective.ranges == [0..<4, 4..<5] && !objective.isBinary && objective.loss == nil)
    let set = try DataSet(
      SequenceSet(codes: [0, 0, 0, 0], starts: [0, 1, 2, 3, 4]),
      targets: Targets(
        outputs: 5,
        values: [4, 12, 4, 4, 24, 4, 4, 2, 2, 12, 1, 1, 3, 1, 6, 3, 1, 1, 1, 6]),
      objective: objective)
    let found = ObjectiveMetrics(logits: logits, on: set)
    #expect(found.outputs.map(\.name) == ["profile", "count"])
    let profile = try #require(found.value(Metric(.pearson, head: "profile")))
    #expect(profile > 0.99 && found.estimate(Metric(.pearson, head: "profile")) != nil)
    #expect(found.value(Metric(.meanSquaredError, head: "count"))! < 0.3)
    #expect(found.value(Metric(.pearson, head: "count"))! > 0.8)
  }

  @Test func saturatedOutputsStayFinite() {
    for z: Float in [-1e30, -800, 800, 1e30] {
      for y: Float in [0, 1] {
        let (score, gradient) = evaluate(.binaryCrossEntropy, [z], [y], [])
        #expect(score.loss.isFinite && gradient[0].isFinite && abs(gradient[0]) <= 1)
        let (many, slopes) = evaluate(.categoricalCrossEntropy, [z, 0], [y, 1 - y], [])
        #expect(many.loss.isFinite && slopes.allSatisfy(\.isFinite))
      }
    }
  }

  @Test func accuracyCountsKnownAnswers() {
    let targets = Targets(outputs: 2, values: [1, .nan, 0, 1, 1, 0])
    let (_, accuracy) = objective(.binaryCrossEntropy, outputs: 2).mean([2, 9, 1, 1, -1, -1], targets)
    #expect(accuracy == 3.0 / 5)
    #expect(
      objective(.meanSquaredError, outputs: 1).mean([0, 0], Targets(outputs: 1, values: [1, 3])) == (5, nil))
    #expect(
      objective(.categoricalCrossEntropy, outputs: 2).mean(
        [1, 2, 2, 1], Targets(outputs: 2, values: [0, 1, 0, 1])
      ).accuracy
        == 0.5)
  }

  @Test func targetsThatDoNotFit() throws {
    var sequences = SequenceSet()
    for name in ["a", "b"] { sequences.append([UInt8](repeating: 0, count: 5), name: name) }
    let network = Network(input: .dna(length: 5)) {
      Flatten()
      Dense(1)
    }
    func trained(_ values: [Float], _ loss: Loss, outputs: Int = 1) throws {
      _ = try network.trained(on: dataSet(sequences, outputs: outputs, values, loss))
    }
    for (values, loss, reason) in [
      ([0, 2], .binaryCrossEntropy, "b has a target of 2.0; binary cross-entropy needs numbers from 0 to 1"),
      ([-1, 0], .poisson, "a has a target of -1.0; the Poisson loss needs counts"),
      ([0, .infinity], .meanSquaredError, "b has a target of inf; mean squared error needs numbers"),
      ([0], .meanSquaredError, "1 rows of targets for 2 sequences"),
      (
        [0, 1], .categoricalCrossEntropy,
        "categorical cross-entropy needs a network with an output for each class, two or more"
      ),
    ] as [([Float], Loss, String)] {
      #expect(throws: InputError(reason)) { try trained(values, loss) }
    }
    #expect(throws: InputError("2 targets for each sequence, but the network has 1 outputs")) {
      try trained([0, 1, 0, 1], .meanSquaredError, outputs: 2)
    }
    #expect(throws: InputError("labels must be class numbers from 0 to 2")) {
      try Targets(classes: [0, 3], count: 3)
    }
    #expect(throws: InputError("mean squared error has no classes to balance")) {
      try objective(.meanSquaredError, outputs: 1).balancedWeights(Targets(outputs: 1, values: [1]))
    }
  }

  private func objective(_ loss: Loss, outputs: Int = Self.outputs) -> Objective {
    Objective(loss: loss, columns: [], outputs: (0..<outputs).map(String.init))
  }

  private func evaluate(
    _ objective: Objective, _ z: [Float], _ targets: [Float], _ weights: [Double], focusing: Double = 0
  ) -> (score: Score, gradient: [Double]) {
    var gradient = [Double](repeating: .nan, count: z.count)
    let score = z.withUnsafeBufferPointer { z in
      gradient.withUnsafeMutableBufferPointer { gradient in
        objective.evaluate(
          z, targets, weights: weights, focusing: focusing, gradient: gradient.baseAddress!)
      }
    }
    return (score, gradient)
  }

  private func evaluate(_ loss: Loss, _ z: [Float], _ targets: [Float], _ weights: [Double])
    -> (score: Score, gradient: [Double])
  {
    evaluate(objective(loss, outputs: z.count), z, targets, weights)
  }
}
