import NeuralNetworks
import Runtime
import Sequences

extension Network {
  /// What the mean loss rises by when a filter is replaced by its mean, (F).
  ///
  /// Kelley, Snoek & Rinn 2016 (Basset): filter influence. The mean is taken where layers with weights see the filter, after
  /// pooling; after `Flatten` at each position. Filters that can only be removed together are replaced together. A layer's only
  /// filter is infinitely influential.
  ///
  /// - Parameter set: targets of any kind; the loss is that of the objective.
  /// - Throws: `InputError` if the layer is no convolution followed by weights, or the data do not fit the network.
  public func filterInfluence(
    layer: Int = 0, on set: DataSet, threads: Int = Parallel.threads
  ) throws -> [Double] {
    try set.require(fits: self)
    let channels = ChannelGroups(architecture)
    let groups = try channels.groups(ofFilters: layer, in: self)
    if let filter = groups.firstIndex(where: { channels.stays[$0] != nil }) {
      _ = try channels.groups(of: [layer: [filter]], in: self)
    }
    if Set(groups).count == 1 { return groups.map { _ in .infinity } }
    let means = try standIns(
      for: Set(groups), channels, isMean: true, on: set.sequences, threads: threads)
    let loss = try loss(on: set, threads: threads)
    var rises: [Int: Double] = [:]
    for (filter, group) in groups.enumerated() where rises[group] == nil {
      let without = try removing(filters: [layer: [filter]], standIns: means)
      rises[group] = try without.loss(on: set, threads: threads) - loss
    }
    return groups.map { rises[$0]! }
  }

  private func loss(on set: DataSet, threads: Int) throws -> Double {
    try set.objective.mean(logits(of: set.sequences, threads: threads), set.targets).loss
  }
}
