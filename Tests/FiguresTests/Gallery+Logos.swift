import Figures

extension Gallery {
  static let logos: [Entry] = [
    Entry("logo-information", SequenceLogo(information: Synthetic.foxo1, title: "FOXO1")),
    Entry(
      "logo-frequency",
      SequenceLogo(
        frequencies: Synthetic.foxo1, title: "FOXO1_HUMAN.H11MO.0.A, frequencies of 500 sites",
        highlight: 4..<9)),
    Entry(
      "logo-attribution",
      SequenceLogo(
        attributions: Synthetic.attributions(3), title: "Input × gradient, sequence 3", highlight: 44..<56,
        highlightLabel: "planted site")),
    Entry(
      "logo-attribution-300",
      SequenceLogo(
        attributions: Synthetic.attributions(4, length: 300, site: 280), highlight: 280..<292,
        highlightLabel: "planted site")),
    Entry("logo-one-position", SequenceLogo(information: [[1, 0, 0, 0]])),
    Entry("logo-empty", SequenceLogo(attributions: [[0, 0, 0, 0], [0, .nan, 0, 0]])),
    Entry(
      "aligned",
      AlignedLogos(
        query: Synthetic.frequencies(3), queryName: "filter 12", target: Synthetic.foxo1,
        targetName: "FOXO1_HUMAN.H11MO.0.A", offset: 2, note: "p = 3.1e−12, overlap 10",
        title: "Best match of filter 12")),
    Entry(
      "aligned-reversed",
      AlignedLogos(
        query: Synthetic.frequencies(3, width: 6), queryName: "filter 3", target: Synthetic.foxo1,
        targetName: "FOXO1",
        offset: -2, isReversed: true, note: "p = 0.004")),
    Entry(
      "aligned-wide",
      AlignedLogos(
        query: Synthetic.frequencies(3, width: 6),
        queryName: "filter 3 of the second network trained with jitter",
        target: Synthetic.frequencies(9, width: 24),
        targetName: "A_VERY_LONG_IDENTIFIER_OF_A_MOTIF.H11MO.0.A",
        offset: 20, isReversed: true, note: "p = 4.5e−08, q = 0.00012, overlap 4")),
    Entry("logo-grid", LogoGrid((0..<64).map(gridItem), title: "64 filters of the first layer")),
    Entry("logo-grid-300", LogoGrid((0..<300).map(gridItem))),
    Entry("logo-grid-mixed", LogoGrid((0..<7).map(mixedItem))),
    Entry("logo-grid-one", LogoGrid([.init("filter 0", frequencies: Synthetic.foxo1, note: "FOXO1")])),
    Entry(
      "logo-table",
      LogoTable(
        columns: ["half-max", "basset", "top-100", "exact-p", "softmax"], rows: (0..<6).map { tableRow($0) },
        title: "Five rules")),
    Entry(
      "logo-table-wide",
      LogoTable(
        columns: ["before", "a column with a name that is long"],
        rows: (0..<3).map { row in
          let cells = (0..<2).map { tableCell(row + $0, width: 30 + 9 * row) }
          return LogoTable.Row("a filter with a long name", note: "FOXO1_HUMAN.H11MO.0.A", cells)
        })),
  ]

  private static func tableRow(_ row: Int) -> LogoTable.Row {
    LogoTable.Row("filter \(row)", note: row == 2 ? "FOXO1" : "", (0..<5).map { tableCell(5 * row + $0) })
  }

  private static func tableCell(_ i: Int, width: Int = 12) -> LogoTable.Cell {
    if i == 7 { return LogoTable.Cell([], note: "no motif") }
    let note = i % 2 == 0 ? "8.7 bits, FOXO1 1.2e-9" : "9.1 bits, FOXO1_HUMAN.H11MO.0.A 3.4e-12"
    return LogoTable.Cell(Synthetic.frequencies(UInt64(i), width: width), note: note)
  }

  private static func gridItem(_ i: Int) -> LogoGrid.Item {
    let isDead = i % 9 == 4
    let note = isDead ? "dead" : i % 3 == 0 ? "FOXO1 1e−9" : ""
    return LogoGrid.Item(
      "filter \(i)", frequencies: Synthetic.frequencies(UInt64(i)), note: note, isFaded: isDead)
  }

  private static func mixedItem(_ i: Int) -> LogoGrid.Item {
    LogoGrid.Item(
      i == 2 ? "a filter with a very long name" : "filter \(i)",
      frequencies: i == 3 ? [] : Synthetic.frequencies(UInt64(i), width: 6 + 3 * i),
      note: i == 5 ? "FOXO1_HUMAN.H11MO.0.A 2e−12" : "", isFaded: i == 3)
  }
}
