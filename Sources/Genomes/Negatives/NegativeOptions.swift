import Sequences

/// How sequences without a peak are drawn from a genome so that they resemble those with one.
public enum NegativeProcedure: String, Sendable, CaseIterable {
  /// For each peak windows of the same chromosome with the same GC content to 0.01, away from all peaks (chrombpnet 1.0,
  /// `prep nonpeaks`). Since chromosomes are never mixed, any split by chromosome keeps its ratio.
  case chrombpnet
  /// Tiles of the chromosomes that carry peaks, as many in each bin of GC content as there are peaks (tangermeme 1.6,
  /// `extract_matching_loci`).
  case tangermeme
  /// Random places with the GC content and share of soft-masked bases of each peak, both to 0.02 (gkmSVM 0.83,
  /// `genNullSeqs`).
  case gkmsvm
}

public struct NegativeOptions: Sendable {
  public var procedure = NegativeProcedure.chrombpnet
  /// Negatives for each positive.
  public var ratio = 1
  /// Negatives touch none of these.
  public var blacklist: IntervalIndex?
  /// Windows with more than this share of unknown bases are no negatives.
  public var maximumUnknown = 0.1
  public var seed: UInt64 = 0

  public init() {}
}

/// Windows without a peak, and how well they match those with one.
public struct Negatives: Sendable {
  /// In the genome's order.
  public var locations: [GenomicLocation]
  public var quality: MatchQuality
}

/// How far negatives resemble positives in composition.
public struct MatchQuality: Equatable, Sendable {
  public var positives: Int
  public var negatives: Int
  /// How many negatives were asked for and not found.
  public var missing: Int
  /// Kolmogorov and Smirnov's distance of the GC contents' distributions, from 0 (the same) to 1.
  public var gcDistance: Double
  /// Mean share of A, C, G and T of the positives.
  public var positiveComposition: [Double]
  /// Mean share of A, C, G and T of the negatives.
  public var negativeComposition: [Double]

  /// One line for people.
  public var summary: String {
    func shares(_ composition: [Double]) -> String {
      zip("ACGT", composition).map { "\($0) \(($1 * 1000).rounded() / 10) %" }.joined(separator: ", ")
    }
    let lacking = missing > 0 ? " (\(missing) fewer than asked for)" : ""
    return "\(negatives) negatives\(lacking) for \(positives) positives; KS distance of GC content"
      + " \((gcDistance * 10_000).rounded() / 10_000); positives \(shares(positiveComposition));"
      + " negatives \(shares(negativeComposition))"
  }
}
