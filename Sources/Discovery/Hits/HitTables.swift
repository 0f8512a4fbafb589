import Foundation
import Motifs
import Runtime

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
          .text(names[hit.sequence]), .integer(hit.start), .integer(hit.end), .text(hit.isReverse ? "-" : "+"),
          .text(patterns[hit.pattern].name), .number(hit.coefficient, decimals: 5),
          .number(hit.similarity, decimals: 4), .number(hit.attribution, decimals: 5),
          .number(hit.share, decimals: 4),
        ]
      })
  }

  /// BED with six columns; the score is 1000 times the similarity. Where a sequence is named by its place in a genome,
  /// `chr1:1000-1100` counted from 0, lines give places in the genome.
  public func bed(_ patterns: [NamedPattern], names: [String]) -> String {
    let places = names.map(GenomicPlace.init)
    return map { hit in
      let place = places[hit.sequence]
      let (name, shift) = (place?.chromosome ?? names[hit.sequence], place?.start ?? 0)
      let score = Int((1000 * hit.similarity).rounded())
      return [
        name.split(whereSeparator: \.isWhitespace).first.map(String.init) ?? name, String(shift + hit.start),
        String(shift + hit.end), patterns[hit.pattern].name, String(score), hit.isReverse ? "-" : "+",
      ].joined(separator: "\t") + "\n"
    }.joined()
  }
}

/// A sequence's place in a genome as its name tells it.
private struct GenomicPlace {
  let chromosome: String
  let start: Int

  init?(_ name: String) {
    let word = name.prefix { !$0.isWhitespace }
    guard let colon = word.lastIndex(of: ":") else { return nil }
    let numbers = word[word.index(after: colon)...].split(separator: "-")
    guard numbers.count == 2, let start = Int(numbers[0]), let end = Int(numbers[1].prefix { $0.isNumber }),
      start >= 0, start < end, colon > word.startIndex
    else { return nil }
    chromosome = String(word[..<colon])
    self.start = start
  }
}
