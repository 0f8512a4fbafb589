import Figures
import Interpretation
import NeuralNetworks
import Runtime
import Sequences

/// Pictures of explanations: letters of the first sequences, and a map over many.
public struct ExplanationPictures {
  /// Sequences drawn as letters.
  public static let letterCount = 5
  /// Sequences drawn as rows of a map.
  static let rowCount = 200

  /// An explanation as pictures call it, and the output that it is of.
  public typealias Item = (name: String, explanation: Explanation, output: Int)

  private let explanations: [Item]
  private let sequences: SequenceSet
  private let labels: [UInt8]
  /// (shown sequences, outputs).
  private let logits: [Float]
  private let outputs: Int
  private var shown: Int { min(sequences.count, Self.letterCount) }
  private let length: Int
  private let sites: [Range<Int>?]?

  /// - Parameters:
  ///   - sequences: the sequences that were explained, all of the network's length.
  ///   - labels: 1 or 0 for each; none where that is not known.
  ///   - sites: where the sites of each are, if that is known.
  /// - Throws: `InputError` unless all sequences have the network's length.
  public init(
    _ explanations: [Item], of sequences: SequenceSet, labels: [UInt8] = [], by network: Network,
    sites: [Range<Int>?]? = nil
  ) throws {
    self.explanations = explanations
    self.sequences = sequences
    self.labels = labels
    self.sites = sites
    length = network.architecture.input.length
    let shown = sequences.subset(Array(0..<min(sequences.count, Self.letterCount)))
    outputs = network.architecture.outputCount
    logits = try network.logits(of: shown)
  }

  /// Writes `METHOD-letters` and `METHOD-map`, as PNG and SVG, into a folder that is there.
  ///
  /// - Throws: `FigureError` naming the file that cannot be written.
  public func write(to folder: String, provenance: Provenance) throws {
    let files = FigureFiles(folder, provenance)
    for item in explanations where sequences.count > 0 {
      let scores = item.explanation.scores
      let name = item.name
      try files.write(
        letters(item, scores), "\(name)-letters", alt: "\(name) of the first sequences, base by base")
      try files.write(
        map(name, scores), "\(name)-map", alt: "\(name) of many sequences, position by position")
    }
  }

  /// Writes `dependencies-N` of the first sequences: how much the effects of two positions depend on each other.
  ///
  /// - Parameter maps: of the first sequences, (L, L) each; those beyond `letterCount` are not drawn.
  /// - Throws: `FigureError` naming the file that cannot be written.
  public func write(dependencies maps: [[Float]], to folder: String, provenance: Provenance) throws {
    let files = FigureFiles(folder, provenance)
    for (index, map) in maps.prefix(Self.letterCount).enumerated() {
      let rows = (0..<length).map { row in map[row * length..<(row + 1) * length].map(Double.init) }
      var picture = HeatMap(
        rows, scale: .diverging(limit: map.contains { $0 != 0 } ? nil : 1), valueLabel: "interaction",
        xLabel: "position")
      picture.title = sequences.name(index)
      try files.write(
        picture, "dependencies-\(index + 1)", alt: "Pairs of positions whose effects depend on each other")
    }
  }

  /// The base that is there, as high as its value.
  private func letters(_ item: Item, _ scores: [Float]) -> Panels {
    var panels = (0..<shown).map { index in
      SequenceLogo(
        attributions: (0..<length).map { position in
          let place = index * length + position
          return (0..<4).map { sequences.codes[place] == UInt8($0) ? Double(scores[place]) : 0 }
        },
        title:
          "\(sequences.name(index)), logit \(Table.Cell.number(Double(logits[index * outputs + item.output]), decimals: 2).text)",
        yLabel: item.name, highlight: sites?[index])
    }
    panels.shareRange()
    return Panels(panels, columns: 1)
  }

  /// Rows in the order of the file, with labels the positives first.
  private func map(_ name: String, _ scores: [Float]) -> HeatMap {
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
      valueLabel: name, xLabel: "position")
    map.groups = groups
    if let sites { map.markers = rows.map { sites[$0] } }
    return map
  }
}
