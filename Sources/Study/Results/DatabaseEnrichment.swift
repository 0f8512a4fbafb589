import Foundation
import Motifs
import NeuralNetworks
import Sequences

/// Which known motifs tell a user's positives from negatives, whatever the networks learned, and where their sites lie.
public struct DatabaseEnrichment: Sendable {
  /// A motif that is enriched, by `significance` and `leastRatio`, and whose sites are not those of a surer one.
  public struct Factor: Sendable {
    public let motif: Int
    /// From the middle of each positive with a site to the middle of its best one, in bases, to the right positive.
    public let offsets: [Double]
    /// Enriched motifs most of whose sites overlap this one's.
    public fileprivate(set) var alike: [Int]
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
  init(_ database: StudyOptions.MotifDatabase, _ data: StudyData, seed: UInt64) throws {
    // Nothing is fitted, so all sequences may be asked.
    let sets = [data.train, data.validation, data.test].compactMap { $0 }
    func members(_ label: UInt8) -> SequenceSet {
      sets.reduce(SequenceSet()) { $0.joined(with: $1.sequences.subset($1.indices(label: label))) }
    }
    let (positives, negatives) = (members(1), members(0))
    let motifs = database.motifs
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
    var factors: [Factor] = []
    var sites: [[Int: Range<Int>]] = []
    for motif in enriched {
      let hits = finder.bestHits(weights[motif])
      var own: [Int: Range<Int>] = [:]
      for index in hits.scores.indices where hits.scores[index] >= results[motif].threshold!.score {
        own[index] = hits.starts[index]..<hits.starts[index] + motifs[motif].width
      }
      let surer = sites.firstIndex { other in
        2 * own.count { other[$0.key]?.overlaps($0.value) ?? false } > own.count
      }
      if let surer {
        factors[surer].alike.append(motif)
      } else if factors.count < Self.mostFactors {
        let offsets = own.sorted { $0.key < $1.key }.map { index, site in
          Double(site.lowerBound + site.upperBound - positives[index].count) / 2
        }
        factors.append(Factor(motif: motif, offsets: offsets, alike: []))
        sites.append(own)
      }
    }
    (self.motifs, self.results, self.factors) = (motifs, results, factors)
    (self.positives, self.negatives) = (positives, negatives)
  }

  /// The motif that tells the classes apart most surely at the sites of this one, maybe itself; `nil` where it is not among
  /// those that do.
  public func surest(at sitesOf: Motif) -> Motif? {
    guard let index = motifs.firstIndex(where: { $0.identifier == sitesOf.identifier }) else { return nil }
    return factors.first { $0.motif == index || $0.alike.contains(index) }.map { motifs[$0.motif] }
  }

  /// log₁₀ of the E-value of a motif; 0 where no sequence has a window.
  public func log10EValue(_ motif: Int) -> Double {
    (results[motif].threshold?.log10PValue ?? 0) + log10(Double(motifs.count))
  }
}
