import Foundation

/// Points over a number or a few names, some of them marked, and perhaps a line of steps among them.
public struct ScatterPlot: Drawing {
  /// How much a point is to be seen.
  public enum Mark: CaseIterable, Sendable {
    case faint, plain, ring, strong
  }

  public struct Item: Sendable {
    /// For a scale of names the number of the name.
    public var x, y: Double
    public var mark: Mark

    public init(x: Double, y: Double, mark: Mark = .plain) { (self.x, self.y, self.mark) = (x, y, mark) }
  }

  public enum Scale: Sendable {
    case linear
    /// Whole numbers only at the ticks.
    case whole
    case logarithmic
    case names([String])
  }

  public var title: String
  public var items: [Item]
  public var xLabel, yLabel: String
  public var scale: Scale
  /// Points beyond it stand at its edge.
  public var yRange: ClosedRange<Double>?
  /// From each point level to the next x, then up or down.
  public var steps: [Point] = []

  public init(
    _ items: [Item], title: String = "", xLabel: String, yLabel: String, scale: Scale = .linear,
    yRange: ClosedRange<Double>? = nil
  ) {
    (self.items, self.title, self.xLabel, self.yLabel) = (items, title, xLabel, yLabel)
    (self.scale, self.yRange) = (scale, yRange)
  }

  public func size(_ theme: Theme) -> Size { Size(theme.pageWidth / 3 - 4, title.isEmpty ? 118 : 130) }

  public func draw(on canvas: Canvas, in area: Rectangle, _ theme: Theme) {
    var axes = Axes(title: title, hasGrid: true)
    axes.x = xAxis
    axes.y = Axes.Axis(label: yLabel, range: yRange ?? .covering(items.map(\.y)))
    let plot = axes.plot(in: area, theme)
    axes.drawGrid(on: canvas, plot, theme)
    func point(_ x: Double, _ y: Double) -> Point {
      plot.point(place(x), min(max(y, plot.y.lowerBound), plot.y.upperBound))
    }
    var line: [Point] = []
    for step in steps {
      let next = point(step.x, step.y)
      if let last = line.last { line.append(Point(next.x, last.y)) }
      line.append(next)
    }
    if let last = line.last { line.append(Point(plot.rectangle.right, last.y)) }
    canvas.polyline(line, Stroke(theme.color(1), width: theme.lineWidth))
    for mark in Mark.allCases {
      for item in items where item.mark == mark {
        canvas.mark(mark, at: point(item.x, item.y), theme)
      }
    }
    axes.draw(on: canvas, plot, in: area, theme)
  }

  private func place(_ x: Double) -> Double { if case .logarithmic = scale { log10(x) } else { x } }

  private var xAxis: Axes.Axis {
    let places = items.map { place($0.x) }.filter(\.isFinite)
    var axis = Axes.Axis(label: xLabel, range: .covering(places, margin: 0.06))
    switch scale {
    case .linear: break
    case .whole: axis.ticks = .whole
    case .logarithmic: axis.ticks = .given(Self.logarithmicTicks(axis.range))
    case .names(let names):
      axis.range = -0.5...Double(max(1, names.count)) - 0.5
      axis.ticks = .given(names.enumerated().map { Tick(value: Double($0), label: $1) })
    }
    return axis
  }

  /// Powers of ten, and between them twos and fives where there is room; `range` is of logarithms.
  private static func logarithmicTicks(_ range: ClosedRange<Double>) -> [Tick] {
    let decades = Int(range.lowerBound.rounded(.down))...Int(range.upperBound.rounded(.up))
    for multiples in [[1.0], [1, 3], [1, 2, 5]] {
      let ticks = decades.flatMap { decade in
        multiples.map { multiple in
          let value = multiple * pow(10, Double(decade))
          return Tick(value: log10(value), label: Ticks.number(value, decimals: max(0, -decade)))
        }
      }.filter { range.contains($0.value) }
      if ticks.count >= 3 { return ticks }
    }
    return Ticks.nice(pow(10, range.lowerBound)...pow(10, range.upperBound), atMost: 4).map {
      Tick(value: log10($0.value), label: $0.label)
    }
  }
}

/// Scatter plots of the same items beside each other, with a title and what their marks mean above them.
public struct ScatterPanels: Drawing {
  public var title: String
  public var plots: [ScatterPlot]
  public var key: [Entry]

  /// A mark and what it means.
  public struct Entry: Sendable {
    public var mark: ScatterPlot.Mark
    public var label: String

    public init(_ mark: ScatterPlot.Mark, _ label: String) { (self.mark, self.label) = (mark, label) }
  }

  public init(
    _ plots: [ScatterPlot], title: String = "", key: [Entry] = []
  ) {
    (self.plots, self.title, self.key) = (plots, title, key)
  }

  private var panels: Panels { Panels(plots, columns: 3) }

  private func top(_ theme: Theme) -> Double {
    (title.isEmpty ? 0 : theme.title.lineHeight + 4) + (key.isEmpty ? 0 : theme.note.lineHeight + 5)
  }

  public func size(_ theme: Theme) -> Size {
    let size = panels.size(theme)
    return Size(size.width, size.height + top(theme))
  }

  public func draw(on canvas: Canvas, in area: Rectangle, _ theme: Theme) {
    canvas.title(title, in: area, theme)
    let below = area.inset(by: Insets(top: top(theme)))
    var x = area.x + edge + 3
    let y = below.y - 1 - theme.note.size / 2
    for entry in key {
      canvas.mark(entry.mark, at: Point(x, y), theme)
      canvas.text(entry.label, at: Point(x + 6, y), theme.note, .left, .middle)
      x += 20 + theme.note.width(of: entry.label)
    }
    panels.draw(on: canvas, in: below, theme)
  }
}

extension Canvas {
  fileprivate func mark(_ mark: ScatterPlot.Mark, at point: Point, _ theme: Theme) {
    switch mark {
    case .faint: circle(point, radius: 2, theme.muted.opacity(0.4))
    case .plain: circle(point, radius: 2.2, theme.color(0))
    case .ring: circle(point, radius: 2.6, .white, outline: Stroke(theme.ink, width: 1))
    case .strong: circle(point, radius: 3, theme.color(1), outline: Stroke(theme.ink, width: 0.6))
    }
  }
}
