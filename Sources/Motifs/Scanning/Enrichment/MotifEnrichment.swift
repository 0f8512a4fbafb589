import Runtime
import Sequences
import Statistics

/// How well a motif's best hit tells positives from negatives, and whether it lies in the middle of the positives.
public struct MotifEnrichment: Equatable, Sendable {
  /// Best hits of positives against those of negatives; a sequence without a window ranks lowest.
  public let rank: RankTest
  /// Benjamini–Hochberg over the motifs tested together.
  public let qValue: Double
  /// `nil` if positives differ in length or no best hit counts.
  public let central: CentralEnrichment?

  /// Tests every motif; results in the order of `weights`.
  ///
  /// - Parameters:
  ///   - weights: Log-odds of the motifs in bits.
  ///   - minimumScore: The lowest best hit that central enrichment counts.
  ///   - seed: For the choice among equally good windows of a sequence.
  /// - Throws: `InputError` if there are no positives or no negatives.
  public static func test(
    _ weights: [WeightMatrix], positives: SequenceSet, negatives: SequenceSet, bothStrands: Bool = true,
    minimumScore: Double = 5, seed: UInt64 = 0, threads: Int = Parallel.threads
  ) throws -> [MotifEnrichment] {
    guard positives.count > 0, negatives.count > 0 else {
      throw InputError("enrichment needs positives and negatives; one of them is empty")
    }
    let widths = Set(weights.map(\.width))
    let finders = [positives, negatives].map {
      BestHitFinder($0, widths: widths, bothStrands: bothStrands, seed: seed, threads: threads)
    }
    let length = positives.uniformLength
    let tested = Parallel.map(weights.count, threads: threads) { motif -> (RankTest, CentralEnrichment?) in
      let best = finders[0].bestHits(weights[motif])
      let rank = RankTest(positives: best.scores, negatives: finders[1].bestHits(weights[motif]).scores)!
      return (
        rank,
        length.flatMap {
          CentralEnrichment(best, length: $0, width: weights[motif].width, minimumScore: minimumScore)
        }
      )
    }
    let qValues = FalseDiscovery.benjaminiHochberg(tested.map(\.0.pValue))
    return zip(tested, qValues).map { MotifEnrichment(rank: $0.0, qValue: $1, central: $0.1) }
  }
}
