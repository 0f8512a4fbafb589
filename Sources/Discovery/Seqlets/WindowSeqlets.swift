import Runtime
import Statistics

/// Seqlets as TF-MoDISco finds them (Shrikumar et al. 2018; constants of modisco-lite): windows whose sum of attributions
/// stands out from a Laplace null at a false discovery rate, the strongest first, none near another, with flanks.
public struct WindowSeqlets: Equatable, Sendable {
  /// Bases summed.
  public var window = 20
  /// Bases added on each side.
  public var flank = 5
  /// Share of windows above the threshold that may be chance.
  public var falseDiscoveryRate = 0.05
  /// At least and at most this share of all windows passes.
  public var passingShare = 0.03...0.2
  /// A seqlet counts as positive or negative if its sum ranks above this share of all |sums|.
  public var weakShare = 0.8

  public init() {}

  /// Width with both flanks.
  public var width: Int { window + 2 * flank }

  /// - Throws: `InputError` if the sequences are shorter than a seqlet.
  public func seqlets(in tracks: AttributionTracks) throws -> SeqletSelection {
    guard window > 0, tracks.length > width else {
      throw InputError("sequences of \(tracks.length) bases are too short for seqlets of \(width)")
    }
    let places = tracks.length - window + 1
    let sums = windowSums(tracks)
    let sorted = RadixSort.sorted(sums)
    let null = LaplaceNull(sorted: sorted).values(10_000)
    func side(_ values: [Double], _ null: [Double]) -> Double {
      isotonicThreshold(sums: values, null: null, falseDiscoveryRate: falseDiscoveryRate)
    }
    let zero = sorted.partitionPoint { $0 >= 0 }
    let nullZero = null.partitionPoint { $0 >= 0 }
    var positive = side(Array(sorted[zero...]), Array(null[nullZero...]))
    var negative = -side(sorted[..<zero].reversed().map(-), null[..<nullZero].reversed().map(-))
    let magnitudes = Parallel.merged(sorted[..<zero].reversed().map(-), sorted[zero...].map(abs))
    let passing =
      Double(
        sorted.count - sorted.partitionPoint { $0 >= positive } + sorted.partitionPoint { $0 > negative })
      / Double(sums.count)
    if !passingShare.contains(passing) {
      let share = passing < passingShare.lowerBound ? passingShare.lowerBound : passingShare.upperBound
      positive = magnitudes.quantile(1 - share)
      negative = -positive
    }
    func rank(_ threshold: Double) -> Double {
      Double(magnitudes.partitionPoint { $0 >= abs(threshold) }) / Double(magnitudes.count)
    }
    let weak = min(min(rank(positive), rank(negative)) - 0.0001, weakShare)
    let cut = magnitudes[min(magnitudes.count - 1, max(0, Int(weak * Double(magnitudes.count))))]
    let limits = (positive: positive, negative: negative)
    let found = Parallel.map(tracks.count) { sequence in
      pick(sums[sequence * places..<(sequence + 1) * places], limits: limits).map { ($0, sequence) }
    }.joined()
    func seqlets(_ keeps: (Double) -> Bool) -> [Seqlet] {
      tracks.sorted(
        found.filter { keeps(sums[$1 * places + $0]) }.map { start, sequence in
          Seqlet(sequence: sequence, start: start - flank, end: start + window + flank)
        })
    }
    return SeqletSelection(positive: seqlets { $0 > cut }, negative: seqlets { $0 < -cut })
  }

  /// Σ attributions of each window, (N, L − window + 1).
  private func windowSums(_ tracks: AttributionTracks) -> [Double] {
    let places = tracks.length - window + 1
    return Array(unsafeUninitializedCapacity: tracks.count * places) { buffer, count in
      nonisolated(unsafe) let sums = buffer.baseAddress!
      Parallel.forEach(tracks.count) { sequence in
        let values = (0..<tracks.length).map { Double(tracks.contribution(sequence, $0)) }
        for place in 0..<places {
          sums[sequence * places + place] = values[place..<place + window].reduce(0, +)
        }
      }
      count = tracks.count * places
    }
  }

  /// Starts of the strongest windows of one sequence that pass, far enough from the ends and from stronger ones.
  private func pick(_ sums: ArraySlice<Double>, limits: (positive: Double, negative: Double)) -> [Int] {
    var scores = sums.map { $0 >= limits.positive || $0 <= limits.negative ? abs($0) : -.infinity }
    let usable = flank..<max(flank, scores.count - flank)
    let suppressed = window / 2 + flank
    var starts: [Int] = []
    while let best = usable.max(by: { scores[$0] < scores[$1] || scores[$0] == scores[$1] && $0 > $1 }),
      scores[best] > -.infinity
    {
      starts.append(best)
      for place in max(0, best - suppressed)...min(scores.count - 1, best + suppressed) {
        scores[place] = -.infinity
      }
    }
    return starts
  }
}
