import Motifs
import NeuralNetworks
import Runtime
import Sequences
import Statistics

/// What comes back when a network is trained again from another seed: motifs, their filters, the test metric, attributions.
public struct SeedStability: Sendable {
  /// Motifs of filters of several seeds that are the same motif.
  public struct Cluster: Sendable {
    public let merged: Motif
    /// Filters in it.
    public let filters: Int
    /// Seeds that have such a filter, from 0.
    public let seeds: [Int]
    /// Share of the seeds, with Wilson's interval.
    public let share: Estimate
  }

  /// Two seeds' attributions.
  public struct Pair: Sendable {
    public let first, second: Int
    /// Means over sequences of the correlation and the cosine of both attributions.
    public let pearson, cosine: Double
  }

  public let runs: SeedRuns
  /// Those that most seeds have first.
  public let clusters: [Cluster]
  /// Each filter's similarity to the filter of another seed that is most like it, for every pair of seeds: the normalized
  /// correlation of the best alignment (`MotifAlignment`).
  public let matches: [Double]
  /// The same when the columns of the other seed's motifs are in random order, for each filter and the next seed.
  public let nullMatches: [Double]
  public let pairs: [Pair]

  public init(_ runs: SeedRuns, seed: UInt64 = 0, threads: Int = Parallel.threads) {
    self.runs = runs
    let seeds = runs.runs.count
    let motifs = runs.runs.flatMap(\.motifs)
    let seedOf = runs.runs.enumerated().flatMap { index, run in run.motifs.map { _ in index } }
    let clustering = MotifClustering(motifs, threads: threads)
    let found = motifs.isEmpty ? [] : clustering.clusters(weighting: .equal)
    let ordered = found.enumerated().map { order, cluster in
      (order, cluster, Set(cluster.members.map { seedOf[$0.index] }).sorted())
    }.sorted { ($1.2.count, $1.1.members.count, $0.0) < ($0.2.count, $0.1.members.count, $1.0) }
    clusters = ordered.enumerated().map { number, entry in
      var merged = entry.1.merged
      merged.identifier = "cluster\(number + 1)"
      merged.name = nil
      return Cluster(
        merged: merged, filters: entry.1.members.count, seeds: entry.2,
        share: Metrics.proportion(entry.2.count, of: seeds))
    }
    let members = (0..<seeds).map { seed in seedOf.indices.filter { seedOf[$0] == seed } }
    matches = motifs.indices.flatMap { motif in
      (0..<seeds).compactMap { other -> Double? in
        guard other != seedOf[motif] else { return nil }
        return members[other].map { 1 - clustering.distances[motif][$0] }.max()
      }
    }
    nullMatches = Parallel.map(motifs.count, threads: threads) { (index: Int) -> Double? in
      members[(seedOf[index] + 1) % seeds].map { other in
        var random = CounterRandom(seed: seed, purpose: .nullModel, epoch: index, index: other)
        let rows = motifs[other].frequencies.rows
        let shuffled = FrequencyMatrix(rows: random.permutation(rows.count).map { rows[$0] })
        return MotifAlignment.best(motifs[index].frequencies, shuffled).normalizedCorrelation
      }.max()
    }.compactMap { $0 }
    let length = runs.explained > 0 ? runs.runs[0].scores.count / runs.explained : 0
    let all = (0..<seeds).flatMap { first in (first + 1..<max(seeds, first + 1)).map { (first, $0) } }
    pairs = Parallel.map(all.count, threads: threads) { (index: Int) -> Pair in
      let (first, second) = all[index]
      var (pearson, cosine) = ([Double](), [Double]())
      for sequence in 0..<runs.explained {
        let row = sequence * length..<(sequence + 1) * length
        let (a, b) = (Array(runs.runs[first].scores[row]), Array(runs.runs[second].scores[row]))
        if let r = Metrics.pearson(a, b) { pearson.append(r.value) }
        if let c = Self.cosine(a, b) { cosine.append(c) }
      }
      func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(max(1, values.count)) }
      return Pair(first: first, second: second, pearson: mean(pearson), cosine: mean(cosine))
    }
  }

  /// Σ ab / √(Σ a² Σ b²); `nil` where a side is zero.
  static func cosine(_ a: [Float], _ b: [Float]) -> Double? {
    var (ab, aa, bb) = (0.0, 0.0, 0.0)
    for (x, y) in zip(a, b) {
      ab += Double(x) * Double(y)
      aa += Double(x) * Double(x)
      bb += Double(y) * Double(y)
    }
    return aa > 0 && bb > 0 ? ab / (aa * bb).squareRoot() : nil
  }

  /// Mean, standard deviation, least and greatest of some numbers.
  public struct Spread: Codable, Equatable, Sendable {
    public let mean, deviation, least, greatest: Double

    public init?(_ values: [Double]) {
      guard let least = values.min(), let greatest = values.max() else { return nil }
      let n = Double(values.count)
      let mean = values.reduce(0, +) / n
      let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
      (self.mean, self.least, self.greatest) = (mean, least, greatest)
      deviation = n > 1 ? (squares / (n - 1)).squareRoot() : 0
    }
  }

  /// A metric over the seeds; `nil` where none has it.
  public func spread(of metric: Metric) -> Spread? {
    Spread(runs.runs.compactMap { $0.metrics.value(metric) })
  }
  public var correlation: Spread? { Spread(pairs.map(\.pearson)) }
  public var cosine: Spread? { Spread(pairs.map(\.cosine)) }
  public var similarity: Spread? { Spread(matches) }
  public var nullSimilarity: Spread? { Spread(nullMatches) }

  /// Share of `matches` above the 95 % quantile of `nullMatches`.
  public var matched: Double? {
    guard !matches.isEmpty, !nullMatches.isEmpty else { return nil }
    let cut = nullMatches.sorted().quantile(0.95)
    return Double(matches.count { $0 > cut }) / Double(matches.count)
  }
}
