/// The frame of a chart: two axes with ticks and labels, a title, and the room they take.
struct Axes {
  struct Axis {
    var label = ""
    var range: ClosedRange<Double> = 0...1
    var ticks = TickChoice.round
    var isShown = true
  }

  enum TickChoice {
    /// Round numbers, as many as there is room for.
    case round
    /// Round numbers without a fraction.
    case whole
    /// The numbers from `first` on, one after the other from `start` on the axis.
    case positions(first: Int, count: Int, start: Double)
    case given([Tick])

    func ticks(_ range: ClosedRange<Double>, length: Double, spacing: Double, _ style: TextStyle) -> [Tick] {
      let count = min(9, max(2, Int(length / spacing) + 1))
      switch self {
      case .round: return Ticks.nice(range, atMost: count)
      case .whole: return Ticks.nice(range, atMost: count, leastStep: 1)
      case .given(let ticks): return ticks
      case .positions(let first, let count, let start):
        let unit = length / (range.upperBound - range.lowerBound)
        return Ticks.positions(
          first: first, count: count, spacing: unit, least: Ticks.room(first: first, count: count, style)
        ).map { Tick(value: $0.value + start, label: $0.label) }
      }
    }
  }

  var title = ""
  var x = Axis()
  var y = Axis()
  /// Faint horizontal lines at the ticks.
  var hasGrid = false
  /// Limits the labels of the y axis where items stand close.
  var greatestYTickSize = Double.infinity
  /// Room that the drawing needs at the plot's own margins.
  var extra = Insets()

  static let tickLength = 2.5
  static let tickGap = 2.0

  /// Where the data go, and what is needed to place them.
  func plot(in area: Rectangle, _ theme: Theme) -> Plot {
    var insets = Insets(top: edge, left: edge, bottom: edge, right: edge)
    insets.top += extra.top + (title.isEmpty ? 0.4 * theme.tick.size : theme.title.lineHeight + 3)
    insets.right += extra.right
    if !x.label.isEmpty { insets.bottom += theme.label.lineHeight + 1 }
    if x.isShown { insets.bottom += Self.tickLength + Self.tickGap + theme.tick.capHeight + 2 }
    insets.bottom += extra.bottom
    if !y.label.isEmpty { insets.left += theme.label.lineHeight + 1 }
    // The height is known by now, so the ticks and with them the width of their labels.
    let height = area.inset(by: insets).height
    let yTicks = y.isShown ? y.ticks.ticks(y.range, length: height, spacing: 19, theme.tick) : []
    if y.isShown {
      let widest = yTicks.map { yTickStyle(theme).width(of: $0.label) }.max() ?? 0
      insets.left += Self.tickLength + Self.tickGap + widest
    }
    insets.left += extra.left
    var plot = Plot(rectangle: area.inset(by: insets), x: x.range, y: y.range)
    plot.yTicks = yTicks
    guard x.isShown else { return plot }
    plot.xTicks = x.ticks.ticks(x.range, length: plot.rectangle.width, spacing: 30, theme.tick)
    if let last = plot.xTicks.last {
      let overhang = plot.x(last.value) + theme.tick.width(of: last.label) / 2 - area.right + edge
      plot.rectangle.width -= max(0, overhang)
    }
    return plot
  }

  private func yTickStyle(_ theme: Theme) -> TextStyle {
    theme.tick.sized(min(theme.tickSize, greatestYTickSize))
  }

  /// What lies under the data.
  func drawGrid(on canvas: Canvas, _ plot: Plot, _ theme: Theme) {
    guard hasGrid else { return }
    for tick in plot.yTicks {
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
      for tick in plot.yTicks {
        let y = plot.y(tick.value)
        canvas.line(from: Point(box.x - Self.tickLength, y), to: Point(box.x, y), theme.axis)
        canvas.text(
          tick.label, at: Point(box.x - Self.tickLength - Self.tickGap, y), yTickStyle(theme), .right, .middle
        )
      }
    }
    canvas.yLabel(y.label, beside: box, in: area, theme)
    if x.isShown {
      canvas.line(from: Point(box.x, box.bottom), to: Point(box.right, box.bottom), theme.axis)
      for tick in plot.xTicks {
        let x = plot.x(tick.value)
        canvas.line(from: Point(x, box.bottom), to: Point(x, box.bottom + Self.tickLength), theme.axis)
        canvas.text(
          tick.label, at: Point(x, box.bottom + Self.tickLength + Self.tickGap), theme.tick, .center, .top)
      }
    }
    let below = x.isShown ? Self.tickLength + Self.tickGap + theme.tick.capHeight + 4 : 3
    canvas.xLabel(x.label, top: box.bottom + below, below: box, in: area, theme)
  }
}

/// The rectangle of the data and the numbers its edges stand for.
struct Plot {
  var rectangle: Rectangle
  var x: ClosedRange<Double>
  var y: ClosedRange<Double>
  var xTicks: [Tick] = []
  var yTicks: [Tick] = []

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
  /// What the x axis shows, centred below a plot and kept within the area.
  func xLabel(_ label: String, top: Double, below plot: Rectangle, in area: Rectangle, _ theme: Theme) {
    let style = theme.label.fitting(label, area.width - 2 * edge)
    let half = style.width(of: label) / 2
    let x = min(max(plot.center.x, area.x + edge + half), area.right - edge - half)
    text(label, at: Point(x, top), style, .center, .top)
  }

  /// What the y axis shows, at the left edge of the area and centred beside a plot.
  func yLabel(_ label: String, beside plot: Rectangle, in area: Rectangle, _ theme: Theme) {
    let style = theme.label.fitting(label, area.height - 2 * edge)
    let half = style.width(of: label) / 2
    let y = min(max(plot.center.y, area.y + edge + half), area.bottom - edge - half)
    text(label, at: Point(area.x + edge + style.size * 0.85, y), style, .center, upwards: true)
  }

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
