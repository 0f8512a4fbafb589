import Discovery
import Figures
import Foundation
import Motifs
import Runtime

/// A picture of what was discovered.
struct DiscoveryPicture: Sendable {
  /// The files' name without extension.
  let name: String
  let drawing: any Drawing
  /// What it shows, for those who cannot see it.
  let alt: String

  init(_ name: String, _ drawing: any Drawing, alt: String) {
    (self.name, self.drawing, self.alt) = (name, drawing, alt)
  }
}

extension DiscoveryReport {
  /// Patterns that are drawn, and sequences.
  static let shownPatterns = 24
  static let shownSequences = 4
  static let shownPairs = 6

  var shown: Range<Int> { 0..<min(Self.shownPatterns, patterns.count) }

  var pictures: [DiscoveryPicture] {
    guard !patterns.isEmpty else { return [] }
    return shown.map(logos) + [positions] + (patterns.count > 1 ? [coOccurrence] : []) + spacing + examples
  }

  /// A pattern where there is little room: `pos 0`.
  private func label(_ index: Int) -> String {
    patterns[index].name.replacing("_patterns.pattern_", with: " ")
  }

  func pictureName(_ index: Int) -> String { patterns[index].name.replacing(".", with: "_") }

  /// Contributions above the frequencies of the bases.
  private func logos(_ index: Int) -> DiscoveryPicture {
    let pattern = patterns[index].pattern
    let range = pattern.importantRange(flank: 6)
    func rows(_ values: [Double]) -> [[Double]] { range.map { Array(values[4 * $0..<4 * $0 + 4]) } }
    let motif = patterns[index].motif(flank: 6)
    return DiscoveryPicture(
      pictureName(index),
      Panels(
        [
          SequenceLogo(attributions: rows(pattern.contributions), yLabel: "contribution"),
          SequenceLogo(information: motif.frequencies.rows),
        ].aligned(), columns: 1),
      alt: "Contributions and base frequencies of \(title(index)), \(pattern.seqlets.count) seqlets")
  }

  private var positions: DiscoveryPicture {
    let bins = min(40, tracks.length)
    let width = Double(tracks.length) / Double(bins)
    let few = shown.prefix(6)
    return DiscoveryPicture(
      "positions",
      LinePlot(
        series: few.map { index in
          var counts = [Double](repeating: 0, count: bins)
          for position in statistics.positions[index] { counts[min(bins - 1, Int(position / width))] += 1 }
          return LinePlot.Series(
            label(index), x: (0..<bins).map { (Double($0) + 0.5) * width }, y: counts)
        }, xLabel: "position of the hit's middle", yLabel: "hits"),
      alt: "How many hits of \(few.count) patterns lie where in the sequences")
  }

  private var coOccurrence: DiscoveryPicture {
    let few = shown.prefix(16)
    var values = few.map { _ in few.map { _ in Double.nan } }
    for pair in statistics.pairs where pair.first < few.count && pair.second < few.count {
      values[pair.first][pair.second] = pair.logRatio
      values[pair.second][pair.first] = pair.logRatio
    }
    let labels = few.map(label)
    return DiscoveryPicture(
      "co-occurrence",
      HeatMap(
        values, scale: .diverging(), valueLabel: "log2 (found / expected)", columns: .names(labels),
        rowNames: labels),
      alt: "Which patterns have hits in the same sequences more often than by chance")
  }

  /// Distances of the pairs that are in most sequences.
  private var spacing: [DiscoveryPicture] {
    let pairs = statistics.pairs.filter { $0.distances.count >= 20 }.prefix(Self.shownPairs)
    guard !pairs.isEmpty else { return [] }
    let limit = Double(min(100, tracks.length))
    return [
      DiscoveryPicture(
        "spacing",
        Panels(
          pairs.map { pair in
            Histogram(
              [Histogram.Group("", pair.distances)],
              title: "\(patterns[pair.first].name.suffix(9)) to \(patterns[pair.second].name.suffix(9))"
                .replacing("_", with: " "),
              xLabel: "distance", binCount: Int(limit), range: -limit...limit)
          }, columns: 2),
        alt: "Distances between hits of two patterns in one sequence")
    ]
  }

  /// The sequences with most of their attribution in hits of different patterns.
  var exampleSequences: [Int] {
    var scores: [Int: (patterns: Set<Int>, attribution: Double)] = [:]
    for hit in hits {
      scores[hit.sequence, default: ([], 0)].patterns.insert(hit.pattern)
      scores[hit.sequence]!.attribution += abs(hit.attribution)
    }
    return scores.sorted {
      ($1.value.patterns.count, $1.value.attribution, $0.key)
        < ($0.value.patterns.count, $0.value.attribution, $1.key)
    }.prefix(Self.shownSequences).map(\.key)
  }

  private var examples: [DiscoveryPicture] {
    exampleSequences.enumerated().map { number, sequence in
      let found = hits.filter { $0.sequence == sequence }
      let strongest = found.max { abs($0.attribution) < abs($1.attribution) }!
      // Long sequences are shown around their strongest hit.
      let size = min(120, tracks.length)
      let first = min(max(0, (strongest.start + strongest.end - size) / 2), tracks.length - size)
      let rows = (first..<first + size).map { position -> [Double] in
        let code = Int(tracks.codes[sequence * tracks.length + position])
        return (0..<4).map { $0 == code ? Double(tracks.contribution(sequence, position)) : 0 }
      }
      let start = max(0, strongest.start - first)
      return DiscoveryPicture(
        "example-\(number + 1)",
        SequenceLogo(
          attributions: rows, firstPosition: first + 1,
          highlight: start..<min(size, max(start, strongest.end - first)),
          highlightLabel: patterns[strongest.pattern].name.replacing("_patterns.pattern_", with: " ")),
        alt: "Attributions of \(names[sequence]), with its strongest hit")
    }
  }
}
