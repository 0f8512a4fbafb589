/// Values with their confidence intervals, one item beside or below the other, each with its ceiling where there is one.
public struct EstimatePlot: Drawing {
  public struct Estimate: Sendable {
    public var value: Double
    /// The interval's ends; `nil` where none is known.
    public var interval: ClosedRange<Double>?

    public init(_ value: Double, _ interval: ClosedRange<Double>? = nil) {
      (self.value, self.interval) = (value, interval)
    }
  }

  public struct Item: Sendable {
    public var name: String
    /// One for each series.
    public var estimates: [Estimate]
    /// The best that is possible, drawn as a bar across the item.
    public var ceiling: Double?

    public init(_ name: String, _ estimates: [Estimate], ceiling: Double? = nil) {
      (self.name, self.estimates, self.ceiling) = (name, estimates, ceiling)
    }
  }

  public enum Mark: Sendable {
    /// A dot: the axis need not begin at zero.
    case point
    /// A bar from zero.
    case bar
  }

  public enum Direction: Sendable {
    /// Items side by side, values upwards: for a few short names.
    case upwards
    /// Items below each other, values to the right: for long names or many items.
    case rightwards
  }

  public var title: String
  public var items: [Item]
  /// Names of the estimates within an item; empty for a single one.
  public var series: [String]
  public var valueLabel: String
  public var range: ClosedRange<Double>?
  public var mark: Mark
  public var direction: Direction
  public var ceilingLabel = "ceiling"
  /// What the items' names are, at their axis.
  public var itemLabel = ""

  public init(
    _ items: [Item], series: [String] = [], title: String = "", valueLabel: String,
    range: ClosedRange<Double>? = nil,
    mark: Mark = .point, direction: Direction = .upwards
  ) {
    (self.items, self.series, self.title, self.valueLabel) = (items, series, title, valueLabel)
    (self.range, self.mark, self.direction) = (range, mark, direction)
  }

  public func size(_ theme: Theme) -> Size {
    let count = Double(max(1, items.count))
    let slots = Double(max(1, series.count))
    switch direction {
    case .upwards:
      let each = max(16 + 9 * slots, 8 + (items.map { theme.tick.width(of: $0.name) }.max() ?? 0))
      return Size(min(theme.pageWidth, max(130, 60 + each * count)), itemLabel.isEmpty ? 170 : 182)
    case .rightwards:
      return Size(
        theme.columnWidth + 30, 52 + rowHeight * count + (title.isEmpty ? 0 : 14) + (hasKey ? 10 : 0))
    }
  }

  private var rowHeight: Double {
    let wanted = 8 + 5 * Double(max(1, series.count))
    return min(wanted, max(2, 640 / Double(max(1, items.count))))
  }
  private var hasKey: Bool { series.count > 1 || items.contains { $0.ceiling != nil } }

  public func draw(on canvas: Canvas, in area: Rectangle, _ theme: Theme) {
    let values = Axes.Axis(label: valueLabel, range: range ?? fittedRange)
    var across = Axes.Axis(label: itemLabel, range: -0.5...Double(max(1, items.count)) - 0.5)
    var axes = Axes(title: title, hasGrid: true)
    switch direction {
    case .upwards:
      let spacing = max(1, area.width - 50) / Double(max(1, items.count))
      across.ticks = .given(
        items.enumerated().map {
          Tick(value: Double($0), label: theme.tick.fitted($1.name, to: spacing - 3))
        })
      axes.x = across
      axes.y = values
    case .rightwards:
      // Items run downwards, so their axis is turned round.
      across.ticks = .given(
        items.enumerated().map {
          Tick(
            value: Double(items.count - 1 - $0), label: theme.tick.fitted($1.name, to: area.width * 0.45))
        })
      axes.x = values
      axes.y = across
      axes.greatestYTickSize = 0.95 * rowHeight
      if rowHeight < 3.6 { axes.y.ticks = .given([]) }
    }
    if hasKey { axes.extra.top += theme.note.lineHeight + 1 }
    let plot = axes.plot(in: area, theme)
    axes.drawGrid(on: canvas, plot, theme)
    for (i, item) in items.enumerated() { draw(item, i, on: canvas, plot, theme) }
    axes.draw(on: canvas, plot, in: area, theme)
    if hasKey { drawKey(on: canvas, plot, in: area, theme) }
  }

  private func draw(_ item: Item, _ i: Int, on canvas: Canvas, _ plot: Plot, _ theme: Theme) {
    let position = direction == .upwards ? Double(i) : Double(items.count - 1 - i)
    let sign = direction == .upwards ? 1.0 : -1.0
    let unit =
      direction == .upwards
      ? plot.rectangle.width / Double(items.count) : plot.rectangle.height / Double(items.count)
    func place(_ value: Double, _ offset: Double) -> Point {
      let across = position + sign * offset
      return direction == .upwards ? plot.point(across, value) : plot.point(value, across)
    }
    if let ceiling = item.ceiling {
      canvas.line(
        from: place(ceiling, -0.36), to: place(ceiling, 0.36), Stroke(theme.ink, width: 1.2))
    }
    let step = 0.62 / Double(max(1, item.estimates.count))
    for (j, estimate) in item.estimates.enumerated() where estimate.value.isFinite {
      let offset = (Double(j) - Double(item.estimates.count - 1) / 2) * step
      let color = theme.color(j)
      switch mark {
      case .bar:
        let half = step * (item.estimates.count > 1 ? 0.46 : 0.4)
        let (start, end) = (
          place(max(0, plot.lowestValue(direction)), offset - half), place(estimate.value, offset + half)
        )
        canvas.fill(
          Rectangle(
            x: min(start.x, end.x), y: min(start.y, end.y), width: abs(end.x - start.x),
            height: abs(end.y - start.y)),
          color.tint(0.75))
      case .point: break
      }
      let stroke = Stroke(mark == .bar ? theme.ink : color, width: mark == .bar ? 0.8 : theme.lineWidth)
      if let interval = estimate.interval {
        canvas.line(from: place(interval.lowerBound, offset), to: place(interval.upperBound, offset), stroke)
      }
      if mark == .point {
        canvas.circle(place(estimate.value, offset), radius: min(2.4, unit * step * 0.5), color)
      }
    }
  }

  /// Names of the series in their colors, and what the ceiling's bar means, in one line above the plot.
  private func drawKey(on canvas: Canvas, _ plot: Plot, in area: Rectangle, _ theme: Theme) {
    let names =
      (series.count > 1 ? series : []) + (items.contains { $0.ceiling != nil } ? [ceilingLabel] : [])
    let room = area.width - 2 * edge
    let shown = names.map { theme.note.fitted($0, to: room / Double(names.count) - 16) }
    let widths = shown.map { 17 + theme.note.width(of: $0) }
    // Above the plot where it fits, otherwise as far left as needed.
    var x = max(area.x + edge, min(plot.rectangle.x + 2, area.right - edge - widths.reduce(0, +)))
    let y = plot.rectangle.y - theme.note.size * 0.8
    for (i, name) in shown.enumerated() {
      if series.count > 1, i < series.count {
        canvas.circle(Point(x + 5, y), radius: 2.4, theme.color(i))
      } else if direction == .upwards {
        canvas.line(from: Point(x, y), to: Point(x + 9, y), Stroke(theme.ink, width: 1.2))
      } else {
        canvas.line(from: Point(x + 5, y - 3.5), to: Point(x + 5, y + 3.5), Stroke(theme.ink, width: 1.2))
      }
      canvas.text(name, at: Point(x + 11, y), theme.note, .left, .middle)
      x += widths[i]
    }
  }

  private var fittedRange: ClosedRange<Double> {
    let values = items.flatMap { item in
      item.estimates.flatMap { [$0.value, $0.interval?.lowerBound ?? .nan, $0.interval?.upperBound ?? .nan] }
        + [item.ceiling ?? .nan]
    }
    return .covering(values, margin: 0.06, including: mark == .bar ? [0] : [])
  }
}

extension Plot {
  fileprivate func lowestValue(_ direction: EstimatePlot.Direction) -> Double {
    direction == .upwards ? y.lowerBound : x.lowerBound
  }
}
