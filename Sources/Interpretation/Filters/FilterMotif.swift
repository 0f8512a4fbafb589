import Foundation
import Motifs

/// The motif of one filter of a convolution, and how the filter behaves on the data it was made from.
public struct FilterMotif: Sendable {
  /// Number of the filter, from 0 as Basset counts.
  public let filter: Int
  public let rule: FilterMotifRule
  /// Windows that the matrix was counted from; `nil` for rules that need no data.
  public let sites: Int?
  /// Counts of the bases (position × A C G T) without pseudocounts; unknown bases count nowhere. `nil` for rules that need
  /// no data.
  public let counts: CountMatrix?
  /// What the rule makes of counts or weights; uniform where it has nothing to count.
  public let frequencies: FrequencyMatrix
  /// Information content of each position in bits, by the rule's own formula.
  public let informationContent: [Double]
  /// Largest activation on the data.
  public let maximum: Float
  /// Mean activation over all positions of all sequences.
  public let mean: Double
  /// Share of all positions at which the filter is active.
  public let fractionActive: Double
  /// Share of all sequences in which the filter is active.
  public let fractionOfSequences: Double

  /// `filter0`, `filter1`, …
  public var name: String { "filter\(filter)" }

  /// Whether the rule found what it needs: a site (ten for `basset`), or DNA that could activate the filter.
  public let hasMotif: Bool

  /// Bits in all; 0 without a motif.
  public var totalInformation: Double { hasMotif ? informationContent.reduce(0, +) : 0 }

  /// The positions left when those with less than `bits` are taken off both ends; `nil` if none is left.
  ///
  /// Basset's `-t` trims below 0.2 bits.
  public func trimmed(below bits: Double = 0.2) -> Range<Int>? {
    guard let first = informationContent.firstIndex(where: { $0 >= bits }),
      let last = informationContent.lastIndex(where: { $0 >= bits })
    else { return nil }
    return first..<last + 1
  }

  /// The motif as files and comparisons take it; `nil` where the rule finds too few sites.
  ///
  /// - Parameter trim: Take positions below this many bits off the ends; `nil` if nothing is left.
  public func motif(trim: Double? = nil) -> Motif? {
    guard hasMotif, let range = trim == nil ? 0..<frequencies.width : trimmed(below: trim!) else {
      return nil
    }
    return Motif(
      identifier: name, frequencies: frequencies[range],
      counts: rule == .basset ? nil : counts?[range], sites: sites.map(Double.init))
  }
}

extension FilterMotif {
  init(filter: Int, rule: FilterMotifRule, counts seen: SiteCounts, activity: FilterActivity) {
    let sites = seen.sites[filter]
    let counts = CountMatrix(
      rows: (0..<seen.width).map { position in
        (0..<4).map { Double(seen.count(filter, position, $0)) }
      })
    guard rule == .basset else {
      self.init(
        filter, rule, sites: sites, counts: counts, frequencies: counts.frequencies(), hasMotif: sites > 0,
        activity: activity)
      return
    }
    let frequencies = FrequencyMatrix(
      rows: (0..<seen.width).map { position in
        let unknown = Double(seen.count(filter, position, 4))
        return counts.row(position).map { (1 + $0 + 0.25 * unknown) / Double(sites + 4) }
      })
    self.init(
      filter, rule, sites: sites, counts: counts, frequencies: frequencies,
      information: Self.bassetInformation(frequencies), hasMotif: sites >= 10, activity: activity)
  }

  /// By the rules that look at weights only, [position][A C G T].
  init(filter: Int, rule: FilterMotifRule, weights: [[Float]], bias: Float, activity: FilterActivity) {
    let weights = weights.joined().map(Double.init)
    let distribution = KmerScoreDistribution(weights: weights, bias: Double(bias))
    let frequencies: FrequencyMatrix
    switch rule {
    case .exactP(let share):
      frequencies = distribution.exactSelection(pValue: share).frequencies
    case .softmax(let share):
      let selection = distribution.exactSelection(pValue: share)
      // Without a scale that does it, the selection is the best k-mer alone: the limit of large scales.
      let fitted = SoftmaxMotif(
        weights: weights, bias: Double(bias), meanActivation: selection.meanActivation)
      frequencies = fitted?.frequencies ?? selection.frequencies
    case .halfMax, .basset, .top: preconditionFailure("\(rule.name) counts sites")
    }
    self.init(
      filter, rule, frequencies: frequencies, hasMotif: distribution.range.upperBound > 0, activity: activity)
  }

  private init(
    _ filter: Int, _ rule: FilterMotifRule, sites: Int? = nil, counts: CountMatrix? = nil,
    frequencies: FrequencyMatrix, information: [Double]? = nil, hasMotif: Bool, activity: FilterActivity
  ) {
    self.init(
      filter: filter, rule: rule, sites: sites, counts: counts, frequencies: frequencies,
      informationContent: information ?? frequencies.informationContent,
      maximum: activity.maximum[filter], mean: activity.mean[filter],
      fractionActive: activity.fractionOfPositions(filter),
      fractionOfSequences: activity.fractionOfSequences(filter), hasMotif: hasMotif)
  }

  /// Σ over bases of f log₂(f + 10⁻⁹) − b log₂ b with the b of Basset's program, which sum to 2 rather than 1.
  private static func bassetInformation(_ frequencies: FrequencyMatrix) -> [Double] {
    let baseline = [0.585, 0.415, 0.415, 0.585].reduce(0) { $0 - $1 * log2($1) }
    return frequencies.rows.map { row in row.reduce(baseline) { $0 + $1 * log2($1 + 1e-9) } }
  }
}
