import Figures
import Interpretation
import Motifs
import Statistics
import Study

extension FilterAnalysis {
  /// Weights of all filters, position by position.
  var heatMap: FilterHeatMap {
    FilterHeatMap(
      weights.indices.map { filter in
        FilterHeatMap.Item(
          "filter\(filter)", weights: weights[filter], note: note(filter), isFaded: isDead(filter))
      })
  }

  /// The motifs of all filters by the first rule.
  var logos: LogoGrid {
    LogoGrid(
      readings[0].motifs.map { motif in
        LogoGrid.Item(
          motif.name, frequencies: readings[0].trimmed[motif.filter]?.frequencies.rows ?? [],
          note: note(motif.filter), isFaded: isDead(motif.filter))
      })
  }

  /// What is to say of a filter in a picture: dead, or what it is named after.
  func note(_ filter: Int) -> String {
    let death = redundancy.statuses[filter].death
    return death.isEmpty ? readings[0].names[filter]?.best.target.displayName ?? "" : death
  }
}

extension HierarchicalClustering {
  /// The merges as a tree is drawn.
  var steps: [LinkageStep] {
    merges.map { LinkageStep(left: $0.left, right: $0.right, height: $0.height, size: $0.size) }
  }
}

extension CorrelationMap {
  /// Filters by their weights: the correlation of each pair in its best placement.
  init(weights redundancy: FilterRedundancy, title: String = "") {
    self.init(redundancy, redundancy.weights.correlation, steps: redundancy.clustering.steps, title: title)
  }

  /// Filters by their largest activation in each sequence.
  init(activations redundancy: FilterRedundancy, title: String = "") {
    let rows = Self.rows(redundancy.maxima, redundancy.filters)
    let tree = HierarchicalClustering(distances: rows.map { row in row.map { 1 - $0 } }, linkage: .complete)
    self.init(redundancy, redundancy.maxima, steps: tree.steps, title: title)
  }

  private init(
    _ redundancy: FilterRedundancy, _ values: [Double], steps: [LinkageStep], title: String
  ) {
    self.init(
      Self.rows(values, redundancy.filters), names: (0..<redundancy.filters).map { "filter\($0)" },
      linkage: steps, cut: 1 - redundancy.threshold, title: title)
  }

  private static func rows(_ values: [Double], _ count: Int) -> [[Double]] {
    (0..<count).map { Array(values[$0 * count..<($0 + 1) * count]) }
  }
}
