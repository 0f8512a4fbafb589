import Figures
import Interpretation
import NeuralNetworks
import Runtime
import Sequences

/// Pictures of explanations: letters of the first sequences, and a map over many.
public struct ExplanationPictures {
  /// Sequences drawn as letters.
  static let letterCount = 5
  /// Sequences drawn as rows of a map.
  static let rowCount = 200

  private let explanations: [Explanation]
  private let sequences: SequenceSet
  private let labels: [UInt8]
  private let logits: [Float]
  private let length: Int
  private let sites: [Range<Int>?]?

  /// - Parameters:
  ///   - sequences: the sequences that were explained, all of the network's length.
  ///   - labels: 1 or 0 for each; none where that is not known.
  ///   - sites: where the sites of each are, if that is known.
  /// - Throws: `InputError` unless all sequences have the network's length.
  public init(
    _ explanations: [Explanation], of sequences: SequenceSet, labels: [UInt8] = [], by network: Network,
    sites: [Range<Int>?]? = nil
  ) throws {
    self.explanations = explanations
    self.sequences = sequences
    self.labels = labels
    self.sites = sites
    length = network.architecture.input.length
    let shown = sequences.subset(Array(0..<min(sequences.count, Self.letterCount)))
    let outputs = network.architecture.outputCount
    let all = try network.logits(of: shown)
    logits = (0..<shown.count).map { all[$0 * outputs] }
  }

  /// Writes `METHOD-letters` and `METHOD-map`, as PNG and SVG, into a folder that is there.
  ///
  /// - Throws: `FigureError` naming the file that cannot be written.
  public func write(to folder: String, provenance: Provenance) throws {
    let files = FigureFiles(folder, provenance)
    for explanation in explanations where sequences.count > 0 {
      let scores = explanation.scores
      let name = explanation.name
      try files.write(
        letters(explanation, scores), "\(name)-letters", alt: "\(name) of the first sequences, base by base")
      try files.write(
        map(explanation, scores), "\(name)-map", alt: "\(name) of many sequences, position by position")
    }
  }

  /// The base that is there, as high as its value.
  private func letters(_ explanation: Explanation, _ scores: [Float]) -> Panels {
    var panels = logits.indices.map { index in
      SequenceLogo(
        attributions: (0..<length).map { position in
          let place = index * length + position
          return (0..<4).map { sequences.codes[place] == UInt8($0) ? Double(scores[place]) : 0 }
        },
        title:
          "\(sequences.name(index)), logit \(Table.Cell.number(Double(logits[index]), decimals: 2).text)",
        yLabel: explanation.name, highlight: sites?[index])
    }
    panels.shareRange()
    return Panels(panels, columns: 1)
  }

  /// Rows in the order of the file, with labels the positives first.
  private func map(_ explanation: Explanation, _ scores: [Float]) -> HeatMap {
    var rows = Array(0..<sequences.count)
    var groups: [HeatMap.Group] = []
    if !labels.isEmpty {
      let half = Self.rowCount / 2
      let parts = [1, 0].map { label in Array(rows.filter { labels[$0] == label }.prefix(half)) }
      rows = parts.flatMap { $0 }
      groups = zip(["positives", "negatives"], parts).filter { !$1.isEmpty }
        .map { HeatMap.Group($0, count: $1.count) }
    } else {
      rows = Array(rows.prefix(Self.rowCount))
    }
    let values = rows.map { row in scores[row * length..<(row + 1) * length].map(Double.init) }
    // A few extreme values must not take the color from all others.
    let sizes = values.joined().map(abs).sorted()
    let limit = sizes.isEmpty ? 0 : sizes[min(sizes.count - 1, sizes.count * 995 / 1000)]
    let isSigned = values.joined().contains { $0 < 0 }
    var map = HeatMap(
      values, scale: isSigned ? .diverging(limit: limit > 0 ? limit : nil) : .fromWhite(),
      valueLabel: explanation.name, xLabel: "position")
    map.groups = groups
    if let sites { map.markers = rows.map { sites[$0] } }
    return map
  }
}
