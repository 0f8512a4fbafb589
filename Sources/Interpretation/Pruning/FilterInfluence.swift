import NeuralNetworks
import Runtime
import Sequences

extension Network {
  /// What the mean loss rises by when a filter is replaced by its mean, (F).
  ///
  /// Kelley, Snoek & Rinn 2016 (Basset): filter influence. The mean is taken where the next layer with weights sees the
  /// filter, after pooling; after `Flatten` at each position. A layer's only
  /// filter is infinitely influential.
  ///
  /// - Parameter set: targets of any kind; the loss is that of the objective.
  /// - Throws: `InputError` if the layer is no convolution followed by weights, or the data do not fit the network.
  public func filterInfluence(
    layer: Int = 0, on set: DataSet, threads: Int = Parallel.threads
  ) throws -> [Double] {
    try set.require(fits: self)
    let features = try filterFeatures(layer: layer, on: set.sequences, threads: threads)
    let loss = try loss(on: set, threads: threads)
    guard features.means.count > 1 else { return [.infinity] }
    return try features.means.indices.map { filter in
      let without = try removing(
        filters: [layer: [filter]],
        standIns: [layer: [filter: StandIn(constants: features.means[filter])]])
      return try without.loss(on: set, threads: threads) - loss
    }
  }

  private func loss(on set: DataSet, threads: Int) throws -> Double {
    try set.objective.mean(logits(of: set.sequences, threads: threads), set.targets).loss
  }
}
