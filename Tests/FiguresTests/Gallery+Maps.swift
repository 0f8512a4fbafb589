import Figures

extension Gallery {
  static let maps: [Entry] = [
    Entry("filters", FilterHeatMap((0..<64).map(filter), title: "Weights of the first convolution, 64 × 12")),
    Entry("filters-one", FilterHeatMap([.init("filter 0", weights: Synthetic.weights(1, width: 6))])),
    Entry(
      "filters-300",
      FilterHeatMap(
        (0..<300).map { .init("f\($0)", weights: Synthetic.weights(UInt64($0), width: 19)) },
        title: "300 filters")),
    correlationMap(64, cut: 0.5),
    correlationMap(8, cut: 0.6),
    Entry("correlation-1", CorrelationMap([[1]], names: ["filter 0"])),
    Entry(
      "correlation-300",
      CorrelationMap(
        Synthetic.correlations(300), names: (0..<300).map { "filter \($0)" }, linkage: Synthetic.chain(300),
        title: "300 filters")),
    sequenceMap(200, jitter: 0), sequenceMap(40, jitter: 30), sequenceMap(1, jitter: 0),
    sequenceMap(3000, jitter: 20),
    Entry("heat-signed", signedMap),
    Entry(
      "heat-names",
      HeatMap(
        [[0.1, 0.5, .nan], [0.9, 0.2, 0.4]], title: "Named", scale: .fromWhite(0...1), valueLabel: "share",
        columns: .names(["v1", "a longer name", "v3"]), rowNames: ["gradient", "integrated gradients"])),
  ]

  private static func filter(_ i: Int) -> FilterHeatMap.Item {
    let isDead = i % 13 == 5
    return .init(
      "filter \(i)", weights: Synthetic.weights(UInt64(i)), note: isDead ? "dead" : "", isFaded: isDead)
  }

  private static func correlationMap(_ count: Int, cut: Double) -> Entry {
    let values = Synthetic.correlations(count)
    return Entry(
      "correlation-\(count)",
      CorrelationMap(
        values, names: (0..<count).map { "filter \($0)" }, linkage: Synthetic.linkage(values), cut: cut,
        title: "Correlation of \(count) filters' activations", valueLabel: "Pearson’s r"))
  }

  static func sequenceMap(_ count: Int, jitter: Int) -> Entry {
    let (values, sites) = Synthetic.maps(count, jitter: jitter)
    var map = HeatMap(
      values, title: "Grad-CAM of \(count) sequences", scale: count == 40 ? .fromWhite() : .sequential(0...1),
      valueLabel: "Grad-CAM", xLabel: "position", yLabel: "sequence")
    if jitter > 0 {
      map.markers = sites
    } else {
      map.band = 44..<56
      map.bandLabel = "planted site"
      if count > 1 {
        map.groups = [.init("with site", count: count / 2), .init("random", count: count - count / 2)]
      }
    }
    return Entry("heat-\(count)", map)
  }

  private static let signedMap: HeatMap = {
    let rows = (0..<60).map { Synthetic.attributions(UInt64($0)).map { $0.reduce(0, +) } }
    var map = HeatMap(
      rows, title: "Input × gradient", scale: .diverging(), valueLabel: "attribution", xLabel: "position",
      yLabel: "sequence", rowNames: (0..<60).map { "chr1:\(1000 * $0)" })
    map.band = 44..<56
    map.bandLabel = "planted site"
    return map
  }()

  static let diagrams: [Entry] = [
    Entry("network-v1", NetworkDiagram(Synthetic.presets(1), title: "v1")),
    Entry("network-v3", NetworkDiagram(Synthetic.presets(2), title: "v3, 15,489 parameters")),
    Entry("network-v5", NetworkDiagram(Synthetic.presets(4), title: "v5, 17,281 parameters")),
    Entry("network-long", NetworkDiagram(Synthetic.presets(4) + Synthetic.presets(4))),
    Entry(
      "panels",
      Panels(
        [
          SequenceLogo(information: Synthetic.foxo1, title: "FOXO1"),
          SequenceLogo(information: Synthetic.frequencies(3), title: "filter 3"), profile, histogram,
        ], columns: 2, hasLetters: true)),
  ]
}
