/// A symmetric matrix, such as the correlations of filters, with its tree above and at the left.
public struct CorrelationMap: Drawing {
  /// n × n, from −1 to 1.
  public var values: [[Double]]
  public var names: [String]
  /// n − 1 steps that order the rows and columns; empty leaves them as they are.
  public var linkage: [LinkageStep]
  /// Height at which the tree is cut: clusters of two or more below it are framed.
  public var cut: Double?
  public var title: String
  public var valueLabel: String

  public init(
    _ values: [[Double]], names: [String], linkage: [LinkageStep] = [], cut: Double? = nil,
    title: String = "",
    valueLabel: String = "correlation"
  ) {
    precondition(values.allSatisfy { $0.count == values.count }, "as many columns as rows")
    precondition(names.count == values.count, "a name for each row")
    (self.values, self.names, self.linkage, self.cut) = (values, names, linkage, cut)
    (self.title, self.valueLabel) = (title, valueLabel)
  }

  public var cellCount: Int { values.count * values.count }

  /// Large enough for names of 5.7 points beside up to 64 rows.
  private var cell: Double {
    let count = Double(max(1, values.count))
    return min(14, max(330 / count, min(6, 384 / count)))
  }
  private var treeHeight: Double { linkage.isEmpty ? 0 : 40 }

  /// Names as large as the cells allow; none where nobody could read them.
  private func nameStyle(_ cell: Double, _ theme: Theme) -> TextStyle? {
    let size = min(theme.smallSize, cell * 0.95)
    return size < 3.2 ? nil : theme.small.sized(size)
  }

  /// Half of the colors would mean nothing where no correlation is negative.
  private var range: ClosedRange<Double> { values.joined().contains { $0 < 0 } ? -1...1 : 0...1 }

  private var scale: ColorScale { range.lowerBound < 0 ? .diverging(limit: 1) : .fromWhite(0...1) }

  /// The key, from the tenth below the smallest correlation up.
  private func bar(_ theme: Theme) -> ColorBar {
    let colors = scale.map(theme).colors
    let least = values.joined().reduce(1.0) { min($0, $1) }
    let low = min(max(range.lowerBound, (10 * least).rounded(.down) / 10), 0)
    let span = range.upperBound - range.lowerBound
    let first = Int((low - range.lowerBound) / span * Double(colors.count - 1))
    return ColorBar(map: ColorMap(Array(colors[first...])), range: low...1, label: valueLabel)
  }

  private func insets(_ cell: Double, _ theme: Theme) -> Insets {
    let names =
      nameStyle(cell, theme).map { style in min(110, self.names.map { style.width(of: $0) }.max() ?? 0) + 3 }
      ?? 0
    return Insets(
      top: edge + (title.isEmpty ? 0 : theme.title.lineHeight + 3) + treeHeight, left: edge + treeHeight,
      bottom: edge + names, right: edge + names + 8 + bar(theme).width(theme))
  }

  public func size(_ theme: Theme) -> Size {
    let insets = insets(cell, theme)
    let side = max(cell * Double(values.count), 14)
    return Size(
      max(side + insets.left + insets.right, min(theme.pageWidth, theme.title.width(of: title) + 2 * edge)),
      max(side, 44) + insets.top + insets.bottom)
  }

  public func draw(on canvas: Canvas, in area: Rectangle, _ theme: Theme) {
    canvas.title(title, in: area, theme)
    guard !values.isEmpty else { return }
    let natural = size(theme)
    let shrunk = cell * min(area.width / natural.width, area.height / natural.height)
    let insets = insets(shrunk, theme)
    let room = area.inset(by: insets)
    let side = min(room.width, room.height, 16 * Double(values.count))
    guard side > 0 else { return }
    let map = Rectangle(x: room.x, y: room.y, width: side, height: side)
    let tree = linkage.isEmpty ? nil : Dendrogram(linkage, leafCount: values.count)
    let order = tree?.order ?? Array(values.indices)
    let cells = order.flatMap { row in order.map { values[row][$0] } }
    canvas.cells(
      scale.colors(cells, over: range, theme), columns: values.count, in: map)
    canvas.stroke(map, Stroke(theme.muted, width: 0.4))
    if let tree { draw(tree, around: map, on: canvas, theme) }
    let unit = side / Double(values.count)
    if let style = nameStyle(unit, theme) {
      for (place, i) in order.enumerated() {
        let along = unit * (Double(place) + 0.5)
        let name = style.fitted(names[i], to: 110)
        canvas.text(name, at: Point(map.right + 3, map.y + along), style, .left, .middle)
        canvas.text(
          name, at: Point(map.x + along + style.capHeight / 2, map.bottom + 3), style, .right, upwards: true)
      }
    }
    let bar = bar(theme)
    bar.draw(
      on: canvas, x: area.right - edge - bar.width(theme), y: map.y, height: min(100, max(44, side * 0.5)),
      theme)
  }

  private func draw(_ tree: Dendrogram, around map: Rectangle, on canvas: Canvas, _ theme: Theme) {
    let gap = 2.0
    let above = Rectangle(x: map.x, y: map.y - treeHeight, width: map.width, height: treeHeight - gap)
    let beside = Rectangle(x: map.x - treeHeight, y: map.y, width: treeHeight - gap, height: map.height)
    tree.draw(on: canvas, in: above, leavesAreAtRight: false, cut: cut, theme)
    tree.draw(on: canvas, in: beside, leavesAreAtRight: true, cut: cut, theme)
    guard let cut else { return }
    let unit = map.width / Double(values.count)
    for cluster in tree.clusters(below: cut) where cluster.count > 1 {
      let start = unit * Double(cluster.lowerBound)
      let length = unit * Double(cluster.count)
      canvas.stroke(
        Rectangle(x: map.x + start, y: map.y + start, width: length, height: length),
        Stroke(theme.ink, width: 0.8))
    }
  }
}
