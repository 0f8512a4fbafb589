import Motifs
import NeuralNetworks
import Runtime
import Sequences
import Statistics

/// Which filters of a convolution do nothing, and which do the same.
public struct FilterRedundancy: Sendable {
  /// What is known of one filter by itself.
  public struct Status: Equatable, Sendable {
    /// Its activation is never above zero on the data.
    public let neverFires: Bool
    /// No DNA can bring its activation above zero: the largest possible pre-activation, Σ max_b w + bias for the first
    /// convolution, is at most zero. Later convolutions take bounds for their inputs (`activationBounds`).
    public let cannotFire: Bool
    /// It is above zero at every position of the data.
    public let activeEverywhere: Bool
    /// It is above zero whatever the DNA: the smallest possible pre-activation is above zero.
    public let alwaysOn: Bool
    /// Removing it changes no output of the network, to the last bit.
    public let isRemovable: Bool
  }

  /// Index of the convolution among the layers.
  public let layer: Int
  public let activity: FilterActivity
  public let statuses: [Status]
  /// Correlation by weights, over all offsets and (first convolution) both orientations.
  public let weights: FilterSimilarity
  /// Pearson correlation of activations over all positions, (F, F).
  public let activations: [Double]
  /// Pearson correlation of the largest activation in each sequence, (F, F).
  public let maxima: [Double]
  /// Tree of the filters by 1 − correlation by weights, complete linkage.
  public let clustering: HierarchicalClustering
  /// Correlation by weights from which on filters count as doing the same.
  public let threshold: Double
  /// Cluster of each filter, any two members at least `threshold` alike; numbered along the tree.
  public let clusters: [Int]
  /// For each filter the member of its cluster to keep: the one with the largest reach, ‖weights to the next layer‖₁ times the
  /// standard deviation of its largest activation in a sequence.
  public let representatives: [Int]

  public var filters: Int { statuses.count }

  /// The filter of which this is a duplicate: its cluster's representative, `nil` for the representative itself.
  public func duplicate(_ filter: Int) -> Int? {
    representatives[filter] == filter ? nil : representatives[filter]
  }
}

extension Network {
  /// Dead, always-on, duplicate and correlated filters of a convolution, on `sequences` and in principle.
  ///
  /// - Parameter threshold: Correlation by weights from which on filters count as doing the same.
  /// - Throws: `InputError` if the layer is no convolution or a sequence has another length than the network takes.
  public func filterRedundancy(
    of sequences: SequenceSet, layer: Int = 0, threshold: Double = 0.8, activity: FilterActivity? = nil,
    threads: Int = Parallel.threads
  ) throws -> FilterRedundancy {
    let activity = try activity ?? filterActivity(of: sequences, layer: layer, threads: threads)
    let weights = try weightSimilarity(layer: layer)
    let filters = weights.filters
    let bounds = activationBounds(includesUnknown: false).layers[activationLayer(of: layer)]
    let removable = removableFilters()[layer] ?? []
    let positions = activity.sequences * activity.positions
    let statuses = (0..<filters).map { filter in
      FilterRedundancy.Status(
        neverFires: activity.maximum[filter] <= 0, cannotFire: bounds[filter].upperBound <= 0,
        activeEverywhere: positions > 0 && activity.activePositions[filter] == positions,
        alwaysOn: bounds[filter].lowerBound > 0, isRemovable: removable.contains(filter))
    }
    let clustering = HierarchicalClustering(
      distances: (0..<filters).map { row in (0..<filters).map { 1 - weights[row, $0] } },
      linkage: .complete)
    let clusters = clustering.clusters(atHeight: 1 - threshold)
    let reach = filterReach(layer: layer, activity: activity)
    var keepers: [Int: Int] = [:]
    for filter in 0..<filters {
      guard let keeper = keepers[clusters[filter]] else {
        keepers[clusters[filter]] = filter
        continue
      }
      if reach[filter] > reach[keeper] { keepers[clusters[filter]] = filter }
    }
    return FilterRedundancy(
      layer: layer, activity: activity, statuses: statuses, weights: weights,
      activations: try activationCorrelation(of: sequences, layer: layer, threads: threads),
      maxima: activity.correlationOfMaxima, clustering: clustering, threshold: threshold, clusters: clusters,
      representatives: clusters.map { keepers[$0]! })
  }

  /// How far a filter moves what comes after it: ‖weights in the layers that take it‖₁ · standard deviation over sequences of its
  /// largest activation; the deviation alone where no layer with weights takes it.
  func filterReach(layer: Int, activity: FilterActivity) -> [Double] {
    let count = Double(max(1, activity.sequences))
    let channels = ChannelGroups(architecture)
    let groups = (try? channels.groups(ofFilters: layer, in: self)) ?? []
    let consumers = consumers(channels)
    return (0..<activity.filters).map { filter in
      var (sum, square) = (0.0, 0.0)
      for sequence in 0..<activity.sequences {
        let value = Double(activity.sequenceMaxima[sequence * activity.filters + filter])
        sum += value
        square += value * value
      }
      let deviation = max(0, square / count - sum / count * sum / count).squareRoot()
      let takers = consumers.filter { $0.inputs[groups[filter]] != nil }
      if takers.isEmpty { return deviation }
      var weight = 0.0
      for consumer in takers {
        for kernel in consumer.kernels {
          let width = kernel.shape.last!
          for row in consumer.rows(ofGroup: groups[filter]) {
            for unit in 0..<width { weight += Double(abs(parameters[kernel.offset + row * width + unit])) }
          }
        }
      }
      return weight * deviation
    }
  }
}
