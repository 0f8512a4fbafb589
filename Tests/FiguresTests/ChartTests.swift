import Figures
import Foundation
import Testing

/// What a chart shows, read from its picture by the places of its own tick labels.
struct DrawnChart {
  let picture: PNGPicture
  let texts: [(string: String, box: Rectangle)]
  static let dpi = 288
  static let scale = 4.0

  init(_ drawing: any Drawing, size: Size? = nil) throws {
    let figure = drawing.figure(size: size)
    picture = try figure.picture(dpi: Self.dpi)
    texts = try figure.texts()
  }

  func text(_ string: String) throws -> Rectangle { try #require(texts.first { $0.string == string }).box }

  /// Middle of a label's capitals; below them the box has room for descenders.
  func middle(_ box: Rectangle) -> Double { box.y + box.height * 0.72 / 0.92 / 2 }

  /// Canvas y of a value, by the lowest and highest number beside the y axis.
  func y(_ value: Double) throws -> Double {
    try place(value, of: axis { $0.right }.map { (number($0.string)!, middle($0.box)) })
  }

  /// Canvas x of a value, by the first and last number below the x axis.
  func x(_ value: Double) throws -> Double {
    try place(value, of: axis { -$0.y }.map { (number($0.string)!, $0.box.center.x) })
  }

  /// The numbers that stand in line with each other, those that are nearest the plot's lower left corner.
  func axis(_ line: (Rectangle) -> Double) throws -> [(string: String, box: Rectangle)] {
    let numbers = texts.filter { number($0.string) != nil }
    let lines = Dictionary(grouping: numbers) { (line($0.box) * 100).rounded() }
    return try #require(lines.filter { $0.value.count > 1 }.min { $0.key < $1.key }).value
  }

  private func number(_ string: String) -> Double? { Double(string.replacingOccurrences(of: "−", with: "-")) }

  private func place(_ value: Double, of labels: [(value: Double, place: Double)]) throws -> Double {
    let low = try #require(labels.min { $0.value < $1.value })
    let high = try #require(labels.max { $0.value < $1.value })
    return low.place + (high.place - low.place) * (value - low.value) / (high.value - low.value)
  }

  /// Places of all pixels of exactly this color, in points.
  func pixels(_ color: Color) -> [Point] {
    let (red, green, blue) = color.bytes
    var points: [Point] = []
    for y in 0..<picture.height {
      for x in 0..<picture.width {
        let i = 4 * (y * picture.width + x)
        if picture.pixels[i] == red, picture.pixels[i + 1] == green, picture.pixels[i + 2] == blue {
          points.append(Point((Double(x) + 0.5) / Self.scale, (Double(y) + 0.5) / Self.scale))
        }
      }
    }
    return points
  }
}

@Suite struct ChartTests {
  private let size = Size(150, 110)
  private let theme = Theme.standard

  @Test func linesRunThroughTheirPoints() throws {
    let plot = LinePlot(
      series: [.init("", x: [0, 10], y: [0.2, 0.7])], xLabel: "x", yLabel: "y", xRange: 0...10, yRange: 0...1)
    let chart = try DrawnChart(plot, size: size)
    let line = chart.pixels(theme.series[0])
    #expect(line.count > 100)
    let zero = try chart.x(0)
    let ten = try chart.x(10)
    for point in line {
      let value = 0.2 + 0.5 * (point.x - zero) / (ten - zero)
      #expect(abs(try chart.y(value) - point.y) < 1.2)
    }
  }

  @Test func aValueThatIsNotANumberInterruptsTheLine() throws {
    let plot = LinePlot(
      series: [.init("", x: [0, 1, 2, 3, 4], y: [1, 1, .nan, 1, 1])], xLabel: "x", yLabel: "y", yRange: 0...2)
    let chart = try DrawnChart(plot, size: size)
    let (one, three) = (try chart.x(1), try chart.x(3))
    #expect(!chart.pixels(theme.series[0]).contains { $0.x > one + 1 && $0.x < three - 1 })
  }

  @Test func endLabelsKeepTheirOrderAndDistance() throws {
    let series = (0..<6).map {
      LinePlot.Series("network \($0)", x: [0, 1], y: [0, 0.5 + 0.001 * Double($0)])
    }
    let texts = try LinePlot(series: series, xLabel: "x", yLabel: "y").figure().texts().filter {
      $0.string.hasPrefix("network")
    }
    let places = texts.sorted { $0.box.y < $1.box.y }
    #expect(places.map(\.string) == (0..<6).reversed().map { "network \($0)" })
    for (upper, lower) in zip(places, places.dropFirst()) { #expect(lower.box.y - upper.box.y > 7) }
  }

  @Test(arguments: [EstimatePlot.Direction.upwards, .rightwards])
  func estimatesStandAtTheirValues(direction: EstimatePlot.Direction) throws {
    let items = [0.2, 0.5, 0.8].map { EstimatePlot.Item("i\($0)", [.init($0)], ceiling: $0 + 0.1) }
    var plot = EstimatePlot(items, valueLabel: "value", range: 0...1, direction: direction)
    plot.itemLabel = "item"
    let chart = try DrawnChart(plot, size: Size(160, 120))
    let (label, name) = (try chart.text("item").center, try chart.text(items[0].name).center)
    #expect(direction == .upwards ? label.y > name.y : label.x < name.x)
    // The first dot of the key is the ceiling's bar, which has the ink's color.
    let dots = chart.pixels(theme.series[0])
    for item in items {
      let value = item.estimates[0].value
      switch direction {
      case .upwards:
        let middle = try chart.text(item.name).center.x
        let dot = dots.filter { abs($0.x - middle) < 4 }
        #expect(!dot.isEmpty)
        let mean = dot.reduce(0) { $0 + $1.y } / Double(dot.count)
        #expect(abs(mean - (try chart.y(value))) < 0.4)
      case .rightwards:
        let middle = try chart.middle(chart.text(item.name))
        let dot = dots.filter { abs($0.y - middle) < 4 }
        #expect(!dot.isEmpty)
        let mean = dot.reduce(0) { $0 + $1.x } / Double(dot.count)
        #expect(abs(mean - (try chart.x(value))) < 0.4)
      }
    }
  }

  @Test func barsBeginAtZero() throws {
    let plot = EstimatePlot([.init("a", [.init(0.75)])], valueLabel: "value", mark: .bar)
    let chart = try DrawnChart(plot, size: size)
    let bar = chart.pixels(theme.series[0].tint(0.75))
    let zero = try chart.y(0)
    let top = try chart.y(0.75)
    #expect(abs((bar.map(\.y).min() ?? 0) - top) < 0.6)
    #expect(abs((bar.map(\.y).max() ?? 0) - zero) < 0.8)
  }

  @Test func histogramCountsEveryValueOnce() {
    let histogram = Histogram(
      [.init("a", [0, 0.5, 1, 1.5, 2, .nan, 7]), .init("b", [2, 2, -1])], xLabel: "x", binCount: 4,
      range: 0...2)
    #expect(histogram.counts.counts == [[1, 1, 1, 2], [0, 0, 0, 2]])
    let fitted = Histogram([.init("", (0..<1000).map { sin(Double($0)) })], xLabel: "x").counts
    #expect(fitted.counts[0].reduce(0, +) == 1000)
    #expect(fitted.range.lowerBound >= -1 && fitted.range.upperBound <= 1)
    #expect(Histogram([.init("", [])], xLabel: "x").counts.counts[0].allSatisfy { $0 == 0 })
  }

  @Test func learningCurvesNameNetworksAndCeilings() throws {
    let texts = try LearningCurves(Gallery.five).figure().texts().map(\.string)
    for name in ["v1", "v2", "v3", "v4", "v5"] { #expect(texts.filter { $0 == name }.count == 2) }
    for label in ["validation", "training", "best possible accuracy", "Loss", "Accuracy"] {
      #expect(texts.contains(label))
    }
  }

  @Test(arguments: [
    (0.0...1.0, ["0.0", "0.2", "0.4", "0.6", "0.8", "1.0"]),
    (0.0...100.0, ["0", "20", "40", "60", "80", "100"]),
    (-0.3...0.3, ["−0.3", "−0.2", "−0.1", "0.0", "0.1", "0.2", "0.3"]),
    (0.62...0.64, ["0.620", "0.625", "0.630", "0.635", "0.640"]),
    (0.0...2e7, ["0", "5e6", "1e7", "1.5e7", "2e7"]),
  ]) func ticksAreRound(range: ClosedRange<Double>, labels: [String]) throws {
    let plot = LinePlot(
      series: [.init("", x: [0, 1], y: [range.lowerBound, range.upperBound])], xLabel: "", yLabel: "",
      xRange: 0...1, yRange: range)
    let axis = try DrawnChart(plot, size: Size(200, 140)).axis { $0.right }
    #expect(axis.sorted { $0.box.y > $1.box.y }.map(\.string) == labels)
  }

  /// Axes from 1 on say so; in others a label at 1 would stand on that at 0.
  @Test func oneIsLabelledWhereItIsTheFirst() throws {
    for first in [0, 1] {
      var plot = LinePlot(
        series: [.init("", x: [Double(first), 60], y: [0, 1])], xLabel: "", yLabel: "")
      plot.hasWholeX = true
      let labels = try DrawnChart(plot, size: Size(90, 110)).axis { -$0.y }.map(\.string)
      #expect(labels.contains("60") && labels.contains("1") == (first == 1), "\(labels)")
    }
  }
}
