import Interpretation
import Motifs
import NeuralNetworks
import Runtime
import Sequences
import Statistics

/// Whether the motif is enough for the network, and whether the network needs it. All numbers are paired differences of
/// logits with the interval of the paired t-test.
public struct MotifAudit: Sendable {
  /// Gain of negatives when a site drawn from the motif takes the place of bases.
  public let gain: Estimate
  /// Gain from the same site with its letters in random order, at the same place.
  public let shuffledGain: Estimate
  /// Difference of both: what the order of the letters adds.
  public let sufficiency: Estimate
  /// Loss of positives when the letters of their best site are put in random order.
  public let loss: Estimate
  /// Loss when that is done to a window of the same width elsewhere.
  public let windowLoss: Estimate
  /// Difference of both.
  public let necessity: Estimate

  init(
    _ network: Network, positives: SequenceSet, negatives: SequenceSet, motif: Motif, places: [Double],
    best: BestHits, seed: UInt64, threads: Int
  ) throws {
    let measure = try ExperimentMeasure(network, seed: seed, threads: threads)
    let site = InsertedSite(motif, seed: seed)
    let starts = (0..<negatives.count).map { index in
      var random = AuditStream.places.random(seed, index)
      return Self.draw(places, random.uniform())
    }
    let before = try measure.values(negatives) { _ in [] }
    func planted(_ letters: (Int) -> [UInt8]) throws -> PairedEffect {
      let set = negatives.replacing(with: letters) { starts[$0] }
      return PairedEffect(before: before, after: try measure.values(set) { _ in [] })
    }
    let gains = try planted(site.codes)
    let shuffledGains = try planted { index in
      let letters = site.codes(index)
      var random = AuditStream.siteOrder.random(seed, index)
      return random.permutation(letters.count).map { letters[$0] }
    }
    gain = gains.effect
    shuffledGain = shuffledGains.effect
    sufficiency = gains.beyond(shuffledGains)

    let sites = best.starts.map { [max(0, $0)..<max(0, $0) + motif.width] }
    let ablation = try Ablation(
      [Ablation.Target(motif.displayName, places: sites)], in: positives, replacement: .shuffles(1),
      measure: measure, seed: seed)
    guard let row = ablation.rows.first else { preconditionFailure("every positive has a best site") }
    loss = row.loss.effect
    windowLoss = row.control.effect
    necessity = row.necessity
  }

  private static func draw(_ shares: [Double], _ number: Double) -> Int {
    var sum = 0.0
    for (index, share) in shares.enumerated() {
      sum += share
      if number < sum { return index }
    }
    return shares.lastIndex { $0 > 0 } ?? 0
  }
}
