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
    let edits = SequenceEdits(neutral, seed: seed)
    let starts = 0..<edits.length - motif.width + 1
    precondition(places.count == starts.count, "a share for each start")
    let before = try network.finiteLogits(of: neutral, threads: threads)
    let sites = (0..<neutral.count).map { motif.drawSite(seed: seed, index: $0) }
    let letters = motif.frequencies.rows.map { row in
      UInt8(row.indices.max { (row[$0], $1) < (row[$1], $0) }!)
    }
    func gains(_ site: (Int) -> [UInt8]) throws -> [[Double]] {
      try starts.map { start in
        let planted = SequenceSet(
          rows: (0..<neutral.count).map { edits.planted(site($0), at: start, in: $0) })
        return zip(try network.finiteLogits(of: planted, threads: threads), before).map {
          Double($0) - Double($1)
        }
      }
    }
    let drawn = try gains { sites[$0] }
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
    consensus = try gains { _ in letters }.map {
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

extension Motif {
  /// A site drawn from the frequencies, position by position.
  func drawSite(seed: UInt64, index: Int) -> [UInt8] {
    var random = AuditStream.sites.random(seed, index)
    return frequencies.rows.map { row in
      let draw = random.uniform() * row.reduce(0, +)
      var sum = 0.0
      for base in 0..<3 {
        sum += row[base]
        if draw < sum { return UInt8(base) }
      }
      return 3
    }
  }
}
