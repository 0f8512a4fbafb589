import Foundation
import Runtime
import Statistics

/// How well a network answers what it was asked, by the metrics of its objective: overall and for each output.
public struct ObjectiveMetrics: Encodable, Equatable, Sendable {
  /// The answers of one output, or of a profile as a whole; sequences whose target is not known do not count.
  public struct Output: Codable, Equatable, Sendable {
    /// Column, class or profile.
    public let name: String
    /// Sequences whose target is known.
    public let sequences: Int
    /// By name: `auroc`, `auprc`, `accuracy` for yes and no and for each class against the others; `mean_squared_error`,
    /// `pearson`, `spearman` for numbers and counts (for logarithms of counts in log(1 + count)); `pearson` and
    /// `jensen_shannon` for a profile. What cannot be measured is missing.
    public let metrics: [String: Estimate]
  }

  public let objective: Objective
  /// The mean of the loss that the network was trained with, over sequences, without class weights.
  public let loss: Estimate
  /// Share of sequences whose class has the largest output; for `categoricalCrossEntropy` only.
  public let accuracy: Estimate?
  public let outputs: [Output]
  /// Sequences with the label 1 and with 0; `nil` unless the question is yes or no.
  public let positives, negatives: Int?
  /// The outputs of each head among `outputs`.
  private let ranges: [Range<Int>]

  /// - Parameters:
  ///   - logits: (sequences, outputs) row-major.
  ///   - threshold: the output above which the answer to the one question of yes and no is yes.
  ///   - intervals: whether the intervals of AUPRC, a bootstrap, are wanted; without, they are points.
  ///   - seed: of that bootstrap.
  public init(
    logits: [Float], on set: DataSet, threshold: Float = 0, confidence: Double = 0.95, intervals: Bool = true,
    seed: UInt64 = 0,
    threads: Int = Parallel.threads
  ) {
    let (count, width) = (set.count, set.targets.outputs)
    precondition(logits.count == set.targets.values.count && count > 0, "outputs for all sequences")
    objective = set.objective
    let scores = objective.scores(logits, set.targets)
    loss = Metrics.mean(
      scores.map(\.loss), bounds: objective.bounds(of: .loss), confidence: confidence)
    accuracy =
      objective.loss == .categoricalCrossEntropy
      ? Metrics.proportion(scores.count { $0.right == 1 }, of: count, confidence: confidence) : nil
    let measures = zip(objective.heads, objective.ranges).map { head, range in
      HeadMeasure(
        head: head, count: count,
        logits: (0..<count).map { logits[$0 * width + range.lowerBound..<$0 * width + range.upperBound] },
        targets: (0..<count).map { row in
          let values = set.targets[row]
          return values[values.startIndex + range.lowerBound..<values.startIndex + range.upperBound]
        }, threshold: set.objective.isBinary ? threshold : 0, confidence: confidence, intervals: intervals,
        seed: seed, threads: threads
      ).outputs
    }
    outputs = measures.flatMap { $0 }
    var first = 0
    ranges = measures.map { part in
      defer { first += part.count }
      return first..<first + part.count
    }
    let isBinary = !set.labels.isEmpty
    positives = isBinary ? set.positiveCount : nil
    negatives = isBinary ? count - set.positiveCount : nil
  }

  /// Point values of all metrics of the objective; those that cannot be measured are missing.
  public static func values(logits: [Float], on set: DataSet) -> [Metric: Double] {
    let found = ObjectiveMetrics(logits: logits, on: set, intervals: false, threads: 1)
    return Dictionary(
      uniqueKeysWithValues: set.objective.metrics.compactMap { metric in
        found.value(metric).map { (metric, $0) }
      })
  }

  /// A metric over all outputs of its head: the mean of those that have it. Of classes, accuracy is that of the class with
  /// the largest output.
  public func value(_ metric: Metric) -> Double? {
    if let estimate = estimate(metric) { return estimate.value }
    let values = outputs(of: metric).compactMap { $0.metrics[metric.kind.rawValue]?.value }
    return values.isEmpty ? nil : values.reduce(0, +) / Double(values.count)
  }

  /// A metric with its interval; `nil` for the mean of several outputs.
  public func estimate(_ metric: Metric) -> Estimate? {
    if metric.kind == .loss { return loss }
    if metric.kind == .accuracy, let accuracy { return accuracy }
    let outputs = outputs(of: metric)
    return outputs.count == 1 ? outputs.first?.metrics[metric.kind.rawValue] : nil
  }

  private func outputs(of metric: Metric) -> ArraySlice<Output> {
    let head = metric.head.flatMap { name in objective.heads.firstIndex { $0.name == name } } ?? 0
    return outputs[ranges[head]]
  }

  /// The names of the metrics of single outputs, in the order of a table.
  public var outputMetrics: [String] {
    let kinds = objective.heads.flatMap { head -> [Metric.Kind] in
      switch head.loss {
      case .binaryCrossEntropy, .categoricalCrossEntropy: [.auroc, .auprc, .accuracy]
      case .meanSquaredError, .poisson, .meanSquaredLogError: [.meanSquaredError, .pearson, .spearman]
      case .multinomial: [.pearson, .jensenShannon]
      }
    }
    return kinds.reduce(into: []) { if !$0.contains($1.rawValue) { $0.append($1.rawValue) } }
  }

  /// The mean of each metric over the outputs that have it.
  public var means: [String: Double] {
    Dictionary(grouping: outputs.flatMap(\.metrics), by: \.key)
      .mapValues { entries in entries.map(\.value.value).reduce(0, +) / Double(entries.count) }
  }

  private enum Key: CodingKey { case loss, accuracy, auroc, auprc, positives, negatives, outputs }

  /// One question of yes and no has its metrics beside the loss; all else has a list of outputs.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(loss, forKey: .loss)
    guard objective == .binary, let metrics = outputs.first?.metrics else {
      try container.encodeIfPresent(accuracy, forKey: .accuracy)
      return try container.encode(outputs, forKey: .outputs)
    }
    try container.encodeIfPresent(metrics["accuracy"], forKey: .accuracy)
    try container.encodeIfPresent(metrics["auroc"], forKey: .auroc)
    try container.encodeIfPresent(metrics["auprc"], forKey: .auprc)
    try container.encodeIfPresent(positives, forKey: .positives)
    try container.encodeIfPresent(negatives, forKey: .negatives)
  }
}

/// The metrics of one head's outputs.
private struct HeadMeasure {
  let head: Head
  let count: Int
  /// Of each sequence, as many as the head has outputs.
  let logits: [ArraySlice<Float>]
  let targets: [ArraySlice<Float>]
  let threshold: Float
  let confidence: Double
  let intervals: Bool
  let seed: UInt64
  let threads: Int

  var outputs: [ObjectiveMetrics.Output] {
    head.loss == .multinomial ? [profile] : head.outputs.indices.map(output)
  }

  private func output(_ output: Int) -> ObjectiveMetrics.Output {
    func value(_ row: ArraySlice<Float>) -> Float { row[row.startIndex + output] }
    let known = (0..<count).filter { !value(targets[$0]).isNaN }
    let answers = known.map { value(targets[$0]) }
    var metrics: [Metric.Kind: Estimate?] = [:]
    switch head.loss {
    case _ where known.isEmpty: break
    case .binaryCrossEntropy, .categoricalCrossEntropy:
      let labels: [UInt8] = answers.map { $0 > 0.5 ? 1 : 0 }
      let scores =
        head.loss == .binaryCrossEntropy
        ? known.map { value(logits[$0]) } : known.map { Self.odds(logits[$0], output) }
      let auprc: Estimate? =
        intervals
        ? Metrics.auprc(
          scores: scores, labels: labels, confidence: confidence, seed: seed, threads: threads)
        : Metrics.averagePrecision(scores: scores, labels: labels)
          .map { Estimate(value: $0, low: $0, high: $0) }
      metrics = [
        .auroc: Metrics.auroc(scores: scores, labels: labels, confidence: confidence), .auprc: auprc,
        .accuracy: Metrics.accuracy(
          scores: scores, labels: labels, threshold: threshold, confidence: confidence),
      ]
    case .meanSquaredError, .poisson, .meanSquaredLogError:
      // Counts are compared where they were learned, as logarithms, unless the loss is of the counts themselves.
      let isLogarithm = head.loss == .meanSquaredLogError
      let predictions = known.map { row in
        let outputs = logits[row]
        return isLogarithm ? value(outputs) : value(head.loss.predictions(outputs)[...])
      }
      let wanted = isLogarithm ? answers.map { Float(log1p(Double($0))) } : answers
      metrics = [
        .meanSquaredError: Metrics.meanSquaredError(predictions, wanted, confidence: confidence),
        .pearson: Metrics.pearson(predictions, wanted, confidence: confidence),
        .spearman: Metrics.spearman(predictions, wanted, confidence: confidence),
      ]
    case .multinomial: break
    }
    return make(head.outputs[output], sequences: known.count, metrics)
  }

  /// Pearson's correlation of the predicted and the counted profile, mean over the sequences in which both vary, and their
  /// Jensen–Shannon distance, mean over those with counts.
  private var profile: ObjectiveMetrics.Output {
    let known = (0..<count).filter { !targets[$0].contains(where: \.isNaN) }
    let pairs = known.map { (head.loss.predictions(logits[$0]), Array(targets[$0])) }
    func mean(_ values: [Double], _ bounds: ClosedRange<Double>) -> Estimate? {
      values.isEmpty ? nil : Metrics.mean(values, bounds: bounds, confidence: confidence)
    }
    return make(
      head.name, sequences: known.count,
      [
        .pearson: mean(pairs.compactMap { Metrics.pearson($0, $1)?.value }, -1...1),
        .jensenShannon: mean(
          pairs.compactMap(Metrics.jensenShannon), 0...Metrics.greatestJensenShannon),
      ])
  }

  private func make(
    _ name: String, sequences: Int, _ metrics: [Metric.Kind: Estimate?]
  ) -> ObjectiveMetrics.Output {
    let found = metrics.compactMapValues { $0 }
    return ObjectiveMetrics.Output(
      name: name, sequences: sequences,
      metrics: Dictionary(uniqueKeysWithValues: found.map { ($0.key.rawValue, $0.value) }))
  }

  /// log p / (1 − p) of a class's share p by the softmax: above 0 where it is likelier than all others together.
  private static func odds(_ logits: ArraySlice<Float>, _ k: Int) -> Float {
    let z = logits.map(Double.init)
    let others = z.indices.filter { $0 != k }.map { z[$0] }
    let largest = others.max()!
    return Float(z[k] - largest - log(others.reduce(0) { $0 + exp($1 - largest) }))
  }
}
