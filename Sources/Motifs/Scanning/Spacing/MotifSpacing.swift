import Runtime
import Sequences

/// How a motif stands beside another: distances that occur more often than chance has it, the question of SpaMo
/// (Whitington, Frith, Johnson & Bailey 2011, Nucleic Acids Research 39, e98).
///
/// The best hit of the primary motif in each sequence is masked, and the best hit of the secondary one sought in the rest. If
/// it does not matter where it stands, each of its possible starts on either strand is as likely as any other. For each
/// side, relative strand and gap of at most `largestGap` bases, n sequences have room for it, with a mean chance of p̄; the
/// p-value is P(X ≥ k), X binomial (n, p̄), which is on the safe side of the exact sum. The smallest is adjusted for the T
/// placements tried, 1 − (1 − p)^T.
public struct MotifSpacing: Equatable, Sendable {
  public enum Side: String, Sendable { case upstream, downstream }

  /// Where the secondary motif stands, as read on the strand of the primary one.
  public let side: Side
  /// Whether both lie on the same strand.
  public let isSameStrand: Bool
  /// Bases between the two.
  public let gap: Int
  /// Sequences in which they stand so, and those with room for it.
  public let count: Int
  public let sequences: Int
  /// As many as chance would give.
  public let expected: Double
  /// Sequences with a hit of both.
  public let pairs: Int
  /// Adjusted for the placements tried.
  public let log10PValue: Double

  public static let defaultLargestGap = 50

  /// The placement with the smallest p-value of each pair of motifs.
  ///
  /// - Parameters:
  ///   - weights: Log-odds of the motifs in bits.
  ///   - minimumScores: The lowest best hit of each motif that counts.
  /// - Returns: (motifs, motifs): [primary][secondary]; `nil` where no sequence has both.
  public static func test(
    _ weights: [WeightMatrix], minimumScores: [Double], in set: SequenceSet,
    largestGap: Int = defaultLargestGap,
    seed: UInt64 = 0
  ) -> [[MotifSpacing?]] {
    precondition(minimumScores.count == weights.count, "a score for each motif")
    let widths = Set(weights.map(\.width))
    let finder = BestHitFinder(set, widths: widths, seed: seed)
    return weights.indices.map { primary in
      let first = finder.bestHits(weights[primary])
      var masked = set.codes
      for sequence in 0..<set.count where first.scores[sequence] >= minimumScores[primary] {
        let start = set.starts[sequence] + first.starts[sequence]
        for place in start..<start + weights[primary].width { masked[place] = Nucleotide.unknown }
      }
      let rest = BestHitFinder(
        SequenceSet(codes: masked, starts: set.starts), widths: widths, seed: seed)
      return Parallel.map(weights.count) { secondary in
        best(
          first, rest.bestHits(weights[secondary]),
          widths: (weights[primary].width, weights[secondary].width),
          minimumScores: (minimumScores[primary], minimumScores[secondary]), in: set, largestGap: largestGap)
      }
    }
  }

  private static func best(
    _ first: BestHits, _ second: BestHits, widths: (Int, Int), minimumScores: (Double, Double),
    in set: SequenceSet,
    largestGap: Int
  ) -> MotifSpacing? {
    var tally = SpacingTally(largestGap: largestGap)
    for sequence in 0..<set.count
    where first.scores[sequence] >= minimumScores.0 && second.scores[sequence] >= minimumScores.1
      && first.starts[sequence] >= 0 && second.starts[sequence] >= 0
    {
      tally.add(
        primary: first.starts[sequence], first.strands[sequence], width: widths.0,
        secondary: second.starts[sequence], second.strands[sequence], width: widths.1,
        length: set.starts[sequence + 1] - set.starts[sequence])
    }
    return tally.best
  }

  init(
    side: Side, isSameStrand: Bool, gap: Int, count: Int, sequences: Int, expected: Double, pairs: Int,
    log10PValue: Double
  ) {
    (self.side, self.isSameStrand, self.gap, self.count) = (side, isSameStrand, gap, count)
    (self.sequences, self.expected, self.pairs, self.log10PValue) = (sequences, expected, pairs, log10PValue)
  }
}
