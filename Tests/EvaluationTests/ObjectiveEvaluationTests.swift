import Evaluation
import Foundation
import NeuralNetworks
import Sequences
import Statistics
import Testing

/// Two networks on a table of numbers and on one of classes: scikit-learn's and SciPy's numbers (`Golden/objectives.py`).
@Suite struct ObjectiveEvaluationTests {
  struct Golden: Decodable, Sendable {
    struct Test: Decodable, Sendable {
      let difference, p, low, high: Double
    }

    let targets: [Float]
    /// Of both networks.
    let logits: [[Float]]
    /// [network][fold][metric]
    let folds: [[[String: Double]]]
    let correctedP: [String: Double]
    let pairedT: Test
    let mcnemar: Double?

    enum CodingKeys: String, CodingKey {
      case targets, logits, folds, mcnemar
      case correctedP = "corrected_p"
      case pairedT = "paired_t"
    }
  }

  static let golden: [String: Golden] = {
    let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("Golden/objectives.json")
    do { return try JSONDecoder().decode([String: Golden].self, from: Data(contentsOf: path)) } catch {
      fatalError("\(error)")
    }
  }()
  private static let (count, folds) = (60, 5)

  private func data(_ name: String, _ golden: Golden) throws -> DataSet {
    let outputs = golden.targets.count / Self.count
    let names = (0..<outputs).map { "output\($0)" }
    let isClass = name == "classes"
    return try DataSet(
      SequenceSet(codes: [UInt8](repeating: 0, count: Self.count), starts: Array(0...Self.count)),
      targets: Targets(outputs: outputs, values: golden.targets),
      objective: Objective(
        loss: isClass ? .categoricalCrossEntropy : .meanSquaredError, columns: isClass ? ["kind"] : names,
        outputs: names))
  }

  @Test(arguments: golden.keys.sorted()) func metricsOfFolds(_ name: String) throws {
    let golden = try #require(Self.golden[name])
    let set = try data(name, golden)
    let width = set.objective.outputs.count
    var values: [[[Metric: Double]]] = []
    for (network, logits) in golden.logits.enumerated() {
      values.append([])
      for fold in 0..<Self.folds {
        let rows = Array(stride(from: fold, to: Self.count, by: Self.folds))
        let own = rows.flatMap { logits[$0 * width..<($0 + 1) * width] }
        let found = ObjectiveMetrics.values(logits: own, on: set.subset(rows))
        let expected = golden.folds[network][fold]
        #expect(Set(found.keys.map(\.name)) == Set(expected.keys))
        for (metric, value) in found {
          #expect(abs(value - expected[metric.name]!) < 1e-6, "\(name), fold \(fold), \(metric.name)")
        }
        values[network].append(found)
      }
    }
    for (metric, expected) in golden.correctedP {
      let differences = zip(values[0], values[1]).map { pair in
        set.objective.metrics.first { $0.name == metric }.map { pair.0[$0]! - pair.1[$0]! }!
      }
      #expect(abs(FoldMean(differences).correctedPValue - expected) < 1e-5, "\(name), \(metric)")
    }
  }

  @Test(arguments: golden.keys.sorted()) func pairedTests(_ name: String) throws {
    let golden = try #require(Self.golden[name])
    let set = try data(name, golden)
    let found = NetworkComparison(first: golden.logits[0], second: golden.logits[1], on: set)
    let loss = try #require(found.loss)
    #expect(found.binary == nil)
    #expect(abs(loss.difference.value - golden.pairedT.difference) < 1e-6)
    #expect(abs(loss.difference.low - golden.pairedT.low) < 1e-6)
    #expect(abs(loss.difference.high - golden.pairedT.high) < 1e-6)
    #expect(abs(loss.pValue - golden.pairedT.p) < 1e-6)
    guard let mcnemar = golden.mcnemar else { return }
    let right = golden.logits.map { logits in
      set.objective.scores(logits, set.targets).map { $0.right == 1 }
    }
    let accuracy = PairedComparison.accuracy(firstRight: right[0], secondRight: right[1])
    #expect(abs(accuracy.pValue - mcnemar) < 1e-12)
  }

  /// Folds keep classes in proportion, and numbers need no classes.
  @Test func foldsOfEveryObjective() throws {
    for (name, golden) in Self.golden {
      let set = try data(name, golden)
      let folds = try Folds(of: set, count: 4, seed: 1)
      #expect(folds.parts.allSatisfy { (14...16).contains($0.test.count) })
      guard name == "classes" else { continue }
      for stratum in 0..<3 {
        let total = set.strata.count { $0 == stratum }
        for part in folds.parts {
          let count = part.test.count { set.strata[$0] == stratum }
          #expect(abs(Double(count) - Double(total) / 4) < 1)
        }
      }
      let error = #expect(throws: (any Error).self) { try Folds(of: set, count: 40, seed: 1) }
      #expect("\(error!)".contains("have the class output"))
    }
  }
}
