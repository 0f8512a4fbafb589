import NeuralNetworks
import Runtime

/// Smaller and smaller networks, down to the smallest that is still good enough.
///
/// Filters are halved until too much is lost; then the range between the last network that was good enough and the
/// first that was not is halved. Each network is pruned from the smallest good one so far and trained on.
public struct PruningCurve: Sendable {
  public struct Step: Sendable {
    /// Filters of each pruned layer.
    public let filters: [Int]
    public let network: Network
    /// The metric right after pruning and after training on; NaN where it cannot be measured.
    public let pruned, tuned: Double
  }

  public let metric: Metric
  /// The largest loss of the metric that is good enough.
  public let drop: Double
  public let original: Step
  /// In the order in which they were tried.
  public private(set) var steps: [Step] = []
  /// The smallest network that is good enough; the original if there is none.
  public private(set) var smallest: Step

  /// - Parameters:
  ///   - pruning: the criterion and the layers; how many to keep is what is sought.
  ///   - set: the sequences that filters are judged on and networks train on.
  ///   - test: the sequences that the metric is measured on.
  ///   - progress: called with the number of networks tried.
  /// - Throws: `InputError` if the metric does not judge the objective or cannot be measured, and as
  ///   `Network.pruned` and `fineTuned` do.
  public init(
    _ network: Network, _ pruning: Pruning, on set: DataSet, testedOn test: DataSet, metric: Metric,
    drop: Double, options: TrainingOptions, threads: Int = Parallel.threads,
    progress: (Int) -> Void = { _ in }
  ) throws {
    let known = set.objective.metrics
    guard known.contains(metric) else {
      throw InputError(
        "\(metric.name) does not judge this objective; expected one of \(known.map(\.name).joined(separator: ", "))"
      )
    }
    let layers = pruning.layers(of: network)
    func filters(_ network: Network) -> [Int] { layers.map { network.architecture.shapes[$0].channels } }
    func value(_ network: Network) throws -> Double {
      let logits = try network.finiteLogits(of: test.sequences, threads: threads)
      return ObjectiveMetrics.values(logits: logits, on: test)[metric] ?? .nan
    }
    let whole = try value(network)
    guard whole.isFinite else { throw InputError("\(metric.name) cannot be measured on these sequences") }
    (self.metric, self.drop) = (metric, drop)
    original = Step(filters: filters(network), network: network, pruned: whole, tuned: whole)
    smallest = original

    // Of the widest layer; the others shrink with it.
    var (good, bad) = (original.filters.max() ?? 1, 0)
    while good - bad > 1 {
      let count = (good + bad) / 2
      var next = pruning
      next.keep = .share(Double(count) / Double(good))
      let smaller = try smallest.network.pruned(next, on: set, threads: threads).network
      let tuned = try smaller.fineTuned(on: set, options: options, threads: threads)
      let step = Step(
        filters: filters(tuned), network: tuned, pruned: try value(smaller), tuned: try value(tuned))
      steps.append(step)
      progress(steps.count)
      let loss = metric.isLowerBetter ? step.tuned - whole : whole - step.tuned
      if loss <= drop { (good, smallest) = (count, step) } else { bad = count }
    }
  }
}
