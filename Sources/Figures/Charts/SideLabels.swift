/// Labels beside the right end of a plot, each at the height of what it names and none over another.
struct SideLabels {
  struct Label {
    var text: String
    var color: Color
    /// Where it wants to stand: y on the canvas.
    var y: Double
  }

  var labels: [Label]

  /// Longer labels are shortened to this width.
  static let greatestWidth = 120.0
  private static let gap = 5.0

  static func room(for texts: [String], _ theme: Theme) -> Double {
    let widest = texts.map { theme.tick.width(of: $0) }.max() ?? 0
    return widest > 0 ? min(greatestWidth, widest) + gap + 1 : 0
  }

  func draw(on canvas: Canvas, beside plot: Rectangle, width: Double, _ theme: Theme) {
    let style = theme.tick
    let shown = labels.filter { !$0.text.isEmpty && $0.y.isFinite }.sorted { $0.y < $1.y }
    let places = Self.spread(
      shown.map { min(max($0.y, plot.y), plot.bottom) }, gap: 1.15 * style.size, within: plot.y...plot.bottom)
    for (label, y) in zip(shown, places) {
      if abs(y - label.y) > 2.5 {
        canvas.line(
          from: Point(plot.right + 1, min(max(label.y, plot.y), plot.bottom)),
          to: Point(plot.right + Self.gap - 1, y),
          Stroke(label.color.tint(0.6), width: 0.5))
      }
      canvas.text(
        style.fitted(label.text, to: max(8, width - Self.gap)), at: Point(plot.right + Self.gap, y),
        style.colored(label.color), .left, .middle)
    }
  }

  /// The nearest places (least squares) to the wanted ones, which ascend, that are at least `gap` apart.
  ///
  /// y′ᵢ − i·gap must not descend: pool adjacent violators.
  static func spread(_ wanted: [Double], gap: Double, within range: ClosedRange<Double>) -> [Double] {
    let gap = min(gap, (range.upperBound - range.lowerBound) / Double(max(1, wanted.count - 1)))
    var pools: [(mean: Double, count: Int)] = []
    for (i, y) in wanted.enumerated() {
      pools.append((y - Double(i) * gap, 1))
      while pools.count > 1, pools[pools.count - 2].mean > pools[pools.count - 1].mean {
        let last = pools.removeLast()
        let before = pools.removeLast()
        let count = before.count + last.count
        pools.append(
          ((before.mean * Double(before.count) + last.mean * Double(last.count)) / Double(count), count))
      }
    }
    let highest = range.upperBound - Double(max(0, wanted.count - 1)) * gap
    let flat = pools.flatMap { pool in
      Array(
        repeating: min(max(pool.mean, range.lowerBound), max(range.lowerBound, highest)), count: pool.count)
    }
    return flat.enumerated().map { $1 + Double($0) * gap }
  }
}
