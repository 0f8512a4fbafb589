import Evaluation
import Interpretation
import NeuralNetworks
import Sequences
import Statistics

/// The interpreted network with fewer filters.
public struct PruningResult: Sendable {
  /// What says whether a smaller network is as good.
  public enum Measure: Sendable { case accuracy, auroc }

  /// One smaller network.
  public struct Step: Sendable {
    /// Filters of the first convolution.
    public let filters: Int
    public let network: Network
    /// On the test sequences, before and after training on.
    public let accuracyBefore: Estimate
    public let accuracy: Estimate
    /// `nil` for test sequences of one class.
    public let aurocBefore, auroc: Estimate?

    /// After training on.
    public func value(_ measure: Measure) -> Estimate { measure == .auroc ? auroc ?? accuracy : accuracy }

    public func valueBefore(_ measure: Measure) -> Estimate {
      measure == .auroc ? aurocBefore ?? accuracyBefore : accuracyBefore
    }
  }

  /// AUROC where always naming the more frequent class is accurate: the fewest filters do that.
  public let measure: Measure

  /// The whole network.
  public let original: Step
  /// From many filters to few. Half of them is among the numbers.
  public let steps: [Step]
  /// Without the filters that change no output.
  public let lossless: Network
  /// Whether its logits of all test sequences are those of the whole network, to the last bit.
  public let isLosslessEqual: Bool
  /// Epochs of training on after pruning.
  public let epochs: Int

  /// Without the filters that change no output.
  public var losslessStep: Step {
    Step(
      filters: lossless.architecture.shapes[0].channels, network: lossless, accuracyBefore: original.accuracy,
      accuracy: original.accuracy, aurocBefore: original.auroc, auroc: original.auroc)
  }
  /// The step with half of the filters.
  public var half: Step { steps.first { $0.filters == max(1, original.filters / 2) } ?? original }
  /// The fewest filters that cost at most this much accuracy or AUROC.
  public func fewest(costing loss: Double) -> Step {
    steps.filter { $0.value(measure).value >= original.value(measure).value - loss }.min {
      $0.filters < $1.filters
    }
      ?? original
  }
}

extension PruningResult {
  /// The most sequences that filters are judged on.
  private static let sampleSize = 10_000

  /// Halves the filters again and again: takes those of least influence on the training loss, trains on, and measures on
  /// the test sequences.
  init(
    _ result: NetworkResult, data: StudyData, training: TrainingOptions,
    progress: (_ done: Int, _ total: Int) -> Void
  ) throws {
    let filters = try result.network.firstConvolution().filters
    var tuning = training
    tuning.epochs = max(1, min(3, training.epochs))
    tuning.earlyStopping = nil
    epochs = tuning.epochs
    let labels = data.test.labels
    let auroc = result.metrics.auroc
    measure = data.isImbalanced && auroc != nil ? .auroc : .accuracy
    original = Step(
      filters: filters, network: result.network, accuracyBefore: result.accuracy, accuracy: result.accuracy,
      aurocBefore: auroc, auroc: auroc)
    let sample = data.train.stratifiedSample(atMost: Self.sampleSize, seed: training.seed)
    let counts = Array(sequence(first: filters / 2) { $0 / 2 }.prefix { $0 >= max(1, filters / 32) })
    var steps: [Step] = []
    var network = result.network
    for count in counts {
      progress(steps.count, counts.count)
      var pruning = Pruning()
      pruning.criterion = .influence
      pruning.keep = .count(count)
      let pruned = try network.pruned(pruning, on: sample).network
      network = try pruned.fineTuned(on: data.train, options: tuning)
      let before = try pruned.finiteLogits(of: data.test.sequences)
      let after = try network.finiteLogits(of: data.test.sequences)
      steps.append(
        Step(
          filters: count, network: network, accuracyBefore: Metrics.accuracy(scores: before, labels: labels),
          accuracy: Metrics.accuracy(scores: after, labels: labels),
          aurocBefore: Metrics.auroc(scores: before, labels: labels),
          auroc: Metrics.auroc(scores: after, labels: labels)))
    }
    self.steps = steps
    lossless = try result.network.losslesslyPruned()
    isLosslessEqual = try lossless.finiteLogits(of: data.test.sequences) == result.logits
  }
}

extension DataSet {
  /// At most `count` of the sequences, drawn at random with the classes in proportion.
  func stratifiedSample(atMost count: Int, seed: UInt64) -> DataSet {
    guard count < self.count else { return self }
    let share = Double(count) / Double(self.count)
    return subset(Splits.stratified(labels: strata, fractions: [share, 1 - share], seed: seed)[0])
  }
}
