import Foundation
import Runtime

/// Motifs out of attributions: seqlets, and patterns of them, for each sign.
public struct MotifDiscovery: Sendable {
  /// Patterns with positive attributions, the one with most seqlets first.
  public let positive: [Pattern]
  /// Patterns with negative attributions.
  public let negative: [Pattern]
  /// All seqlets that were found.
  public let seqlets: SeqletSelection

  /// Finds seqlets and clusters them. The result depends on the seed, and neither on the order of the sequences nor on the number of
  /// threads.
  ///
  /// - Parameters:
  ///   - progress: is told what is going on.
  /// - Throws: `InputError` if the sequences are shorter than a seqlet.
  public init(
    _ tracks: AttributionTracks, seqlets finder: SeqletMethod = .windows(WindowSeqlets()),
    options: PatternOptions = PatternOptions(), progress: @escaping @Sendable (String) -> Void = { _ in }
  ) throws {
    seqlets = try finder.seqlets(in: tracks)
    progress("\(seqlets.positive.count) positive and \(seqlets.negative.count) negative seqlets")
    func patterns(_ seqlets: [Seqlet], isPositive: Bool) -> [Pattern] {
      guard seqlets.count > options.minimumSeqlets else { return [] }
      let sample = tracks.sample(seqlets, options.maximumSeqlets, seed: options.seed)
      return PatternFinder(
        options: options, tracks: tracks, seqlets: sample, isPositive: isPositive, progress: progress
      ).patterns(of: sample, recruiting: seqlets)
    }
    positive = patterns(seqlets.positive, isPositive: true)
    negative = patterns(seqlets.negative, isPositive: false)
  }
}

extension AttributionTracks {
  /// `limit` of the seqlets by chance, which depends on what their sequences hold and not on their order.
  func sample(_ seqlets: [Seqlet], _ limit: Int, seed: UInt64) -> [Seqlet] {
    guard seqlets.count > limit else { return seqlets }
    var random = CounterRandom(seed: seed, purpose: .sampling)
    let ordered = sorted(seqlets)
    return random.permutation(ordered.count).prefix(limit).sorted().map { ordered[$0] }
  }
}
