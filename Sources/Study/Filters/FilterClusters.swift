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
  /// What each merged motif is named after; `nil` where no match counts.
  public let names: [MotifName?]
  /// Each merged motif in positives against negatives; `nil` without labels.
  public let enrichment: [MotifEnrichment?]

  /// - Parameters:
  ///   - reading: one of the analysis; `nil` takes the first.
  ///   - maximumDistance: clusters further apart stay apart.
  ///   - leastInformation: motifs with fewer bits are left out: a flat one is like the flat part of any other. So are
  ///     those of fewer than ten sites, whose bits mean nothing.
  /// - Throws: `InputError` as comparing does.
  public init(
    _ analysis: FilterAnalysis, reading: FilterReading? = nil, on set: LabeledSequences,
    maximumDistance: Double = MotifClustering.defaultMaximumDistance,
    leastInformation: Double = NamingRule.leastInformation, seed: UInt64 = 0,
    naming: NamingOptions = NamingOptions()
  ) throws {
    let reading = reading ?? analysis.readings[0]
    filters = reading.motifs.indices.filter {
      reading.isReadable($0, leastInformation: leastInformation)
    }
    clustering = MotifClustering(filters.compactMap { reading.trimmed[$0] })
    // Filters are equals: one that fires often is not a better witness.
    let found =
      filters.isEmpty ? [] : clustering.clusters(maximumDistance: maximumDistance, weighting: .equal)
    clusters = found.enumerated().sorted {
      ($1.element.members.count, $0.offset) < ($0.element.members.count, $1.offset)
    }.enumerated().map { number, cluster in
      var cluster = cluster.element
      cluster.merged.identifier = "cluster\(number + 1)"
      return cluster
    }
    let merged = clusters.map(\.merged)
    names = try BestMatches(merged, among: analysis.targets, seed: seed, naming: naming).names
    enrichment = try FilterMotif.enrichment(
      of: merged, in: set.sequences, labels: set.labels, seed: seed)
  }
}
