import Foundation
import Motifs
import Runtime
import Sequences

/// A site that a pattern's matrix finds in a sequence, with its attributions.
public struct ScannedHit: Equatable, Sendable {
  public let hit: MotifHit
  public let width: Int
  /// Σ attributions of the site.
  public let attribution: Double
}

extension Array where Element == NamedPattern {
  /// Sites of the patterns' matrices on both strands, whatever their attributions.
  ///
  /// - Parameter pValue: of a hit at most.
  public func scannedHits(in tracks: AttributionTracks, pValue: Double) -> [ScannedHit] {
    guard !isEmpty else { return [] }
    let motifs = map { named -> ScanMotif in
      let motif = named.motif(flank: 0)
      return ScanMotif(identifier: named.name, weights: motif.weights(), threshold: .pValue(pValue))
    }
    let set = SequenceSet(
      codes: tracks.codes.map { Swift.min($0, 4) },
      starts: (0...tracks.count).map { $0 * tracks.length })
    return MotifScanner(motifs).hits(in: set).map { hit in
      let width = motifs[hit.motif].width
      return ScannedHit(
        hit: hit, width: width,
        attribution: (hit.start..<hit.start + width).reduce(0) {
          $0 + Double(tracks.contribution(hit.sequence, $1))
        })
    }
  }
}

extension Array where Element == ScannedHit {
  /// A row for each hit.
  public func table(_ patterns: [NamedPattern], names: [String]) -> Table {
    Table(
      "scan",
      columns: ["sequence", "start", "end", "strand", "pattern", "score", "p_value", "attribution"],
      rows: map { found in
        [
          .text(names[found.hit.sequence]), .integer(found.hit.start),
          .integer(found.hit.start + found.width),
          .text(found.hit.strand.rawValue), .text(patterns[found.hit.motif].name),
          .number(found.hit.score, decimals: 3), .scientific(found.hit.pValue),
          .number(found.attribution, decimals: 5),
        ]
      })
  }

  /// BED with six columns; the score is −100·log₁₀ of the p-value, at most 1000.
  public func bed(_ patterns: [NamedPattern], names: [String]) -> String {
    let places = names.map(BEDPlace.init)
    return map { found in
      let score = Swift.min(1000, Int((-100 * log10(found.hit.pValue)).rounded()))
      return places[found.hit.sequence].line(
        found.hit.start..<found.hit.start + found.width, name: patterns[found.hit.motif].name, score: score,
        strand: found.hit.strand)
    }.joined()
  }
}
