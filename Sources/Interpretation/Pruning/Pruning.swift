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
}

extension Network {
  /// The filters that `pruning` takes away. Of equally important ones those with higher numbers go first.
  ///
  /// - Throws: `InputError` if a layer is no convolution, or the sequences do not fit the network or the criterion.
  public func filtersToPrune(
    _ pruning: Pruning, on set: DataSet, threads: Int = Parallel.threads
  ) throws -> FilterSelection {
    var removed: FilterSelection = [:]
    for layer in pruning.layers ?? [0] {
      let importance = try filterImportance(
        pruning.criterion, layer: layer, on: set, threads: threads)
      let order = importance.indices.sorted { (-importance[$0], $0) < (-importance[$1], $1) }
      let pruned = order.dropFirst(pruning.keep.number(of: importance.count))
      if !pruned.isEmpty { removed[layer] = Set(pruned) }
    }
    return removed
  }

  /// The smaller network, before any fine-tuning.
  ///
  /// - Throws: As `filtersToPrune`.
  public func pruned(
    _ pruning: Pruning, on set: DataSet, threads: Int = Parallel.threads
  ) throws -> (network: Network, removed: FilterSelection) {
    let removed = try filtersToPrune(pruning, on: set, threads: threads)
    var standIns: [Int: [Int: StandIn]] = [:]
    if pruning.compensates {
      for (layer, filters) in removed {
        let features = try filterFeatures(layer: layer, on: set.sequences, threads: threads)
        let kept = features.means.indices.filter { !filters.contains($0) }
        standIns[layer] = features.standIns(for: filters, from: kept)
      }
    }
    return (try removing(filters: removed, standIns: standIns), removed)
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
