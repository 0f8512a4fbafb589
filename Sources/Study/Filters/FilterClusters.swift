import Interpretation
import Motifs
import Runtime
import Sequences
import Statistics

/// Filters' motifs laid on each other: what is the same motif at another offset or on the other strand becomes one.
public struct FilterClusters: Sendable {
  /// Motifs of the filters, those without left out.
  public let clustering: MotifClustering
  /// The filter of each of these motifs.
  public let filters: [Int]
  /// Largest clusters first.
  public let clusters: [MotifCluster]
  /// The best match of each merged motif.
  public let best: [(match: MotifMatch, target: Motif)?]
  /// Each merged motif in positives against negatives; `nil` without labels.
  public let enrichment: [MotifEnrichment?]

  /// - Parameters:
  ///   - maximumDistance: clusters further apart stay apart.
  ///   - leastInformation: motifs with fewer bits are left out: a flat one is like the flat part of any other. So are
  ///     those of fewer than ten sites, whose bits mean nothing.
  /// - Throws: `InputError` as comparing does.
  public init(
    _ reading: FilterReading, on sequences: SequenceSet, names: FilterReading.Names,
    maximumDistance: Double = MotifClustering.defaultMaximumDistance,
    leastInformation: Double = FilterResult.leastInformation, seed: UInt64 = 0
  ) throws {
    let read = reading.motifs.filter {
      $0.hasMotif && $0.totalInformation >= leastInformation && $0.sites ?? 10 >= 10
    }
    filters = read.map(\.filter)
    clustering = MotifClustering(read.compactMap { $0.motif() })
    // Filters are equals: one that fires often is not a better witness.
    let found = read.isEmpty ? [] : clustering.clusters(maximumDistance: maximumDistance, weighting: .equal)
    clusters = found.enumerated().sorted {
      ($1.element.members.count, $0.offset) < ($0.element.members.count, $1.offset)
    }.enumerated().map { number, cluster in
      var cluster = cluster.element
      cluster.merged.identifier = "cluster\(number + 1)"
      return cluster
    }
    let merged = clusters.map(\.merged)
    best = try FilterResult.best(merged, names)?.best ?? merged.map { _ in nil }
    enrichment = try FilterMotif.enrichment(of: merged, in: sequences, seed: seed)
  }
}
