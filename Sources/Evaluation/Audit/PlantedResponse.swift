import Interpretation
import Motifs
import NeuralNetworks
import Runtime
import Sequences
import Statistics

/// What a site of a motif adds to the logit of neutral sequences, by the position it is planted at.
public struct PlantedResponse: Sendable {
  /// Starts of the site, 0-based.
  public let starts: Range<Int>
  /// Mean gain at each start over the neutral sequences, of a site drawn from the motif's frequencies for each.
  public let sampled: [Estimate]
  /// The same for the motif's consensus.
  public let consensus: [Estimate]
  /// Neutral sequences.
  public let count: Int
  /// Of `sampled`; `nil` if there are too few positions.
  public let periodogram: Periodogram?
  /// Starts that are not near the ends, where a network sees less around a site: without an eighth of them at each end.
  public let inner: Range<Int>
  /// Mean gain over the inner starts.
  public let mean: Estimate
  /// Mean gain at the inner places where the data have their sites less `mean`, both of the same sequences.
  public let preference: Estimate
  /// How the data's best sites are spread over the starts; sums to one.
  public let places: [Double]

  /// - Parameters:
  ///   - neutral: sequences without the motif.
  ///   - places: share of the data's sites that start at each position.
  init(
    _ network: Network, neutral: SequenceSet, motif: Motif, places: [Double], seed: UInt64, threads: Int
  ) throws {
    let starts = 0..<network.architecture.input.length - motif.width + 1
    precondition(places.count == starts.count, "a share for each start")
    let measure = try ExperimentMeasure(network, seed: seed, threads: threads)
    func gains(_ site: InsertedSite) throws -> [[Double]] {
      try Marginalization([site], into: neutral, starts: Array(starts), measure: measure).rows.map {
        $0.effect.differences
      }
    }
    let drawn = try gains(InsertedSite(motif) { AuditStream.sites.random(seed, $0) })
    let inner = starts.count / 8..<starts.count - starts.count / 8
    let share = places[inner].reduce(0, +)
    let each = (0..<neutral.count).map { index in
      let mean = inner.reduce(0) { $0 + drawn[$1][index] } / Double(inner.count)
      let atPlaces = inner.reduce(0) { $0 + drawn[$1][index] * places[$1] }
      return (mean: mean, preference: share > 0 ? atPlaces / share - mean : 0)
    }
    self.inner = inner
    self.starts = starts
    self.places = places
    count = neutral.count
    sampled = drawn.map { Metrics.mean($0, bounds: -.infinity ... .infinity, confidence: 0.95) }
    consensus = try gains(InsertedSite(motif, isConsensus: true)).map {
      Metrics.mean($0, bounds: -.infinity ... .infinity, confidence: 0.95)
    }
    mean = Metrics.mean(each.map(\.mean), bounds: -.infinity ... .infinity, confidence: 0.95)
    preference = Metrics.mean(
      each.map(\.preference), bounds: -.infinity ... .infinity, confidence: 0.95)
    periodogram = Periodogram(sampled[inner].map(\.value))
  }

  /// `preference` as a share of the mean gain; `nil` unless a site anywhere raises the logit.
  public var relativePreference: Estimate? {
    guard mean.low > 0 else { return nil }
    return Estimate(
      value: preference.value / mean.value, low: preference.low / mean.value,
      high: preference.high / mean.value)
  }
}
