import Evaluation
import Interpretation
import Motifs
import NeuralNetworks
import Runtime
import Sequences
import Statistics

/// The same network trained from several seeds, each measured and read the same way.
public struct SeedRuns: Sendable {
  /// One seed.
  public struct Run: Sendable {
    /// Of the first weights, the order of the sequences and dropout.
    public let seed: UInt64
    public let metrics: ObjectiveMetrics
    /// Motifs of the filters that have one worth reading.
    public let motifs: [Motif]
    /// Filters in all.
    public let filters: Int
    /// Input × gradient of the explained sequences, (sequences, length).
    public let scores: [Float]
  }

  public let runs: [Run]
  /// Sequences that were explained: test positives, or any where the question is not yes or no; by the first output.
  public let explained: Int

  private static let explainedCount = 200

  /// - Parameters:
  ///   - seeds: how many; `options.seed`, and those that follow.
  ///   - rule: that makes motifs of the filters of the first convolution, on the test sequences.
  ///   - progress: called with the sequences done in all trainings.
  /// - Throws: `InputError` if the sequences or the rule do not fit the network.
  public init(
    _ architecture: Architecture, train: DataSet, test: DataSet, seeds: Int,
    options: TrainingOptions = TrainingOptions(), rule: FilterMotifRule = .halfMax,
    threads: Int = Parallel.threads, progress: @escaping (Int) -> Void = { _ in }
  ) throws {
    precondition(seeds >= 2, "seeds to compare")
    // Where there is no yes and no, all sequences have something to explain.
    let candidates = test.labels.isEmpty ? Array(0..<test.count) : test.indices(label: 1)
    let sample = test.sequences.subset(
      SequenceSet.sample(candidates, Self.explainedCount, seed: options.seed))
    explained = sample.count
    guard let layer = architecture.convolutions.first else {
      throw InputError("the network has no convolution whose filters could be compared")
    }
    let each = options.epochs * train.count
    runs = try (0..<seeds).map { index in
      var options = options
      options.seed &+= UInt64(index)
      let network = try Network(architecture: architecture, seed: options.seed)
        .trained(on: train, options: options, threads: threads, progress: { progress(index * each + $0) })
        .network
      let analysis = try FilterAnalysis(
        network, layer: layer, on: LabeledSequences(test.sequences), rules: [rule], targets: [],
        threads: threads)
      let reading = analysis.readings[0]
      return Run(
        seed: options.seed,
        metrics: ObjectiveMetrics(
          logits: try network.finiteLogits(of: test.sequences, threads: threads), on: test,
          seed: options.seed,
          threads: threads),
        motifs: reading.motifs.filter { reading.isReadable($0.filter) }.compactMap { filter in
          guard var motif = reading.trimmed[filter.filter] else { return nil }
          motif.identifier = "seed\(options.seed)_\(filter.name)"
          return motif
        }, filters: analysis.filters,
        scores: try network.attributions(.inputXGradient, of: sample, threads: threads).scores)
    }
  }
}
