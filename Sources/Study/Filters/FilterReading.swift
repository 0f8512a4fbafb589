import Interpretation
import Motifs
import NeuralNetworks
import Runtime
import Sequences

/// What one rule makes of the filters of a convolution, and what they match.
public struct FilterReading: Sendable {
  public let rule: FilterMotifRule
  /// One for each filter.
  public let motifs: [FilterMotif]
  /// The best match of each filter; `nil` where it has no motif or is too wide to be compared.
  public let best: [(match: MotifMatch, target: Motif)?]
  /// Where the p-values come from, in words; empty if nothing was compared.
  public let null: String
  /// Each filter's motif in positives against negatives; `nil` without a motif or without labels.
  public let enrichment: [MotifEnrichment?]

  /// What filters are compared with, and how.
  public struct Names: Sendable {
    public var targets: [Motif]
    public var null: Comparison.Null

    public init(_ targets: [Motif], null: Comparison.Null) { (self.targets, self.null) = (targets, null) }
  }

  /// - Throws: `InputError` if the layer is no convolution, the rule cannot read it, or the sequences do not fit.
  public init(
    _ network: Network, layer: Int = 0, on sequences: SequenceSet, rule: FilterMotifRule, names: Names,
    activity: FilterActivity? = nil, seed: UInt64 = 0
  ) throws {
    self.rule = rule
    motifs = try network.filterMotifs(sequences, layer: layer, rule: rule, activity: activity)
    let matches = try FilterResult.best(motifs, names)
    best = matches?.best ?? motifs.map { _ in nil }
    null = matches?.null ?? ""
    enrichment = try FilterMotif.enrichment(motifs, in: sequences, seed: seed)
  }

  /// Filters with a motif, the best match first, those without match by their information.
  package var ranking: [Int] {
    func key(_ filter: Int) -> (Double, Double, Int) {
      (best[filter]?.match.pValue ?? 2, -motifs[filter].totalInformation, filter)
    }
    return motifs.indices.filter { motifs[$0].hasMotif }.sorted { key($0) < key($1) }
  }
}
