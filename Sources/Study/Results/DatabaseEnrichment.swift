import Foundation
import Motifs
import NeuralNetworks
import Sequences
import Statistics

/// Which known motifs tell a user's positives from negatives, whatever the networks learned, and where their sites lie.
public struct DatabaseEnrichment: Sendable {
  /// A motif that is enriched, by `significance` and `leastRatio`, and others that have its sites.
  ///
  /// A family is gathered around its surest member by Fisher's test and named after the one whose best hits have the greatest
  /// AUROC: the log-odds score of the very matrix that sites follow is the most powerful test for them (Neyman & Pearson
  /// 1933), and no threshold enters.
  public struct Factor: Sendable {
    public let motif: Int
    /// From the middle of each positive with a site to the middle of its best one, in bases, to the right positive.
    public let offsets: [Double]
    /// Enriched motifs with the same sites, from the greatest AUROC to the least.
    public let alike: [Int]
  }

  public let motifs: [Motif]
  /// Of each motif.
  public let results: [MotifEnrichment]
  public let positives, negatives: SequenceSet
  /// The surest first.
  public let factors: [Factor]

  /// The greatest E-value (p-value × motifs) of a motif that is called enriched.
  public static let significance = 0.05
  /// Positives have a site this many times as often as negatives at least; common words pass a test of many sequences
  /// with less.
  public static let leastRatio = 2.0
  private static let mostFactors = 20
  /// Motifs that are asked where their sites lie.
  private static let mostMotifs = 300

  /// - Throws: `InputError` if there are no positives or no negatives.
  package init(_ database: StudyOptions.MotifDatabase, _ data: StudyData, seed: UInt64) throws {
    // Nothing is fitted, so all sequences may be asked.
    let sets = [data.train, data.validation, data.test].compactMap { $0 }
    func members(_ label: UInt8) -> SequenceSet {
      sets.reduce(SequenceSet()) { $0.joined(with: $1.sequences.subset($1.indices(label: label))) }
    }
    try self.init(database.motifs, positives: members(1), negatives: members(0), seed: seed)
  }

  /// Asks labeled sequences; `nil` where they are of one class or have no labels.
  ///
  /// - Throws: `InputError` as scanning does.
  public init?(_ motifs: [Motif], in set: LabeledSequences, seed: UInt64) throws {
    let members = [1, 0].map { label in
      set.sequences.subset(set.labels.indices.filter { set.labels[$0] == label })
    }
    guard !motifs.isEmpty, members.allSatisfy({ $0.count > 0 }) else { return nil }
    try self.init(motifs, positives: members[0], negatives: members[1], seed: seed)
  }

  private init(_ motifs: [Motif], positives: SequenceSet, negatives: SequenceSet, seed: UInt64) throws {
    let weights = motifs.map { $0.weights(pseudocount: 0.1) }
    let results = try MotifEnrichment.test(weights, positives: positives, negatives: negatives, seed: seed)
    let limit = log10(Self.significance / Double(motifs.count))
    /// One added to each count, so that there is a ratio where no negative has a site.
    func ratio(_ test: ThresholdTest) -> Double {
      Double(test.positives + 1) / Double(positives.count + 1)
        / (Double(test.negatives + 1) / Double(negatives.count + 1))
    }
    let enriched = motifs.indices.filter { motif in
      results[motif].threshold.map { $0.log10PValue <= limit && ratio($0) >= Self.leastRatio } ?? false
    }.sorted {
      (results[$0].threshold!.log10PValue, $0) < (results[$1].threshold!.log10PValue, $1)
    }.prefix(Self.mostMotifs)
    let finder = BestHitFinder(positives, widths: enriched.map { motifs[$0].width }, seed: seed)
    func sites(of motif: Int) -> [Int: Range<Int>] {
      let hits = finder.bestHits(weights[motif])
      let found = hits.scores.indices.filter { hits.scores[$0] >= results[motif].threshold!.score }
      return Dictionary(
        uniqueKeysWithValues: found.map { ($0, hits.starts[$0]..<hits.starts[$0] + motifs[motif].width) })
    }
    var families: [(sites: [Int: Range<Int>], members: [Int])] = []
    for motif in enriched {
      let own = sites(of: motif)
      let surer = families.firstIndex { family in
        2 * own.count { family.sites[$0.key]?.overlaps($0.value) ?? false } > own.count
      }
      if let surer {
        families[surer].members.append(motif)
      } else if families.count < Self.mostFactors {
        families.append((own, [motif]))
      }
    }
    factors = families.map { family in
      // Equal ones stay in their order, the surest first.
      family.members.enumerated().sorted {
        (-results[$0.element].rank.auroc, $0.offset) < (-results[$1.element].rank.auroc, $1.offset)
      }.map(\.element)
    }.sorted {
      (results[$0[0]].threshold!.log10PValue, $0[0]) < (results[$1[0]].threshold!.log10PValue, $1[0])
    }.map { members in
      let offsets = sites(of: members[0]).sorted { $0.key < $1.key }.map { index, site in
        Double(site.lowerBound + site.upperBound - positives[index].count) / 2
      }
      return Factor(motif: members[0], offsets: offsets, alike: Array(members.dropFirst()))
    }
    (self.motifs, self.results) = (motifs, results)
    (self.positives, self.negatives) = (positives, negatives)
  }

  /// The enriched motifs with the sites of this one, from the greatest AUROC to the least, itself among them; none where it is
  /// not enriched.
  public func family(of motif: Motif) -> [Motif] {
    guard let index = motifs.firstIndex(where: { $0.identifier == motif.identifier }) else { return [] }
    let factor = factors.first { $0.motif == index || $0.alike.contains(index) }
    return factor.map { ([$0.motif] + $0.alike).map { motifs[$0] } } ?? []
  }

  /// log₁₀ of the E-value of a motif; 0 where no sequence has a window.
  public func log10EValue(_ motif: Int) -> Double {
    (results[motif].threshold?.log10PValue ?? 0) + log10(Double(motifs.count))
  }
}
