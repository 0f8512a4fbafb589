/// Lines over a common axis, each named at its end rather than in a legend.
public struct LinePlot: Drawing {
  /// The edges of a shaded interval around a line.
  public struct Interval: Sendable {
    public var low, high: [Double]

    public init(low: [Double], high: [Double]) { (self.low, self.high) = (low, high) }
  }

  public struct Series: Sendable {
    public var name: String
    public var x: [Double]
    /// As many as `x`; what is not finite interrupts the line.
    public var y: [Double]
    /// A shaded interval around the line.
    public var interval: Interval?
    /// `nil` takes the theme's colors in turn.
    public var color: Color?
    public var isDashed: Bool

    public init(
      _ name: String, x: [Double], y: [Double], interval: Interval? = nil,
      color: Color? = nil,
      isDashed: Bool = false
    ) {
      precondition(x.count == y.count, "as many x as y")
      precondition(
        interval.map { $0.low.count == x.count && $0.high.count == x.count } ?? true, "as many limits as x")
      (self.name, self.x, self.y, self.interval) = (name, x, y, interval)
      (self.color, self.isDashed) = (color, isDashed)
    }
  }

  /// A thin line across the plot, such as a ceiling, with its label beside it.
  public struct Reference: Sendable {
    public var y: Double
    /// May be empty.
    public var label: String
    /// `nil` is grey.
    public var color: Color?

    public init(y: Double, label: String, color: Color? = nil) {
      (self.y, self.label, self.color) = (y, label, color)
    }
  }

  /// A colored band over a range of x, such as a planted site, with its label above it.
  public struct Band: Sendable {
    public var x: ClosedRange<Double>
    public var label: String

    public init(x: ClosedRange<Double>, label: String) { (self.x, self.label) = (x, label) }
  }

  public var title: String
  public var series: [Series]
  public var xLabel: String
  public var yLabel: String
  /// `nil` fits the axis to the data.
  public var xRange: ClosedRange<Double>?
  public var yRange: ClosedRange<Double>?
  public var references: [Reference] = []
  public var bands: [Band] = []
  /// The line from (0, 0) to (1, 1), where chance lies.
  public var hasDiagonal = false
  /// Ticks at whole numbers only, as for epochs.
  public var hasWholeX = false
  /// What kinds of lines mean, written above the plot.
  public var key: [KeyEntry] = []
  public enum NamePlacement: Sendable { case lineEnds, lowerLeft, lowerRight }
  /// Where the series are named: beside their last points, or in a list in a corner.
  public var names = NamePlacement.lineEnds
  /// Width and height of the figure in points; `nil` for the usual ones.
  public var preferredSize: Size?

  public init(
    title: String = "", series: [Series], xLabel: String, yLabel: String, xRange: ClosedRange<Double>? = nil,
    yRange: ClosedRange<Double>? = nil
  ) {
    (self.title, self.series, self.xLabel, self.yLabel) = (title, series, xLabel, yLabel)
    (self.xRange, self.yRange) = (xRange, yRange)
  }

  public func size(_ theme: Theme) -> Size { preferredSize ?? Size(theme.columnWidth, 170) }

  public func draw(on canvas: Canvas, in area: Rectangle, _ theme: Theme) {
    let beside = (names == .lineEnds ? series.map(\.name) : []) + references.map(\.label)
    let room = min(SideLabels.room(for: beside, theme), area.width * 0.4)
    let axes = axes(room: room, area, theme)
    let plot = axes.plot(in: area, theme)
    for band in bands {
      let left = plot.x(max(band.x.lowerBound, plot.x.lowerBound))
      let right = plot.x(min(band.x.upperBound, plot.x.upperBound))
      guard right > left else { continue }
      let box = Rectangle(x: left, y: plot.rectangle.y, width: right - left, height: plot.rectangle.height)
      canvas.fill(box, theme.highlight)
      canvas.bandLabel(band.label, over: box, within: plot.rectangle, theme)
    }
    axes.drawGrid(on: canvas, plot, theme)
    canvas.key(key, at: Point(plot.rectangle.x + 2, plot.rectangle.y - theme.note.size * 0.8), theme)
    canvas.clipped(to: plot.rectangle.inset(by: Insets(top: -1, left: -1, bottom: -1, right: -1))) {
      if hasDiagonal {
        canvas.line(
          from: plot.point(0, 0), to: plot.point(1, 1), Stroke(theme.muted, width: 0.5, dash: [2, 2]))
      }
      for reference in references {
        canvas.line(
          from: Point(plot.rectangle.x, plot.y(reference.y)),
          to: Point(plot.rectangle.right, plot.y(reference.y)),
          Stroke(reference.color ?? theme.muted, width: 0.7, dash: KeyEntry.Line.dotted.dash))
      }
      for (i, series) in series.enumerated() {
        draw(series, series.color ?? theme.color(i), on: canvas, plot, theme)
      }
    }
    axes.draw(on: canvas, plot, in: area, theme)
    sideLabels(plot, theme).draw(on: canvas, beside: plot.rectangle, width: room, theme)
    if names != .lineEnds { listNames(on: canvas, plot, theme) }
  }

  private func draw(_ series: Series, _ color: Color, on canvas: Canvas, _ plot: Plot, _ theme: Theme) {
    if let interval = series.interval {
      let edges =
        zip(series.x, interval.high).map { plot.point($0, $1) }
        + zip(series.x, interval.low).reversed().map { plot.point($0, $1) }
      canvas.polygon(edges, color.opacity(0.18))
    }
    let points = zip(series.x, series.y).map { plot.point($0, $1) }
    let finite = points.filter { $0.x.isFinite && $0.y.isFinite }
    if finite.count == 1 {
      // A band without width would not be seen.
      if let interval = series.interval, let i = points.firstIndex(of: finite[0]) {
        canvas.line(
          from: plot.point(series.x[i], interval.low[i]), to: plot.point(series.x[i], interval.high[i]),
          Stroke(color.opacity(0.4), width: theme.lineWidth))
      }
      canvas.circle(finite[0], radius: 1.8, color)
    } else {
      let stroke = Stroke(
        color, width: theme.lineWidth, dash: series.isDashed ? KeyEntry.Line.dashed.dash : [])
      canvas.polyline(Self.thinned(points), stroke)
    }
  }

  /// Without the points that nobody could see: closer than a twentieth of a point to the one before.
  private static func thinned(_ points: [Point]) -> [Point] {
    guard points.count > 200 else { return points }
    var kept: [Point] = []
    for (i, point) in points.enumerated() {
      if let last = kept.last, abs(point.x - last.x) < 0.05, abs(point.y - last.y) < 0.05,
        i < points.count - 1
      {
        continue
      }
      kept.append(point)
    }
    return kept
  }

  private func axes(room: Double, _ area: Rectangle, _ theme: Theme) -> Axes {
    var axes = Axes(title: title, hasGrid: !hasDiagonal)
    let x = series.flatMap(\.x)
    axes.x = Axes.Axis(label: xLabel, range: xRange ?? .covering(x, margin: 0))
    if hasWholeX {
      let range = axes.x.range
      let first = Int(range.lowerBound.rounded(.up))
      let count = Int(range.upperBound.rounded(.down)) - first + 1
      axes.x.ticks = .positions(first: first, count: count, start: Double(first))
    }
    let y =
      series.flatMap { $0.y + ($0.interval?.low ?? []) + ($0.interval?.high ?? []) } + references.map(\.y)
    axes.y = Axes.Axis(label: yLabel, range: yRange ?? .covering(y))
    axes.extra.right = room
    if !key.isEmpty || bands.contains(where: { !$0.label.isEmpty }) {
      axes.extra.top += theme.note.lineHeight + 1
    }
    return axes
  }

  private func sideLabels(_ plot: Plot, _ theme: Theme) -> SideLabels {
    var labels = series.enumerated().compactMap { i, series -> SideLabels.Label? in
      guard names == .lineEnds, let last = series.y.indices.last(where: { series.y[$0].isFinite }) else {
        return nil
      }
      return .init(text: series.name, color: series.color ?? theme.color(i), y: plot.y(series.y[last]))
    }
    labels += references.map { .init(text: $0.label, color: $0.color ?? theme.muted, y: plot.y($0.y)) }
    return SideLabels(labels: labels)
  }

  private func listNames(on canvas: Canvas, _ plot: Plot, _ theme: Theme) {
    let isRight = names == .lowerRight
    let edge = isRight ? plot.rectangle.right - 5 : plot.rectangle.x + 6
    let lineHeight = theme.tick.lineHeight
    for (i, series) in series.enumerated() where !series.name.isEmpty {
      let y = plot.rectangle.bottom - 6 - lineHeight * (Double(self.series.count - 1 - i) + 0.4)
      let name = theme.tick.fitted(series.name, to: plot.rectangle.width - 12)
      let style = theme.tick.colored(series.color ?? theme.color(i))
      canvas.text(name, at: Point(edge, y), style, isRight ? .right : .left, .middle)
    }
  }

}

// MARK: - Curves of a classifier

extension LinePlot {
  /// True positive rate over false positive rate, with the diagonal of chance.
  ///
  /// - Parameter curves: false positive rates as `x`, true positive rates as `y`; an area may be part of the name.
  public static func roc(_ curves: [Series], title: String = "") -> LinePlot {
    square(
      curves, title,
      xLabel: "false positive rate", yLabel: "true positive rate", hasDiagonal: true)
  }

  /// Precision over recall, with a line at the share of positives, which chance reaches.
  ///
  /// - Parameter curves: recall as `x`, precision as `y`; an area may be part of the name.
  public static func precisionRecall(
    _ curves: [Series], positives: Double? = nil, title: String = ""
  ) -> LinePlot {
    var plot = square(curves, title, xLabel: "recall", yLabel: "precision", hasDiagonal: false)
    plot.names = .lowerLeft
    if let positives { plot.references = [Reference(y: positives, label: "chance")] }
    return plot
  }

  private static func square(
    _ series: [Series], _ title: String, xLabel: String, yLabel: String, hasDiagonal: Bool
  ) -> LinePlot {
    var plot = LinePlot(
      title: title, series: series, xLabel: xLabel, yLabel: yLabel, xRange: 0...1, yRange: 0...1)
    plot.hasDiagonal = hasDiagonal
    plot.names = .lowerRight
    plot.preferredSize = Size(190, title.isEmpty ? 190 : 202)
    return plot
  }
}
