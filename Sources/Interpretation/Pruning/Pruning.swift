import NeuralNetworks
import Runtime
import Sequences

/// How filters are pruned: by what criterion, how many, where.
public struct Pruning: Sendable {
  /// How many filters of a layer stay; at least one always does.
  public enum Keep: Equatable, Sendable {
    case count(Int)
    /// Of the filters there are, rounded to the nearest number.
    case share(Double)

    /// Of `filters`.
    public func number(of filters: Int) -> Int {
      switch self {
      case .count(let count): max(1, min(filters, count))
      case .share(let share): max(1, min(filters, Int((share * Double(filters)).rounded())))
      }
    }
  }

  /// The default did best over the exercise's five networks (docs/interpretation.md).
  public var criterion = PruningCriterion.magnitude
  public var keep = Keep.share(0.5)
  /// Indices of the convolutions to prune; `nil` for the first.
  public var layers: [Int]?
  /// Whether the next layer takes over what can be told of a pruned filter from those that stay: its best linear
  /// prediction, by ridge regression on the sequences.
  public var compensates = true

  public init() {}

  func layers(of network: Network) -> [Int] { layers ?? [network.architecture.convolutions.first ?? 0] }
}

/// What pruning returns.
public struct PrunedNetwork: Sendable {
  public let network: Network
  /// All that went, numbered as in the network before.
  public let removed: FilterSelection
}

extension Network {
  /// The filters that `pruning` takes away, and all that can only be removed with them. Of equally important ones those with higher
  /// numbers go first.
  ///
  /// Filters that go together, of a group or of one layer that a skip connection adds to another, are as important as all of them
  /// in the first of these layers.
  ///
  /// - Throws: `InputError` if a layer is no convolution, or the sequences do not fit the network or the criterion.
  public func filtersToPrune(
    _ pruning: Pruning, on set: DataSet, threads: Int = Parallel.threads
  ) throws -> FilterSelection {
    let channels = ChannelGroups(architecture)
    return channels.filters(of: try groupsToPrune(pruning, channels, on: set, threads: threads), in: self)
  }

  private func groupsToPrune(
    _ pruning: Pruning, _ channels: ChannelGroups, on set: DataSet, threads: Int
  ) throws -> Set<Int> {
    var gone: Set<Int> = []
    var judged: Set<Int> = []
    for layer in pruning.layers(of: self) {
      let groups = try channels.groups(ofFilters: layer, in: self)
      // Those that go with an earlier layer's were judged there.
      guard judged.isDisjoint(with: groups) else { continue }
      judged.formUnion(groups)
      var importance: [Int: Double] = [:]
      let filters = try filterImportance(pruning.criterion, layer: layer, on: set, threads: threads)
      for (filter, group) in groups.enumerated() { importance[group, default: 0] += filters[filter] }
      let order = importance.keys.sorted { (-importance[$0]!, $0) < (-importance[$1]!, $1) }
      let count = pruning.keep.number(of: groups.count)
      // Groups of several filters: as many as make that number.
      let pruned = Set(order.dropFirst(max(1, count * order.count / groups.count)))
      _ = try channels.groups(
        of: [layer: Set(groups.indices.filter { pruned.contains(groups[$0]) })], in: self)
      gone.formUnion(pruned)
    }
    return gone
  }

  /// The smaller network, before any fine-tuning.
  ///
  /// - Throws: As `filtersToPrune`.
  public func pruned(
    _ pruning: Pruning, on set: DataSet, threads: Int = Parallel.threads
  ) throws -> PrunedNetwork {
    let channels = ChannelGroups(architecture)
    let gone = try groupsToPrune(pruning, channels, on: set, threads: threads)
    let standIns =
      pruning.compensates
      ? try standIns(for: gone, channels, isMean: false, on: set.sequences, threads: threads) : [:]
    return PrunedNetwork(
      network: try removing(gone, channels, standIns: standIns), removed: channels.filters(of: gone, in: self)
    )
  }

  /// Trains on for `options.epochs` epochs with a fresh optimizer.
  ///
  /// - Throws: `InputError` as the trainer does.
  public func fineTuned(
    on set: DataSet, options: TrainingOptions, threads: Int = Parallel.threads
  ) throws -> Network {
    guard options.epochs > 0 else { return self }
    return try trained(on: set, options: options, threads: threads).network
  }
}
