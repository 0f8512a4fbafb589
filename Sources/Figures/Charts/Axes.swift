/// The frame of a chart: two axes with ticks and labels, a title, and the room they take.
struct Axes {
  struct Axis {
    var label = ""
    var range: ClosedRange<Double> = 0...1
    /// `nil` chooses round numbers by the room there is.
    var ticks: [Tick]?
    var isShown = true
  }

  var title = ""
  var x = Axis()
  var y = Axis()
  /// Faint horizontal lines at the ticks.
  var hasGrid = false
  /// Room that the drawing needs at the plot's own margins.
  var extra = Insets()

  static let tickLength = 2.5
  static let tickGap = 2.0

  /// Where the data go, and what is needed to place them.
  func plot(in area: Rectangle, _ theme: Theme) -> Plot {
    let tick = theme.tick
    var insets = Insets(top: edge, left: edge, bottom: edge, right: edge)
    insets.top += extra.top + (title.isEmpty ? 0.4 * tick.size : theme.title.lineHeight + 3)
    insets.right += extra.right
    if !y.label.isEmpty { insets.left += theme.label.lineHeight + 1 }
    if y.isShown {
      let height = max(20, area.height - insets.top - 30)
      let ticks = y.ticks ?? Ticks.nice(y.range, atMost: Self.count(height, 19))
      insets.left += Self.tickLength + Self.tickGap + (ticks.map { tick.width(of: $0.label) }.max() ?? 0)
    }
    insets.left += extra.left
    if !x.label.isEmpty { insets.bottom += theme.label.lineHeight + 1 }
    if x.isShown { insets.bottom += Self.tickLength + Self.tickGap + tick.capHeight + 2 }
    insets.bottom += extra.bottom
    var plot = Plot(rectangle: area.inset(by: insets), x: x.range, y: y.range)
    if x.isShown, let last = xTicks(plot, theme).last {
      let overhang = plot.x(last.value) + tick.width(of: last.label) / 2 - area.right + edge
      plot.rectangle.width -= max(0, overhang)
    }
    return plot
  }

  func xTicks(_ plot: Plot, _ theme: Theme) -> [Tick] {
    x.ticks ?? Ticks.nice(x.range, atMost: Self.count(plot.rectangle.width, 30))
  }

  private func yTicks(_ plot: Plot) -> [Tick] {
    y.ticks ?? Ticks.nice(y.range, atMost: Self.count(plot.rectangle.height, 19))
  }

  private static func count(_ length: Double, _ spacing: Double) -> Int {
    min(9, max(2, Int(length / spacing) + 1))
  }

  /// What lies under the data.
  func drawGrid(on canvas: Canvas, _ plot: Plot, _ theme: Theme) {
    guard hasGrid else { return }
    for tick in yTicks(plot) {
      let y = plot.y(tick.value)
      canvas.line(
        from: Point(plot.rectangle.x, y), to: Point(plot.rectangle.right, y),
        Stroke(theme.faint.tint(0.7), width: 0.5))
    }
  }

  /// Axes, ticks, labels and title.
  func draw(on canvas: Canvas, _ plot: Plot, in area: Rectangle, _ theme: Theme) {
    let box = plot.rectangle
    canvas.title(title, in: area, theme)
    if y.isShown {
      canvas.line(
        from: Point(box.x, box.y - theme.axisWidth / 2), to: Point(box.x, box.bottom + theme.axisWidth / 2),
        theme.axis)
      var widest = 0.0
      for tick in yTicks(plot) {
        let y = plot.y(tick.value)
        canvas.line(from: Point(box.x - Self.tickLength, y), to: Point(box.x, y), theme.axis)
        canvas.text(
          tick.label, at: Point(box.x - Self.tickLength - Self.tickGap, y), theme.tick, .right, .middle)
        widest = max(widest, theme.tick.width(of: tick.label))
      }
    }
    if !y.label.isEmpty {
      let style = theme.label.fitting(y.label, area.height - 2 * edge)
      let half = style.width(of: y.label) / 2
      let middle = min(max(box.center.y, area.y + edge + half), area.bottom - edge - half)
      canvas.text(
        y.label, at: Point(area.x + edge + theme.label.size * 0.85, middle), style, .center, upwards: true)
    }
    if x.isShown {
      canvas.line(from: Point(box.x, box.bottom), to: Point(box.right, box.bottom), theme.axis)
      for tick in xTicks(plot, theme) {
        let x = plot.x(tick.value)
        canvas.line(from: Point(x, box.bottom), to: Point(x, box.bottom + Self.tickLength), theme.axis)
        canvas.text(
          tick.label, at: Point(x, box.bottom + Self.tickLength + Self.tickGap), theme.tick, .center, .top)
      }
    }
    if !x.label.isEmpty {
      let below = x.isShown ? Self.tickLength + Self.tickGap + theme.tick.capHeight + 5 : 3
      let style = theme.label.fitting(x.label, area.width - 2 * edge)
      let half = style.width(of: x.label) / 2
      let middle = min(max(box.center.x, area.x + edge + half), area.right - edge - half)
      canvas.text(x.label, at: Point(middle, box.bottom + below), style, .center, .top)
    }
  }
}

/// The rectangle of the data and the numbers its edges stand for.
struct Plot {
  var rectangle: Rectangle
  var x: ClosedRange<Double>
  var y: ClosedRange<Double>

  func x(_ value: Double) -> Double {
    rectangle.x + rectangle.width * (value - x.lowerBound) / (x.upperBound - x.lowerBound)
  }

  func y(_ value: Double) -> Double {
    rectangle.bottom - rectangle.height * (value - y.lowerBound) / (y.upperBound - y.lowerBound)
  }

  func point(_ x: Double, _ y: Double) -> Point { Point(self.x(x), self.y(y)) }
}

extension TextStyle {
  /// The same style, made smaller where the string would not fit.
  func fitting(_ string: String, _ width: Double) -> TextStyle {
    let needed = self.width(of: string)
    return needed > width && width > 0 ? sized(size * width / needed) : self
  }
}

extension Canvas {
  /// A title at the upper left of a drawing.
  func title(_ title: String, in area: Rectangle, _ theme: Theme) {
    guard !title.isEmpty else { return }
    let fitted = theme.title.fitted(title, to: area.width - 2 * edge)
    text(fitted, at: Point(area.x + edge, area.y + edge), theme.title, .left, .top)
  }
}

extension ClosedRange where Bound == Double {
  /// The range of the finite values with a margin, never empty.
  static func covering(_ values: some Sequence<Double>, margin: Double = 0.04, including: [Double] = [])
    -> Self
  {
    var low = Double.infinity
    var high = -Double.infinity
    for value in values where value.isFinite { (low, high) = (Swift.min(low, value), Swift.max(high, value)) }
    for value in including { (low, high) = (Swift.min(low, value), Swift.max(high, value)) }
    guard low <= high else { return 0...1 }
    guard low < high else {
      let pad = low == 0 ? 1 : abs(low) * 0.1
      return low - pad...high + pad
    }
    let pad = margin * (high - low)
    // A margin must not suggest values beyond an end that was asked for.
    return (including.contains(low) ? low : low - pad)...(including.contains(high) ? high : high + pad)
  }
}
