import Figures
import Testing

/// Nothing overlaps and nothing is cut off, in any drawing of the gallery.
@Suite struct LayoutTests {
  /// In Helvetica or what stands for it, and in the wider type of machines that have no such font.
  static let fonts = ["Helvetica", "DejaVu Sans"]

  @Test(arguments: Gallery.entries, fonts)
  func textsStandApartAndInside(_ entry: Gallery.Entry, font: String) throws {
    var theme = Theme.standard
    theme.fontFamily = font
    let figure = entry.drawing.figure(theme: theme)
    let texts = try figure.texts()
    for text in texts {
      let box = text.box
      #expect(
        box.x >= 0.5 && box.y >= 0.5 && box.right <= figure.size.width - 0.5
          && box.bottom <= figure.size.height - 0.5,
        "“\(text.string)” leaves the figure")
    }
    for (i, first) in texts.enumerated() {
      for second in texts[(i + 1)...] {
        guard let common = first.box.intersection(second.box) else { continue }
        #expect(
          common.width < 0.3 || common.height < 0.3, "“\(first.string)” and “\(second.string)” overlap")
      }
    }
  }

  @Test(arguments: Gallery.entries) func theRimStaysEmpty(_ entry: Gallery.Entry) throws {
    let picture = try entry.drawing.figure().picture(dpi: 72)
    let (width, height) = (picture.width, picture.height)
    let rim =
      (0..<width).flatMap { [[$0, 0], [$0, height - 1]] }
      + (0..<height).flatMap { [[0, $0], [width - 1, $0]] }
    let inked = rim.filter { picture[$0[0], $0[1]].prefix(3).contains { $0 <= 250 } }
    #expect(inked.isEmpty, "of \(width) × \(height)")
  }

  /// What must fit must fit in half the width as well, with whatever is left out or shortened.
  @Test(arguments: Gallery.entries) func drawsInLessRoom(_ entry: Gallery.Entry) throws {
    let size = entry.drawing.size(.standard)
    let figure = entry.drawing.figure(size: Size(size.width * 0.6, size.height * 0.8))
    for text in try figure.texts() {
      #expect(text.box.x >= 0 && text.box.right <= figure.size.width, "“\(text.string)” leaves the figure")
    }
  }

  /// No data is a picture without data, not a crash.
  @Test(arguments: [
    Gallery.Entry("heat map", HeatMap([])), Gallery.Entry("heat map without columns", HeatMap([[], []])),
    Gallery.Entry("filters", FilterHeatMap([])), Gallery.Entry("logos", LogoGrid([])),
    Gallery.Entry("logo", SequenceLogo(information: [])),
    Gallery.Entry("aligned", AlignedLogos(query: [], queryName: "", target: [], targetName: "", offset: 0)),
    Gallery.Entry("estimates", EstimatePlot([], valueLabel: "v")),
    Gallery.Entry("pairs", PairedPlot([], valueLabel: "v")),
    Gallery.Entry("lines", LinePlot(series: [], xLabel: "x", yLabel: "y")),
    Gallery.Entry(
      "line of nothing", LinePlot(series: [.init("a", x: [.nan], y: [.nan])], xLabel: "x", yLabel: "y")),
    Gallery.Entry("histogram", Histogram([], xLabel: "x")), Gallery.Entry("networks", LearningCurves([])),
    Gallery.Entry("correlations", CorrelationMap([], names: [])),
    Gallery.Entry("diagram", NetworkDiagram([])),
    Gallery.Entry("infinite", HeatMap([[.infinity, -.infinity, .nan]], scale: .diverging())),
  ]) func nothingIsDrawn(_ entry: Gallery.Entry) throws {
    _ = try SVGDocument(entry.drawing.figure().svg())
  }

  @Test func anEmptySetOfPanelsIsAnError() {
    #expect(throws: FigureError.self) { try Panels([], columns: 2).figure().svg() }
  }
}
