/// How numbers become colors.
public enum ColorScale: Equatable, Sendable {
  /// From dark to bright, over the values or over the range given.
  case sequential(ClosedRange<Double>? = nil)
  /// From white, over zero and the values or over the range given: for maps of which most is nothing.
  case fromWhite(ClosedRange<Double>? = nil)
  /// Blue, white at zero, red, as far to either side as the largest value or the limit given.
  case diverging(limit: Double? = nil)

  /// The scale's ends for these values; values that are not finite are passed over.
  func range(for values: some Sequence<Double>) -> ClosedRange<Double> {
    switch self {
    case .sequential(let range?), .fromWhite(let range?): return range
    case .sequential: return .covering(values, margin: 0)
    case .fromWhite: return .covering(values, margin: 0, including: [0])
    case .diverging(let limit):
      let limit = limit ?? values.reduce(0) { $1.isFinite ? max($0, abs($1)) : $0 }
      return limit > 0 ? -limit...limit : -1...1
    }
  }

  func map(_ theme: Theme) -> ColorMap {
    switch self {
    case .sequential: theme.sequential
    case .fromWhite: .fromWhite
    case .diverging: theme.diverging
    }
  }

  /// What can be seen over most of the map.
  func contrast(_ theme: Theme) -> Color {
    if case .sequential = self { return .white }
    return theme.ink
  }

  /// Colors of the values; `missing` for what is not a number.
  func colors(_ values: [Double], over range: ClosedRange<Double>, _ theme: Theme) -> [Color] {
    let map = map(theme)
    let span = range.upperBound - range.lowerBound
    return values.map { map.color(at: ($0 - range.lowerBound) / span) ?? theme.missing }
  }
}

/// The key of a heat map: its colors with their numbers.
struct ColorBar {
  var map: ColorMap
  var range: ClosedRange<Double>
  var label: String

  private static let thickness = 7.0

  /// From the map's edge to the end of the label.
  func width(_ theme: Theme) -> Double {
    // The height decides which ticks are drawn; there must be room for any of them.
    let widest = [40, 60, 100].flatMap(ticks).map { theme.small.width(of: $0.label) }.max() ?? 0
    return Self.thickness + 4.5 + widest + (label.isEmpty ? 0 : theme.tick.lineHeight + 3)
  }

  private func ticks(_ height: Double) -> [Tick] {
    Ticks.nice(range, atMost: min(6, max(2, Int(height / 13))))
  }

  /// Upright at `x`, no higher than the space from `y` allows.
  func draw(on canvas: Canvas, x: Double, y: Double, height: Double, _ theme: Theme) {
    let bar = Rectangle(x: x, y: y, width: Self.thickness, height: height)
    canvas.cells(map.colors.reversed(), columns: 1, in: bar)
    let ticks = ticks(height)
    for tick in ticks {
      let place =
        bar.bottom - height * (tick.value - range.lowerBound) / (range.upperBound - range.lowerBound)
      canvas.line(
        from: Point(bar.right, place), to: Point(bar.right + 2, place), Stroke(theme.ink, width: 0.5))
      canvas.text(tick.label, at: Point(bar.right + 3.5, place), theme.small, .left, .middle)
    }
    guard !label.isEmpty else { return }
    let widest = ticks.map { theme.small.width(of: $0.label) }.max() ?? 0
    let style = theme.tick.fitting(label, max(height, 60))
    let half = style.width(of: label) / 2
    canvas.text(
      label, at: Point(bar.right + 3.5 + widest + theme.tick.size + 2, max(bar.center.y, y - 2 + half)),
      style, .center,
      upwards: true)
  }
}
