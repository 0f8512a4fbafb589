import Interpretation
import Motifs
import NeuralNetworks
import Runtime
import Sequences
import Statistics

/// Whether the motif is enough for the network, and whether the network needs it. All numbers are paired differences of
/// logits with the normal interval of their mean.
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
    func mean(_ values: [Double]) -> Estimate {
      Metrics.mean(values, bounds: -.infinity ... .infinity, confidence: 0.95)
    }
    let measure = try ExperimentMeasure(network, seed: seed, threads: threads)
    let site = InsertedSite(motif) { AuditStream.sites.random(seed, $0) }
    let starts = (0..<negatives.count).map { index in
      var random = AuditStream.places.random(seed, index)
      return Self.draw(places, random.uniform())
    }
    let before = try measure.values(negatives) { _ in [] }
    func gains(_ letters: (Int) -> [UInt8]) throws -> PairedEffect {
      let planted = negatives.replacing(with: letters) { starts[$0] }
      return PairedEffect(before: before, after: try measure.values(planted) { _ in [] })
    }
    let gains = try gains(site.codes)
    let shuffledGains = try gains { Self.shuffled(site.codes($0), .siteOrder, seed, $0) }
    gain = mean(gains.differences)
    shuffledGain = mean(shuffledGains.differences)
    sufficiency = mean(zip(gains.differences, shuffledGains.differences).map { $0 - $1 })

    let width = motif.width
    let whole = try measure.values(positives) { _ in [] }
    func losses(_ starts: [Int], _ stream: AuditStream) throws -> PairedEffect {
      let destroyed = positives.replacing(
        with: { index in
          let first = positives.starts[index] + starts[index]
          return Self.shuffled(Array(positives.codes[first..<first + width]), stream, seed, index)
        }, at: { starts[$0] })
      return PairedEffect(before: try measure.values(destroyed) { _ in [] }, after: whole)
    }
    let sites = best.starts.map { max(0, $0) }
    let windows = sites.indices.map { index in
      var random = AuditStream.windows.random(seed, index)
      let last = positives[index].count - width
      let free = (0...last).filter { abs($0 - sites[index]) >= width }
      return free.isEmpty ? random.below(last + 1) : free[random.below(free.count)]
    }
    let lost = try losses(sites, .siteOrder)
    let lostElsewhere = try losses(windows, .windowOrder)
    loss = mean(lost.differences)
    windowLoss = mean(lostElsewhere.differences)
    necessity = mean(zip(lost.differences, lostElsewhere.differences).map { $0 - $1 })
  }

  private static func shuffled(_ codes: [UInt8], _ stream: AuditStream, _ seed: UInt64, _ index: Int)
    -> [UInt8]
  {
    var random = stream.random(seed, index)
    return random.permutation(codes.count).map { codes[$0] }
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
