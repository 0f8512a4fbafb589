import Interpretation
import Motifs
import NeuralNetworks
import Runtime
import Sequences

/// What the filters of a network's first convolution became.
public struct FilterResult: Sendable {
  public let network: NetworkResult
  /// The rule that made motifs of filters.
  public let rule: FilterMotifRule
  /// One for each filter, from the test sequences.
  public let motifs: [FilterMotif]
  /// The motif that all filters are compared with.
  public let target: Motif
  /// Each filter's match with `target`; `nil` where the filter has no motif.
  public let matches: [MotifMatch?]
  /// Where the p-values of `matches` come from, in words.
  public let null: String

  /// Each filter's best match among the motifs of the database, if there is one.
  public let database: [(match: MotifMatch, target: Motif)?]?

  /// The best match of a filter: in the database if there is one, else with `target`.
  public func best(_ filter: Int) -> (match: MotifMatch, target: Motif)? {
    if let database { return database[filter] }
    return matches[filter].map { ($0, target) }
  }

  /// Filters from the best match with the target to the worst, those without motif left out.
  public var ranking: [Int] { ranked { matches[$0] } }

  /// Filters from the best of all matches to the worst.
  public var bestRanking: [Int] { ranked { best($0)?.match } }

  private func ranked(_ match: (Int) -> MotifMatch?) -> [Int] {
    motifs.indices.filter { match($0) != nil }.sorted {
      (match($0)!.pValue, $0) < (match($1)!.pValue, $1)
    }
  }

  /// Whether a filter's match counts: chance would give one as good for any of the filters less than once in twenty times,
  /// and the filter has a motif to speak of. A flat motif matches the flat parts of others.
  public func isSignificant(_ match: MotifMatch, of filter: Int) -> Bool {
    match.eValue <= significance && motifs[filter].totalInformation >= Self.leastInformation
  }

  /// Bits that a motif needs to be called a match: by chance one in 32 windows fits a motif of 5 bits.
  public static let leastInformation = 5.0

  /// The greatest E-value of a match that counts: 0.05 divided by the number of filters.
  public var significance: Double { 0.05 / Double(max(1, motifs.count)) }

  /// Filters that match the target.
  public var matching: [Int] { ranking.filter { isSignificant(matches[$0]!, of: $0) } }

  init(_ network: NetworkResult, data: StudyData, options: StudyOptions) throws {
    self.network = network
    rule = .halfMax
    motifs = try network.network.filterMotifs(data.test, rule: rule)
    target = options.motif
    let null: Comparison.Null =
      options.database.map { .collection($0.motifs, name: $0.path.fileName) }
      ?? .synthetic(seed: options.seed)
    let found = try Self.best(motifs, FilterReading.Names([target], null: null))
    matches = found.map { $0.0.map { $0?.match } } ?? motifs.map { _ in nil }
    self.null = found?.null ?? ""
    let motifs = motifs
    database = try options.database.flatMap {
      try Self.best(
        motifs,
        FilterReading.Names(
          $0.motifs, null: .automatic(targets: $0.motifs.count, seed: options.seed)))?.best
    }
  }

  /// The best target of each filter, and the name of the null; `nil` where no filter has a motif.
  public static func best(_ filters: [FilterMotif], _ names: FilterReading.Names) throws
    -> (best: [(match: MotifMatch, target: Motif)?], null: String)?
  {
    let withMotif = filters.indices.filter { filters[$0].hasMotif }
    guard let found = try best(withMotif.map { filters[$0].motif()! }, names) else { return nil }
    var best = [(match: MotifMatch, target: Motif)?](repeating: nil, count: filters.count)
    for (filter, match) in zip(withMotif, found.best) { best[filter] = match }
    return (best, found.null)
  }

  /// The best target of each motif, and the name of the null; `nil` where there is nothing to compare.
  public static func best(_ motifs: [Motif], _ names: FilterReading.Names) throws
    -> (best: [(match: MotifMatch, target: Motif)?], null: String)?
  {
    guard !motifs.isEmpty, !names.targets.isEmpty else { return nil }
    let result = try Comparison(threshold: .pValue(1)).compare(motifs, names.targets, null: names.null)
    return (
      result.best.map { match in match.map { ($0, result.target($0)) } },
      "\(result.null) (\(result.nullColumns) columns)"
    )
  }
}

/// What is known of the filters of the network that is read closely, beyond their motifs.
public struct FilterDetails: Sendable {
  public let redundancy: FilterRedundancy
  /// Each filter's motif in the positives against the negatives of the test sequences; `nil` without a motif.
  public let enrichment: [MotifEnrichment?]

  init(_ filters: FilterResult, data: StudyData) throws {
    redundancy = try filters.network.network.filterRedundancy(data.test)
    enrichment = try FilterMotif.enrichment(filters.motifs, in: data.test)
  }

  public func isDead(_ filter: Int) -> Bool {
    redundancy.statuses[filter].neverFires || redundancy.statuses[filter].cannotFire
  }
}
