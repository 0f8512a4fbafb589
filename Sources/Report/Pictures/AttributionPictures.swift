import Figures
import Interpretation
import NeuralNetworks
import Runtime
import Sequences
import Study

extension Study {
  /// Sequences that are shown letter by letter: a confident answer, a typical one, the least confident.
  package var shownSequences: [Int] {
    let last = attribution.sequences.count - 1
    return Set([last / 10, last / 2, last]).sorted()
  }

  /// Pictures of which bases decide.
  var attributionPictures: [StudyDrawing] {
    let name = filters.network.name
    let site = attribution.sites.first.flatMap { $0 }
    let hasOneSite = site != nil && attribution.sites.allSatisfy { $0 == site }
    func map(_ method: AttributionResult.Method) -> StudyDrawing {
      let values = attribution.rows(of: attribution.entry(method, network: name).magnitudes)
      var map = HeatMap(
        values, title: method.title.prefix(1).uppercased() + method.title.dropFirst(),
        scale: .fromWhite(0...Self.quantile(0.995, of: values.joined())), valueLabel: "magnitude",
        xLabel: "position", yLabel: "test positives, most confident first")
      if hasOneSite {
        map.band = site
        map.bandLabel = "planted site"
      }
      return StudyDrawing(
        .map(method), map,
        alt: "\(method.title) of \(name) for \(values.count) test positives, position by position")
    }
    let rows = attribution.rows(of: attribution.scores)
    var logos = shownSequences.map { row in
      SequenceLogo(
        attributions: rows[row].enumerated().map { position, score in
          let code = Int(attribution.sequences[row][attribution.sequences[row].startIndex + position])
          return (0..<4).map { $0 == code ? score : 0 }
        },
        title: "\(attribution.sequences.name(row, among: attribution.rows)), probability "
          + Words.share(probability(ofRow: row)),
        yLabel: "input × gradient", highlight: attribution.sites[row],
        highlightLabel: attribution.sites[row] == nil ? "" : "planted site")
    }
    logos.shareRange()
    var profile = LinePlot(
      series: attributionProfiles.map { profile in
        LinePlot.Series(
          profile.method.title, x: (0..<data.length).map { Double($0 + 1) }, y: profile.values)
      }, xLabel: "position", yLabel: "share of all")
    profile.yRange = 0...1.05 * (attributionProfiles.flatMap(\.values).max() ?? 1)
    profile.preferredSize = Size(510, 170)
    if hasOneSite, let site {
      profile.bands = [
        LinePlot.Band(x: Double(site.lowerBound) + 0.5...Double(site.upperBound) + 0.5, label: "planted site")
      ]
    }
    return [
      StudyDrawing(
        .attributionLogos, Panels(logos, columns: 1),
        alt: "Input × gradient of \(name) for \(logos.count) test positives as logos"),
      StudyDrawing(
        .attributionProfile, profile, alt: "Mean magnitude of each method by position"),
      map(.saliency), map(.gradCAM),
    ]
  }

  /// What the interpreted network says of an attributed sequence.
  func probability(ofRow row: Int) -> Double {
    Activation.sigmoid.value(Double(attribution.logits[row]))
  }

  /// The value below which a share of the values lies.
  private static func quantile(_ share: Double, of values: some Sequence<Double>) -> Double {
    let sorted = values.sorted()
    guard let last = sorted.last, last > 0 else { return 1 }
    return max(sorted[Int(share * Double(sorted.count - 1))], 1e-12 * last)
  }
}

extension [SequenceLogo] {
  /// Puts all on one axis, so that their letters can be compared and their positions stand above each other.
  package mutating func shareRange() {
    let ranges = map(\.shownRange)
    guard let low = ranges.map(\.lowerBound).min(), let high = ranges.map(\.upperBound).max() else { return }
    for index in indices { self[index].range = low...high }
  }
}
