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
    func differences(_ first: SequenceSet, _ second: SequenceSet) throws -> [Double] {
      try zip(
        network.finiteLogits(of: first, threads: threads), network.finiteLogits(of: second, threads: threads)
      ).map { Double($0) - Double($1) }
    }
    let edits = SequenceEdits(negatives, seed: seed)
    var planted: [[UInt8]] = []
    var control: [[UInt8]] = []
    for index in 0..<negatives.count {
      var random = AuditStream.places.random(seed, index)
      let start = Self.draw(places, random.uniform())
      let site = motif.drawSite(seed: seed, index: index)
      planted.append(edits.planted(site, at: start, in: index))
      control.append(
        edits.planted(Self.shuffled(site, .siteOrder, seed, index), at: start, in: index))
    }
    let gains = try differences(SequenceSet(rows: planted), negatives)
    let shuffledGains = try differences(SequenceSet(rows: control), negatives)
    gain = mean(gains)
    shuffledGain = mean(shuffledGains)
    sufficiency = mean(zip(gains, shuffledGains).map { $0 - $1 })

    let width = motif.width
    let whole = SequenceEdits(positives, seed: seed)
    var destroyed: [[UInt8]] = []
    var elsewhere: [[UInt8]] = []
    for index in 0..<positives.count {
      var random = AuditStream.windows.random(seed, index)
      let site = max(0, best.starts[index])
      let free = (0...whole.length - width).filter { abs($0 - site) >= width }
      let window = free.isEmpty ? random.below(whole.length - width + 1) : free[random.below(free.count)]
      func shuffled(_ start: Int, _ stream: AuditStream) -> [UInt8] {
        let codes = Array(Array(positives[index])[start..<start + width])
        return whole.planted(Self.shuffled(codes, stream, seed, index), at: start, in: index)
      }
      destroyed.append(shuffled(site, .siteOrder))
      elsewhere.append(shuffled(window, .windowOrder))
    }
    let losses = try differences(positives, SequenceSet(rows: destroyed))
    let windowLosses = try differences(positives, SequenceSet(rows: elsewhere))
    loss = mean(losses)
    windowLoss = mean(windowLosses)
    necessity = mean(zip(losses, windowLosses).map { $0 - $1 })
  }

  private static func draw(_ shares: [Double], _ number: Double) -> Int {
    var sum = 0.0
    for (index, share) in shares.enumerated() {
      sum += share
      if number < sum { return index }
    }
    return shares.lastIndex { $0 > 0 } ?? 0
  }

  private static func shuffled(_ codes: [UInt8], _ stream: AuditStream, _ seed: UInt64, _ index: Int)
    -> [UInt8]
  {
    var random = stream.random(seed, index)
    return random.permutation(codes.count).map { codes[$0] }
  }
}
