import NeuralNetworks
import Runtime
import Sequences

extension Network {
  /// What the mean loss (nats) rises by when a filter is replaced by its mean, (F).
  ///
  /// Kelley, Snoek & Rinn 2016 (Basset): filter influence. The mean is taken where the next layer with weights sees the
  /// filter, behind pooling; behind `Flatten` at each position. A layer's only
  /// filter is infinitely influential.
  ///
  /// - Throws: `InputError` if the layer is no convolution followed by weights, the network has several outputs, or the
  ///   sequences have no labels or another length.
  public func filterInfluence(
    layer: Int = 0, on sequences: SequenceSet, threads: Int = Parallel.threads
  ) throws -> [Double] {
    try requireOneOutput()
    guard sequences.isLabeled else { throw InputError("influence on the loss needs labelled sequences") }
    let features = try filterFeatures(layer: layer, on: sequences, threads: threads)
    let loss = loss(sequences, threads: threads)
    guard features.means.count > 1 else { return [.infinity] }
    return try features.means.indices.map { filter in
      let without = try removing(
        filters: [layer: [filter]],
        standIns: [layer: [filter: StandIn(constants: features.means[filter])]])
      return without.loss(sequences, threads: threads) - loss
    }
  }

  func requireOneOutput() throws {
    guard architecture.outputCount == 1 else {
      throw InputError("a network with one output is needed, but this one has several")
    }
  }

  /// Mean binary cross-entropy in nats.
  func loss(_ sequences: SequenceSet, threads: Int) -> Double {
    BinaryCrossEntropy.evaluate(logits(sequences, threads: threads), sequences.labels).loss
  }
}
