import Foundation
import NeuralNetworks
import Runtime
import Sequences
import Statistics

/// How well a network predicts the targets of its objective, output by output.
public struct TargetMetrics: Codable, Equatable, Sendable {
  /// One output's answers; sequences whose target is not known do not count.
  public struct Output: Codable, Equatable, Sendable {
    /// Column or class.
    public let name: String
    /// Sequences whose target is known.
    public let sequences: Int
    /// What is measured, by name: `auroc`, `auprc`, `accuracy` for yes and no and for each class against the others;
    /// `mean_squared_error`, `pearson`, `spearman` for numbers and counts. What cannot be measured is left out.
    public let metrics: [String: Estimate]
  }

  /// The mean of the loss that the network was trained with, over sequences, without class weights.
  public let loss: Estimate
  /// Share of sequences whose class has the largest output; for `categoricalCrossEntropy` only.
  public let accuracy: Estimate?
  public let outputs: [Output]

  /// The names of the metrics for a loss, in the order of a table.
  public static func names(for loss: Loss) -> [String] {
    loss.hasAccuracy ? ["auroc", "auprc", "accuracy"] : ["mean_squared_error", "pearson", "spearman"]
  }

  /// The mean of each metric over the outputs that have it.
  public var means: [String: Double] {
    Dictionary(grouping: outputs.flatMap(\.metrics), by: \.key)
      .mapValues { entries in entries.map(\.value.value).reduce(0, +) / Double(entries.count) }
  }

  /// - Parameters:
  ///   - logits: (sequences, outputs) row-major.
  ///   - seed: of the bootstrap behind the intervals of AUPRC.
  public init(
    logits: [Float], targets: Targets, objective: Objective, confidence: Double = 0.95, seed: UInt64 = 0,
    threads: Int = Parallel.threads
  ) {
    let (count, width) = (targets.count, targets.outputs)
    precondition(logits.count == targets.values.count && objective.outputs.count == width && count > 0)
    let rows = (0..<count).map { row in
      objective.loss.mean(
        Array(logits[row * width..<(row + 1) * width]),
        Targets(outputs: width, values: Array(targets.values[row * width..<(row + 1) * width])))
    }
    // The Poisson loss may be negative.
    loss = Metrics.mean(
      rows.map(\.loss), bounds: objective.loss == .poisson ? -.infinity ... .infinity : 0 ... .infinity,
      confidence: confidence)
    let isCategorical = objective.loss == .categoricalCrossEntropy
    accuracy =
      isCategorical
      ? Metrics.proportion(rows.count { $0.accuracy == 1 }, of: count, confidence: confidence) : nil
    let scores = isCategorical ? Self.oddsAgainstOthers(logits, width) : objective.predictions(logits)
    outputs = objective.outputs.indices.map { output in
      let known = (0..<count).filter { !targets.values[$0 * width + output].isNaN }
      let answers = known.map { targets.values[$0 * width + output] }
      let values = known.map {
        (objective.loss == .binaryCrossEntropy ? logits : scores)[$0 * width + output]
      }
      var metrics: [String: Estimate?] = [:]
      if objective.loss.hasAccuracy, !known.isEmpty {
        let labels: [UInt8] = answers.map { $0 > 0.5 ? 1 : 0 }
        let found = ClassificationMetrics(
          logits: values, labels: labels, confidence: confidence, seed: seed, threads: threads)
        metrics = ["auroc": found.auroc, "auprc": found.auprc, "accuracy": found.accuracy]
      } else if !known.isEmpty {
        metrics = [
          "mean_squared_error": Metrics.meanSquaredError(values, answers, confidence: confidence),
          "pearson": Metrics.pearson(values, answers, confidence: confidence),
          "spearman": Metrics.spearman(values, answers, confidence: confidence),
        ]
      }
      return Output(
        name: objective.outputs[output], sequences: known.count, metrics: metrics.compactMapValues { $0 })
    }
  }

  /// log p / (1 − p) of each class's share p by the softmax: above 0 where it is likelier than all others together.
  private static func oddsAgainstOthers(_ logits: [Float], _ width: Int) -> [Float] {
    stride(from: 0, to: logits.count, by: width).flatMap { row -> [Float] in
      let z = logits[row..<row + width].map(Double.init)
      return z.indices.map { k in
        let others = z.indices.filter { $0 != k }.map { z[$0] }
        let largest = others.max()!
        return Float(z[k] - largest - log(others.reduce(0) { $0 + exp($1 - largest) }))
      }
    }
  }
}
