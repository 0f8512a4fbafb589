import Foundation

/// How often values fall into bins of equal width, for one group or for several over each other.
public struct Histogram: Drawing {
  public struct Group: Sendable {
    public var name: String
    public var values: [Double]

    public init(_ name: String, _ values: [Double]) { (self.name, self.values) = (name, values) }
  }

  /// A value of interest, with its label above the plot.
  public struct Marker: Sendable {
    public var x: Double
    public var label: String

    public init(x: Double, label: String) { (self.x, self.label) = (x, label) }
  }

  public var title: String
  public var groups: [Group]
  public var xLabel: String
  public var yLabel: String
  /// `nil` takes the rule of Freedman and Diaconis 1981, width 2 · IQR / ∛n, within 5 to 80 bins.
  public var binCount: Int?
  public var range: ClosedRange<Double>?
  public var marker: Marker?

  public init(
    _ groups: [Group], title: String = "", xLabel: String, yLabel: String = "count", binCount: Int? = nil,
    range: ClosedRange<Double>? = nil, marker: Marker? = nil
  ) {
    (self.groups, self.title, self.xLabel, self.yLabel) = (groups, title, xLabel, yLabel)
    (self.binCount, self.range, self.marker) = (binCount, range, marker)
  }

  public func size(_ theme: Theme) -> Size { Size(theme.columnWidth, title.isEmpty ? 150 : 162) }

  /// The range of the bins and each group's counts, in the groups' order.
  ///
  /// Values outside and what is not finite are not counted.
  package var counts: (range: ClosedRange<Double>, counts: [[Int]]) {
    let all = groups.flatMap(\.values).filter(\.isFinite).sorted()
    let range = self.range ?? .covering(all, margin: 0)
    let bins = max(1, binCount ?? Self.bins(all, range))
    let width = (range.upperBound - range.lowerBound) / Double(bins)
    return (
      range,
      groups.map { group in
        var counts = [Int](repeating: 0, count: bins)
        for value in group.values where range.contains(value) {
          counts[min(bins - 1, Int((value - range.lowerBound) / width))] += 1
        }
        return counts
      }
    )
  }

  private static func bins(_ sorted: [Double], _ range: ClosedRange<Double>) -> Int {
    guard sorted.count > 3 else { return 5 }
    let quartiles = sorted[3 * (sorted.count - 1) / 4] - sorted[(sorted.count - 1) / 4]
    guard quartiles > 0 else { return 20 }
    let bins = (range.upperBound - range.lowerBound) / (2 * quartiles / cbrt(Double(sorted.count)))
    return Int(min(80, max(5, bins.rounded(.up))))
  }

  public func draw(on canvas: Canvas, in area: Rectangle, _ theme: Theme) {
    let (range, counts) = self.counts
    var axes = Axes(title: title, hasGrid: true)
    axes.x = Axes.Axis(label: xLabel, range: range)
    axes.y = Axes.Axis(label: yLabel, range: 0...1.05 * Double(max(1, counts.joined().max() ?? 1)))
    axes.y.ticks = .whole
    if marker != nil || groups.count > 1 { axes.extra.top += theme.note.lineHeight + 1 }
    let plot = axes.plot(in: area, theme)
    axes.drawGrid(on: canvas, plot, theme)
    for (i, counts) in counts.enumerated() { draw(counts, theme.color(i), on: canvas, plot, theme) }
    axes.draw(on: canvas, plot, in: area, theme)
    let keyEnd = drawKey(on: canvas, plot, theme)
    guard let marker, range.contains(marker.x) else { return }
    let x = plot.x(marker.x)
    canvas.line(
      from: Point(x, plot.rectangle.y - 1), to: Point(x, plot.rectangle.bottom),
      Stroke(theme.ink, width: 0.8, dash: [2, 1.5]))
    let half = theme.note.width(of: marker.label) / 2
    let place = min(max(x, max(plot.rectangle.x, keyEnd) + half), plot.rectangle.right - half)
    canvas.text(marker.label, at: Point(place, plot.rectangle.y - 3.5), theme.note, .center)
  }

  private func draw(_ counts: [Int], _ color: Color, on canvas: Canvas, _ plot: Plot, _ theme: Theme) {
    let width = (plot.x.upperBound - plot.x.lowerBound) / Double(counts.count)
    var outline = [plot.point(plot.x.lowerBound, 0)]
    for (bin, count) in counts.enumerated() {
      let left = plot.x.lowerBound + Double(bin) * width
      outline += [plot.point(left, Double(count)), plot.point(left + width, Double(count))]
    }
    outline.append(plot.point(plot.x.upperBound, 0))
    canvas.polygon(outline, color.opacity(groups.count > 1 ? 0.3 : 0.55))
    canvas.polyline(outline, Stroke(color, width: 0.8))
  }

  /// The groups' names in their colors; gives the x where they end.
  private func drawKey(on canvas: Canvas, _ plot: Plot, _ theme: Theme) -> Double {
    guard groups.count > 1 else { return 0 }
    var x = plot.rectangle.x + 2
    for (i, group) in groups.enumerated() {
      let style = theme.tick.colored(theme.color(i))
      canvas.text(group.name, at: Point(x, plot.rectangle.y - 3.5), style)
      x += style.width(of: group.name) + 8
    }
    return x
  }
}
