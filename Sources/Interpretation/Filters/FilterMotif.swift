import Foundation
import Motifs

/// The motif of one filter of the first convolution, and how the filter behaves on the data it was made from.
public struct FilterMotif: Sendable {
  /// Number of the filter, from 0 as Basset counts.
  public let filter: Int
  public let rule: FilterMotifRule
  /// Windows that the matrix was counted from.
  public let sites: Int
  /// Counts of the bases (position × A C G T) without pseudocounts; unknown bases count nowhere.
  public let counts: CountMatrix
  /// What the rule makes of the counts; uniform where it has nothing to count.
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

  /// Fewer sites than this make no motif.
  public var hasMotif: Bool { sites >= (rule == .basset ? 10 : 1) }

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
      counts: rule == .basset ? nil : counts[range], sites: Double(sites))
  }
}

extension FilterMotif {
  init(filter: Int, rule: FilterMotifRule, counts seen: SiteCounts, activity: FilterActivity) {
    let sites = seen.sites[filter]
    let counts = CountMatrix(
      rows: (0..<seen.kernelSize).map { position in
        (0..<4).map { Double(seen.count(filter, position, $0)) }
      })
    let frequencies: FrequencyMatrix
    let information: [Double]
    switch rule {
    case .basset:
      frequencies = FrequencyMatrix(
        rows: (0..<seen.kernelSize).map { position in
          let unknown = Double(seen.count(filter, position, 4))
          return counts.row(position).map { (1 + $0 + 0.25 * unknown) / Double(sites + 4) }
        })
      information = Self.bassetInformation(frequencies)
    case .halfMax, .top:
      frequencies = counts.frequencies()
      information = frequencies.informationContent
    }
    self.init(
      filter: filter, rule: rule, sites: sites, counts: counts, frequencies: frequencies,
      informationContent: information, maximum: activity.maximum[filter], mean: activity.mean[filter],
      fractionActive: activity.fractionOfPositions(filter),
      fractionOfSequences: activity.fractionOfSequences(filter))
  }

  /// Σ over bases of f log₂(f + 10⁻⁹) − b log₂ b with the b of Basset's program, which sum to 2 rather than 1.
  private static func bassetInformation(_ frequencies: FrequencyMatrix) -> [Double] {
    let baseline = [0.585, 0.415, 0.415, 0.585].reduce(0) { $0 - $1 * log2($1) }
    return frequencies.rows.map { row in row.reduce(baseline) { $0 + $1 * log2($1 + 1e-9) } }
  }
}
