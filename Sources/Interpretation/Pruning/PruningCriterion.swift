import Motifs
import NeuralNetworks
import Runtime
import Sequences
import Statistics

/// By what filters are judged; the least important go first.
public enum PruningCriterion: String, CaseIterable, Sendable {
  /// What the loss rises by when the filter is replaced by its mean: filter influence (Kelley, Snoek & Rinn 2016). The mean is
  /// that of what the next layer with weights sees.
  case influence
  /// Share of positions at which the filter is active: 1 − APoZ, the average percentage of zeros (Hu et al. 2016,
  /// arXiv:1607.03250).
  case apoz
  /// L2 norm of the filter's weights (Li et al. 2017, arXiv:1608.08710, with the Euclidean norm).
  case magnitude
  /// L1 norm of the filter's weights (Li et al. 2017).
  case magnitudeL1 = "magnitude-l1"
  /// Sum of Euclidean distances to all other filters of the layer: what lies nearest to the geometric median goes first
  /// (He et al. 2019, FPGM, arXiv:1811.00250).
  case fpgm
  /// How unlike it is to a filter of larger reach: filters are merged along the tree of `FilterRedundancy`, and at each merge
  /// the representative of smaller reach is given up.
  case redundancy
}

extension Network {
  /// The importance of each filter of a convolution, (F); the larger, the later it is pruned.
  ///
  /// - Throws: `InputError` if the layer is no convolution, or the data do not fit the network.
  public func filterImportance(
    _ criterion: PruningCriterion, layer: Int = 0, on set: DataSet, threads: Int = Parallel.threads
  ) throws -> [Double] {
    let filters = try convolution(layer).filters
    switch criterion {
    case .magnitude:
      return weights(layer: layer).map { norm($0) }
    case .magnitudeL1:
      return weights(layer: layer).map { $0.reduce(0) { $0 + abs($1) } }
    case .fpgm:
      let weights = weights(layer: layer)
      return weights.map { one in
        weights.reduce(0) { sum, other in sum + norm(zip(one, other).map { $0 - $1 }) }
      }
    case .apoz:
      let activity = try filterActivity(of: set.sequences, layer: layer, threads: threads)
      return (0..<filters).map(activity.fractionOfPositions)
    case .influence:
      return try filterInfluence(layer: layer, on: set, threads: threads)
    case .redundancy:
      let activity = try filterActivity(of: set.sequences, layer: layer, threads: threads)
      return distinctness(
        try weightSimilarity(layer: layer), reach: filterReach(layer: layer, activity: activity))
    }
  }

  private func norm(_ values: [Double]) -> Double { values.reduce(0) { $0 + $1 * $1 }.squareRoot() }

  /// (F) rows of all weights of a filter.
  private func weights(layer: Int) -> [[Double]] {
    let kernel = architecture.tensor(layer, .kernel)!
    let filters = kernel.shape[2]
    return (0..<filters).map { filter in
      stride(from: kernel.offset + filter, to: kernel.range.upperBound, by: filters).map {
        Double(parameters[$0])
      }
    }
  }

  /// The number of the merge at which a filter stops being the representative of its branch.
  private func distinctness(_ similarity: FilterSimilarity, reach: [Double]) -> [Double] {
    let count = similarity.filters
    let tree = HierarchicalClustering(
      distances: (0..<count).map { row in (0..<count).map { 1 - similarity[row, $0] } }, linkage: .complete)
    var representatives = Array(0..<count)
    var result = [Double](repeating: Double(count), count: count)
    for (number, merge) in tree.merges.enumerated() {
      let (left, right) = (representatives[merge.left], representatives[merge.right])
      let (kept, lost) =
        (reach[left], -Double(left)) >= (reach[right], -Double(right)) ? (left, right) : (right, left)
      result[lost] = Double(number)
      representatives.append(kept)
    }
    return result
  }
}
