import Foundation
import Motifs
import Runtime
import Sequences

extension Array where Element == AttributionHit {
  /// A row for each hit.
  public func table(_ patterns: [NamedPattern], names: [String]) -> Table {
    Table(
      "hits",
      columns: [
        "sequence", "start", "end", "strand", "pattern", "coefficient", "similarity", "attribution", "share",
      ],
      rows: map { hit in
        [
          .text(names[hit.sequence]), .integer(hit.start), .integer(hit.end),
          .text(hit.isReverse ? "-" : "+"),
          .text(patterns[hit.pattern].name), .number(hit.coefficient, decimals: 5),
          .number(hit.similarity, decimals: 4), .number(hit.attribution, decimals: 5),
          .number(hit.share, decimals: 4),
        ]
      })
  }

  /// BED with six columns; the score is 1000 times the similarity. Where a sequence is named by its place in a genome,
  /// `chr1:1000-1100` counted from 0, lines give places in the genome.
  public func bed(_ patterns: [NamedPattern], names: [String]) -> String {
    let places = names.map(BEDPlace.init)
    return map { hit in
      places[hit.sequence].line(
        hit.start..<hit.end, name: patterns[hit.pattern].name, score: Int((1000 * hit.similarity).rounded()),
        strand: hit.isReverse ? .reverse : .forward)
    }.joined()
  }
}

/// What a BED line says of a sequence: its name, or its place in a genome where the name is one.
package struct BEDPlace {
  /// The name's first word.
  private let word: String
  private let location: GenomicLocation?

  package init(_ text: String) {
    word = String(text.prefix { !$0.isWhitespace })
    location = GenomicLocation(name: word)
  }

  package func line(_ range: Range<Int>, name feature: String, score: Int, strand: Strand) -> String {
    let place =
      location?.part(range, strand: strand)
      ?? GenomicLocation(chromosome: word, start: range.lowerBound, end: range.upperBound, strand: strand)
    return
      "\(place.chromosome)\t\(place.start)\t\(place.end)\t\(feature)\t\(score)\t\(place.strand.rawValue)\n"
  }
}
