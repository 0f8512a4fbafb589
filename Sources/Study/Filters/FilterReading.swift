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
  /// What each filter is named after; `nil` where no match counts.
  public let names: [MotifName?]
  /// Where the p-values come from, in words; empty if nothing was compared.
  public let null: String
  /// Each filter's motif in positives against negatives; `nil` without a motif or without labels.
  public let enrichment: [MotifEnrichment?]

  init(
    _ motifs: [FilterMotif], rule: FilterMotifRule, on set: LabeledSequences, targets: [Motif],
    null: Comparison.Null?, trim: Double?, seed: UInt64, naming: NamingOptions
  ) throws {
    self.rule = rule
    self.motifs = motifs
    trimmed = motifs.map { $0.motif(trim: trim) }
    information = motifs.map { motif in
      guard let trim, motif.hasMotif else { return motif.totalInformation }
      return motif.trimmed(below: trim).map { motif.informationContent[$0].reduce(0, +) } ?? 0
    }
    let matches = try BestMatches(trimmed, among: targets, null: null, seed: seed, naming: naming)
    (best, self.null) = (matches.best, matches.null)
    names = zip(matches.names, information).map { NamingRule.isEnough($1) ? $0 : nil }
    enrichment = try FilterMotif.enrichment(
      of: trimmed, in: set.sequences, labels: set.labels, seed: seed)
  }

  /// Sites whose counts say something.
  public static let leastSites = 10

  /// Whether a filter's motif can be laid on others: it has enough bits (a flat one is like the flat part of any other), and
  /// enough sites, where it is made of sites at all.
  public func isReadable(_ filter: Int, leastInformation: Double = NamingRule.leastInformation) -> Bool {
    trimmed[filter] != nil && (100 * information[filter]).rounded() >= 100 * leastInformation
      && motifs[filter].sites ?? Self.leastSites >= Self.leastSites
  }

  /// The motif in letters; empty without one.
  public func consensus(_ filter: Int) -> String { trimmed[filter]?.frequencies.consensus() ?? "" }

  /// The match that a filter's name comes from; without a name the one with the smallest p-value, which means nothing.
  public func match(_ filter: Int) -> TargetMatch? { names[filter]?.best ?? best[filter] }

  /// Filters with a name, the best match first, then those with other matches.
  public var byMatch: [Int] {
    func key(_ filter: Int) -> (Int, Double, Int) {
      (names[filter] == nil ? 1 : 0, match(filter)!.match.pValue, filter)
    }
    return motifs.indices.filter { best[$0] != nil }.sorted { key($0) < key($1) }
  }

  /// Filters with a motif, the best match that counts first, those without a name by their information.
  public var ranking: [Int] {
    func key(_ filter: Int) -> (Double, Double, Int) {
      (names[filter]?.best.match.pValue ?? 2, -information[filter], filter)
    }
    return motifs.indices.filter { trimmed[$0] != nil }.sorted { key($0) < key($1) }
  }
}
