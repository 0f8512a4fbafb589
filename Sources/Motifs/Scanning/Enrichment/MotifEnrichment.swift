import Runtime
import Sequences
import Statistics

/// How well a motif's best hit tells positives from negatives, and whether it lies in the middle of the positives.
public struct MotifEnrichment: Equatable, Sendable {
  /// Best hits of positives against those of negatives; a sequence without a window ranks lowest.
  public let rank: RankTest
  /// The score that tells them apart most surely, and how surely; `nil` if no sequence has a window.
  public let threshold: ThresholdTest?
  /// The best hit in all positives, the first of equal ones; `nil` if none has a window.
  public let best: BestHit?
  /// Benjamini–Hochberg over the motifs tested together.
  public internal(set) var qValue: Double
  /// `nil` if positives differ in length or no best hit counts.
  public let central: CentralEnrichment?

  /// Tests every motif; results in the order of `weights`.
  ///
  /// - Parameters:
  ///   - weights: Log-odds of the motifs in bits.
  ///   - minimumScore: The lowest best hit that central enrichment counts.
  ///   - seed: For the choice among equally good windows of a sequence.
  ///   - progress: Told of each motif that is done.
  /// - Throws: `InputError` if there are no positives or no negatives.
  public static func test(
    _ weights: [WeightMatrix], positives: SequenceSet, negatives: SequenceSet, bothStrands: Bool = true,
    minimumScore: Double = 5, seed: UInt64 = 0, threads: Int = Parallel.threads,
    progress: @Sendable (_ motif: Int) -> Void = { _ in }
  ) throws -> [MotifEnrichment] {
    guard positives.count > 0, negatives.count > 0 else {
      throw InputError("enrichment needs positives and negatives; one of them is empty")
    }
    let widths = Set(weights.map(\.width))
    let finders = [positives, negatives].map {
      BestHitFinder($0, widths: widths, bothStrands: bothStrands, seed: seed, threads: threads)
    }
    let length = positives.uniformLength
    let fisher = FisherTest(positives: positives.count, negatives: negatives.count)
    let tested = Parallel.map(weights.count, threads: threads) { motif -> MotifEnrichment in
      let hits = finders[0].bestHits(weights[motif])
      let others = finders[1].bestHits(weights[motif]).scores
      defer { progress(motif) }
      return MotifEnrichment(
        rank: RankTest(positives: hits.scores, negatives: others)!,
        threshold: ThresholdTest(positives: hits.scores, negatives: others, fisher), best: hits.best,
        qValue: 1,
        central: length.flatMap {
          CentralEnrichment(hits, length: $0, width: weights[motif].width, minimumScore: minimumScore)
        })
    }
    let qValues = FalseDiscovery.benjaminiHochberg(tested.map(\.rank.pValue))
    return zip(tested, qValues).map { test, qValue in
      var test = test
      test.qValue = qValue
      return test
    }
  }
}
