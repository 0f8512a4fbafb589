import Foundation

/// Stacks of letters at each position: information content, frequencies, or signed attributions.
///
/// Schneider and Stephens 1990, "Sequence logos: a new way to display consensus sequences", Nucleic Acids
/// Research 18, 6097–6100. A stack rises from small to large; negative letters hang below the axis, upright.
public struct SequenceLogo: Drawing {
  /// Height of each letter in the unit of the axis: one row for each position, A C G T in a row.
  public var heights: [[Double]]
  public var title: String
  public var yLabel: String
  /// The axis; `nil` fits it to the heights.
  public var range: ClosedRange<Double>?
  /// The number that the first position is labeled with.
  public var firstPosition: Int
  public var xLabel: String
  /// Positions (from 0) that lie on a colored band, such as a planted site.
  public var highlight: Range<Int>?
  /// What the band is, written above it.
  public var highlightLabel: String
  /// Value axes of logos above and below: numbers at this one's axis have as much room as the widest of theirs, so that positions
  /// stand above each other.
  public var neighbors: [ClosedRange<Double>] = []

  public init(
    heights: [[Double]], title: String = "", yLabel: String = "", range: ClosedRange<Double>? = nil,
    firstPosition: Int = 1, xLabel: String = "position", highlight: Range<Int>? = nil,
    highlightLabel: String = ""
  ) {
    precondition(heights.allSatisfy { $0.count == 4 }, "four heights for each position")
    self.heights = heights
    self.title = title
    self.yLabel = yLabel
    self.range = range
    self.firstPosition = firstPosition
    self.xLabel = xLabel
    self.highlight = highlight
    self.highlightLabel = highlightLabel
  }

  /// Letters of height f · R with R = 2 + Σ f log₂ f bits, on an axis from 0 to 2.
  ///
  /// - Parameter frequencies: one row for each position; each row sums to one.
  public init(
    information frequencies: [[Double]], title: String = "", firstPosition: Int = 1,
    highlight: Range<Int>? = nil
  ) {
    self.init(
      heights: frequencies.map(Self.informationHeights), title: title, yLabel: "bits", range: 0...2,
      firstPosition: firstPosition, highlight: highlight)
  }

  /// Letters of height f, on an axis from 0 to 1.
  public init(
    frequencies: [[Double]], title: String = "", firstPosition: Int = 1, highlight: Range<Int>? = nil
  ) {
    self.init(
      heights: frequencies, title: title, yLabel: "frequency", range: 0...1, firstPosition: firstPosition,
      highlight: highlight)
  }

  /// Letters of the attributions' signed heights, with zero on the axis.
  public init(
    attributions: [[Double]], title: String = "", yLabel: String = "attribution", firstPosition: Int = 1,
    highlight: Range<Int>? = nil, highlightLabel: String = ""
  ) {
    self.init(
      heights: attributions, title: title, yLabel: yLabel, firstPosition: firstPosition, highlight: highlight,
      highlightLabel: highlightLabel)
  }

  /// f · R for one position.
  static func informationHeights(_ frequencies: [Double]) -> [Double] {
    let information = 2 + frequencies.reduce(0) { $0 + ($1 > 0 ? $1 * log2($1) : 0) }
    return frequencies.map { $0 * max(0, information) }
  }

  /// The axis that is drawn: `range`, or what the heights need and a little above and below.
  public var shownRange: ClosedRange<Double> {
    if let range { return range }
    let fitted = fittedRange
    let margin = 0.04 * (fitted.upperBound - fitted.lowerBound)
    return (fitted.lowerBound < 0 ? fitted.lowerBound - margin : 0)...fitted.upperBound + margin
  }

  /// From the lowest to the highest stack, with zero in it.
  public var fittedRange: ClosedRange<Double> {
    var (low, high) = (0.0, 0.0)
    for row in heights {
      low = min(low, row.reduce(0) { $1 < 0 ? $0 + $1 : $0 })
      high = max(high, row.reduce(0) { $1 > 0 ? $0 + $1 : $0 })
    }
    return low < high ? low...high : 0...1
  }

  public func size(_ theme: Theme) -> Size {
    let frame = 2 * edge + 36
    let letter = min(15, (theme.pageWidth - frame) / Double(max(1, heights.count)))
    let width = max(
      frame + letter * Double(heights.count), title.isEmpty ? 0 : theme.title.width(of: title) + 2 * edge)
    return Size(min(theme.pageWidth, max(90, width)), title.isEmpty ? 92 : 106)
  }

  public func draw(on canvas: Canvas, in area: Rectangle, _ theme: Theme) {
    let axes = axes(in: area, theme)
    let plot = axes.plot(in: area, theme)
    drawHighlight(on: canvas, plot, theme)
    LetterStacks(heights: heights).draw(on: canvas, plot, theme)
    axes.draw(on: canvas, plot, in: area, theme)
    if plot.y.lowerBound < 0 {
      canvas.line(
        from: Point(plot.rectangle.x, plot.y(0)), to: Point(plot.rectangle.right, plot.y(0)),
        Stroke(theme.muted, width: 0.5))
    }
  }

  /// Where each letter goes when the logo is drawn in `area`.
  package func letters(in area: Rectangle, _ theme: Theme) -> [LetterStacks.Letter] {
    LetterStacks(heights: heights).letters(in: axes(in: area, theme).plot(in: area, theme))
  }

  private func axes(in area: Rectangle, _ theme: Theme) -> Axes {
    var axes = Axes(title: title)
    axes.x = Axes.Axis(label: xLabel, range: -0.5...Double(max(1, heights.count)) - 0.5)
    axes.x.ticks = .positions(first: firstPosition, count: heights.count, start: 0)
    if highlight != nil, !highlightLabel.isEmpty { axes.extra.top += theme.note.lineHeight }
    /// Where the plot begins with these values at its axis.
    func left(_ range: ClosedRange<Double>) -> Double {
      axes.y = Axes.Axis(label: yLabel, range: range)
      if range == 0...2 { axes.y.ticks = .given([0, 1, 2].map { Tick(value: $0, label: "\(Int($0))") }) }
      return axes.plot(in: area, theme).rectangle.x
    }
    let widest = neighbors.map(left).max() ?? 0
    axes.extra.left += max(0, widest - left(shownRange))
    return axes
  }

  private func drawHighlight(on canvas: Canvas, _ plot: Plot, _ theme: Theme) {
    guard let highlight = highlight?.clamped(to: 0..<heights.count), !highlight.isEmpty else { return }
    let left = plot.x(Double(highlight.lowerBound) - 0.5)
    let band = Rectangle(
      x: left, y: plot.rectangle.y, width: plot.x(Double(highlight.upperBound) - 0.5) - left,
      height: plot.rectangle.height)
    canvas.fill(band, theme.highlight)
    canvas.bandLabel(highlightLabel, over: band, within: plot.rectangle, theme)
  }
}

extension Canvas {
  /// A note centred above a band, kept within the plot.
  func bandLabel(_ label: String, over band: Rectangle, within plot: Rectangle, _ theme: Theme) {
    guard !label.isEmpty else { return }
    let half = theme.note.width(of: label) / 2
    let x = min(max(band.center.x, plot.x + half), max(plot.x + half, plot.right - half))
    text(label, at: Point(x, plot.y - 2), theme.note, .center)
  }
}

extension [SequenceLogo] {
  /// Lets positions stand above each other where the logos are drawn in one column.
  public func aligned() -> [SequenceLogo] {
    let ranges = map(\.shownRange)
    return map { logo in
      var logo = logo
      logo.neighbors = ranges
      return logo
    }
  }
}
