import Foundation
import Motifs

/// Seqlets aligned with each other: a motif as the attributions show it.
public struct Pattern: Equatable, Sendable {
  /// Of one width, the strongest first, each place of a sequence once.
  public private(set) var seqlets: [Seqlet]
  /// Groups of its seqlets that resemble each other most, the largest first.
  public var subpatterns: [Pattern] = []
  private(set) var sums: PatternSums

  public var width: Int { sums.width }

  /// - Parameter seqlets: of one width; of those at one place the first is kept.
  init(_ seqlets: [Seqlet], of tracks: AttributionTracks) {
    var places: Set<Seqlet.Place> = []
    self.seqlets = seqlets.filter { places.insert($0.place).inserted }
    sums = PatternSums(self.seqlets, width: seqlets.first?.width ?? 0, of: tracks)
  }

  init(_ seqlets: [Seqlet], sums: PatternSums) {
    self.seqlets = seqlets
    self.sums = sums
  }

  /// Adds a seqlet of its width that it does not hold yet.
  mutating func append(_ seqlet: Seqlet, of tracks: AttributionTracks) {
    seqlets.append(seqlet)
    sums.add(seqlet, of: tracks)
  }

  /// Contribution weight matrix (CWM): the mean attribution of each base where it is there, (width, 4).
  public var contributions: [Double] { sums.contributions.map { $0 / Double(max(1, seqlets.count)) } }

  /// The mean hypothetical attribution of each base, (width, 4).
  public var hypothetical: [Double] { sums.hypothetical.map { $0 / Double(max(1, seqlets.count)) } }

  /// The share of seqlets with each base, (width, 4); rows with unknown bases sum to less than one.
  public var sequence: [Double] { sums.counts.map { $0 / Double(max(1, seqlets.count)) } }

  /// How often each base is there.
  public var counts: CountMatrix { CountMatrix(unchecked: sums.counts) }

  /// The positions whose Σ |mean attribution| is at least `share` of the largest, from the first to the last of them, and `flank`
  /// more on each side.
  public func importantRange(share: Double = 0.3, flank: Int = 4) -> Range<Int> {
    importantPositions(sums.contributions, share: share, flank: flank)
  }

  /// Whether the attributions sum to more than zero.
  public var isPositive: Bool { sums.contributions.reduce(0, +) > 0 }

  /// Information of each position, Σ p·log₂((p + ε) / (1 + 4ε)) − Σ b·log₂ b with ε = 0.001, against a background of b.
  func information(background: [Double]) -> [Double] {
    let pseudocount = 0.001
    let ground = background.reduce(0) { $0 + ($1 > 0 ? $1 * log2($1) : 0) }
    return (0..<width).map { position in
      let counts = sums.counts[4 * position..<4 * position + 4]
      let total = counts.reduce(0, +)
      guard total > 0 else { return 0 }
      return counts.reduce(-ground) { sum, count in
        let share = count / total
        return sum + share * log2((share + pseudocount) / (1 + 4 * pseudocount))
      }
    }
  }
}

/// The positions of contributions (width, 4) whose Σ |value| is at least `share` of the largest, from the first to the last, and
/// `flank` more on each side.
func importantPositions(_ contributions: [Double], share: Double, flank: Int) -> Range<Int> {
  let width = contributions.count / 4
  let weights = (0..<width).map { position in
    contributions[4 * position..<4 * position + 4].reduce(0) { $0 + abs($1) }
  }
  let limit = share * (weights.max() ?? 0)
  guard let first = weights.firstIndex(where: { $0 >= limit }),
    let last = weights.lastIndex(where: { $0 >= limit })
  else { return 0..<0 }
  return max(0, first - flank)..<min(width, last + 1 + flank)
}
