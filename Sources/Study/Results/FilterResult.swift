import Interpretation
import Motifs
import NeuralNetworks
import Runtime
import Sequences
import Statistics

/// What the filters of a network's first convolution became.
public struct FilterResult: Sendable {
  public let network: NetworkResult
  /// From the test sequences.
  public let analysis: FilterAnalysis
  /// The motif that the study is about, if it is about one.
  public let known: KnownMotif?

  /// A motif that one expects to find, and how well each filter matches it.
  public struct KnownMotif: Sendable {
    public let motif: Motif
    /// One for each filter; `nil` where the filter has no motif.
    public let matches: [MotifMatch?]
    /// Where the p-values come from, in words.
    public let null: String
  }

  /// - Parameter enrichment: of the database in the sequences, where it may decide between members of a family.
  /// - Throws: `InputError` as `FilterAnalysis` does.
  public init(
    _ network: NetworkResult, data: StudyData, options: StudyOptions, enrichment: DatabaseEnrichment? = nil
  ) throws {
    self.network = network
    let motif = options.knownMotif
    analysis = try FilterAnalysis(
      network.network, on: data.test.labeled, targets: options.database?.motifs ?? [motif].compactMap { $0 },
      seed: options.seed,
      naming: NamingOptions(distance: options.distance, families: enrichment.map { $0.family }))
    let reading = analysis.readings[0]
    known = try motif.map { motif in
      guard let database = options.database else {
        return KnownMotif(
          motif: motif, matches: reading.best.map { $0?.match }, null: reading.null)
      }
      let found = try BestMatches(
        reading.trimmed, among: [motif],
        null: .collection(database.motifs, name: database.path.fileName),
        naming: NamingOptions(distance: options.distance))
      return KnownMotif(motif: motif, matches: found.best.map { $0?.match }, null: found.null)
    }
  }

  public var reading: FilterReading { analysis.readings[0] }

  /// What each filter is named after; `nil` where no match counts.
  public var names: [MotifName?] { reading.names }

  /// One for each filter.
  public var motifs: [FilterMotif] { reading.motifs }

  /// Filters from the best match with the known motif to the worst, those without motif left out.
  public var ranking: [Int] {
    guard let matches = known?.matches else { return [] }
    return motifs.indices.filter { matches[$0] != nil }.sorted {
      (matches[$0]!.pValue, $0) < (matches[$1]!.pValue, $1)
    }
  }

  /// Filters that match the known motif, the best first.
  public var matching: [Int] {
    ranking.filter { analysis.isSignificant(known!.matches[$0]!, with: known!.motif, of: $0, by: reading) }
  }

  /// Filters with a name, the best match first.
  public var named: [Int] { reading.byMatch.filter { names[$0] != nil } }
}

extension FilterResult {
  /// The filters to remember: of those that found the same factor the one that tells positives from negatives best,
  /// from the greatest AUROC to the least.
  public var distinct: [Int] {
    func auroc(_ filter: Int) -> Double { reading.enrichment[filter]?.rank.auroc ?? 0 }
    let ordered = named.enumerated().sorted {
      (-auroc($0.element), $0.offset) < (-auroc($1.element), $1.offset)
    }
    var seen: Set<String> = []
    return ordered.map(\.element).filter { seen.insert(names[$0]!.factor.identifier).inserted }
  }
}
