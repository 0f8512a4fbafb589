/// The same things before and after: one line for each, from one side to the other.
public struct PairedPlot: Drawing {
  public struct Item: Sendable {
    public var name: String
    public var before, after: Double

    public init(_ name: String, before: Double, after: Double) {
      (self.name, self.before, self.after) = (name, before, after)
    }
  }

  public var title: String
  public var items: [Item]
  public var beforeLabel, afterLabel, valueLabel: String
  public var range: ClosedRange<Double>?

  public init(
    _ items: [Item], title: String = "", beforeLabel: String = "before", afterLabel: String = "after",
    valueLabel: String, range: ClosedRange<Double>? = nil
  ) {
    (self.items, self.title, self.valueLabel, self.range) = (items, title, valueLabel, range)
    (self.beforeLabel, self.afterLabel) = (beforeLabel, afterLabel)
  }

  public func size(_ theme: Theme) -> Size { Size(140 + SideLabels.room(for: names, theme), 170) }

  /// With very many items the lines speak together, and names would only cover each other.
  private var names: [String] { items.count <= 20 ? items.map(\.name) : [] }

  public func draw(on canvas: Canvas, in area: Rectangle, _ theme: Theme) {
    let room = min(SideLabels.room(for: names, theme), area.width * 0.45)
    var axes = Axes(title: title, hasGrid: true)
    axes.x = Axes.Axis(range: -0.25...1.12)
    axes.x.ticks = .given([Tick(value: 0, label: beforeLabel), Tick(value: 1, label: afterLabel)])
    axes.y = Axes.Axis(
      label: valueLabel, range: range ?? .covering(items.flatMap { [$0.before, $0.after] }, margin: 0.06))
    axes.extra.right = room
    let plot = axes.plot(in: area, theme)
    axes.drawGrid(on: canvas, plot, theme)
    let isMany = items.count > 20
    for (i, item) in items.enumerated() {
      let color = isMany ? theme.color(item.after < item.before ? 1 : 0) : theme.color(i)
      let (start, end) = (plot.point(0, item.before), plot.point(1, item.after))
      canvas.polyline(
        [start, end], Stroke(isMany ? color.opacity(0.45) : color, width: isMany ? 0.6 : theme.lineWidth))
      for point in [start, end] { canvas.circle(point, radius: isMany ? 1.2 : 2.2, color) }
    }
    axes.draw(on: canvas, plot, in: area, theme)
    let labels = zip(items, names).enumerated().map { i, pair in
      SideLabels.Label(text: pair.1, color: theme.color(i), y: plot.y(pair.0.after))
    }
    SideLabels(labels: labels).draw(on: canvas, beside: plot.rectangle, width: room, theme)
  }
}
