import Interpretation
import Motifs
import Sequences

/// What one rule makes of the filters of a convolution, and what they match.
public struct FilterReading: Sendable {
  public let rule: FilterMotifRule
  /// One for each filter.
  public let motifs: [FilterMotif]
  /// Each filter's motif without uninformative ends, if they are to be trimmed: what is compared, tested and written.
  /// `nil` where the filter has none.
  public let trimmed: [Motif?]
  /// Bits of each motif in `trimmed`, by the rule's own formula; 0 without a motif.
  public let information: [Double]
  /// The best match of each filter; `nil` where it has no motif or is too wide to be compared.
  public let best: [TargetMatch?]
  /// Of each filter all matches that chance gives in one of twenty comparisons, the best first.
  public let close: [[TargetMatch]]
  /// Where the p-values come from, in words; empty if nothing was compared.
  public let null: String
  /// Each filter's motif in positives against negatives; `nil` without a motif or without labels.
  public let enrichment: [MotifEnrichment?]

  init(
    _ motifs: [FilterMotif], rule: FilterMotifRule, on set: LabeledSequences, targets: [Motif],
    null: Comparison.Null?, trim: Double?, seed: UInt64
  ) throws {
    self.rule = rule
    self.motifs = motifs
    trimmed = motifs.map { $0.motif(trim: trim) }
    information = motifs.map { motif in
      guard let trim, motif.hasMotif else { return motif.totalInformation }
      return motif.trimmed(below: trim).map { motif.informationContent[$0].reduce(0, +) } ?? 0
    }
    let matches = try BestMatches(trimmed, among: targets, null: null, seed: seed)
    (best, close, self.null) = (matches.best, matches.close, matches.null)
    enrichment = try FilterMotif.enrichment(
      of: trimmed, in: set.sequences, labels: set.labels, seed: seed)
  }

  /// Sites whose counts say something.
  public static let leastSites = 10

  /// Whether a filter's motif can be laid on others: it has enough bits (a flat one is like the flat part of any other), and
  /// enough sites, where it is made of sites at all.
  public func isReadable(_ filter: Int, leastInformation: Double = FilterAnalysis.leastInformation) -> Bool {
    trimmed[filter] != nil && information[filter] >= leastInformation
      && motifs[filter].sites ?? Self.leastSites >= Self.leastSites
  }

  /// The motif in letters; empty without one.
  public func consensus(_ filter: Int) -> String { trimmed[filter]?.frequencies.consensus() ?? "" }

  /// Filters with a match, the best first.
  public var byMatch: [Int] {
    motifs.indices.filter { best[$0] != nil }.sorted {
      (best[$0]!.match.pValue, $0) < (best[$1]!.match.pValue, $1)
    }
  }

  /// Filters with a motif, the best match first, those without match by their information.
  public var ranking: [Int] {
    func key(_ filter: Int) -> (Double, Double, Int) {
      (best[filter]?.match.pValue ?? 2, -information[filter], filter)
    }
    return motifs.indices.filter { trimmed[$0] != nil }.sorted { key($0) < key($1) }
  }
}
