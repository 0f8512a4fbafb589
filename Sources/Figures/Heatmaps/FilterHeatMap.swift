/// The weights of all filters of a first layer: one small map for each, four rows for A C G T.
public struct FilterHeatMap: Drawing {
  public struct Item: Sendable {
    public var name: String
    /// One row for each position, A C G T in a row.
    public var weights: [[Double]]
    /// Such as “dead”; beside the name.
    public var note: String
    /// Set back, such as a dead filter.
    public var isFaded: Bool

    public init(_ name: String, weights: [[Double]], note: String = "", isFaded: Bool = false) {
      precondition(weights.allSatisfy { $0.count == 4 }, "four weights for each position")
      (self.name, self.weights, self.note, self.isFaded) = (name, weights, note, isFaded)
    }
  }

  public var title: String
  public var items: [Item]
  public var valueLabel: String
  /// The weight of full color; `nil` takes the largest.
  public var limit: Double?
  /// `nil` fits them to the page.
  public var columns: Int?

  public init(
    _ items: [Item], title: String = "", valueLabel: String = "weight", limit: Double? = nil,
    columns: Int? = nil
  ) {
    (self.items, self.title, self.valueLabel, self.limit, self.columns) = (
      items, title, valueLabel, limit, columns
    )
  }

  public var cellCount: Int { items.reduce(0) { $0 + 4 * $1.weights.count } }

  private static let gap = 8.0
  private static let left = 9.0
  /// Smaller where there are many filters, so that they stay on a page.
  private var cell: Double { min(5.2, max(2.6, 5.2 * (80 / Double(max(1, items.count))).squareRoot())) }
  private static let nameHeight = 11.0
  private static let numberHeight = 9.0

  private var width: Int { max(1, items.map(\.weights.count).max() ?? 1) }
  private var scale: ColorScale { .diverging(limit: limit) }
  private var range: ClosedRange<Double> { scale.range(for: items.flatMap { $0.weights.joined() }) }

  private func bar(_ theme: Theme) -> ColorBar {
    ColorBar(map: scale.map(theme), range: range, label: valueLabel)
  }

  /// Left and right of the maps.
  private func sides(_ theme: Theme) -> Double { 2 * edge + Self.left + bar(theme).width(theme) }

  private func columnCount(_ theme: Theme) -> Int {
    let fitting = (theme.pageWidth - sides(theme)) / (cell * Double(width) + Self.gap)
    return max(1, min(columns ?? Int(fitting), items.count))
  }

  private func rowCount(_ theme: Theme) -> Int { (items.count + columnCount(theme) - 1) / columnCount(theme) }

  private func top(_ theme: Theme) -> Double { edge + (title.isEmpty ? 0 : theme.title.lineHeight + 2) }

  public func size(_ theme: Theme) -> Size {
    let columns = Double(columnCount(theme))
    let block = max(cell * Double(width), items.count < 4 ? 90 : 0) + Self.gap
    let rows = Double(max(1, rowCount(theme)))
    return Size(
      min(theme.pageWidth, sides(theme) + columns * block),
      top(theme) + max(rows * (Self.nameHeight + 4 * cell), 54) + Self.numberHeight + edge)
  }

  public func draw(on canvas: Canvas, in area: Rectangle, _ theme: Theme) {
    canvas.title(title, in: area, theme)
    let (columns, rows) = (columnCount(theme), rowCount(theme))
    let maps = area.inset(
      by: Insets(
        top: top(theme), left: edge + Self.left, bottom: edge + Self.numberHeight,
        right: edge + bar(theme).width(theme)))
    let block = Size(
      maps.width / Double(columns),
      min(maps.height / Double(max(1, rows)), Self.nameHeight + 4 * cell * 1.6))
    for (i, item) in items.enumerated() {
      let (row, column) = (i / columns, i % columns)
      let box = Rectangle(
        x: maps.x + Double(column) * block.width, y: maps.y + Double(row) * block.height + Self.nameHeight,
        width: block.width - Self.gap, height: block.height - Self.nameHeight)
      draw(item, hasLetters: column == 0, hasNumbers: i + columns >= items.count, on: canvas, in: box, theme)
    }
    let height = min(100, max(40, maps.height - Self.nameHeight))
    bar(theme).draw(on: canvas, x: maps.right, y: maps.y + Self.nameHeight, height: height, theme)
  }

  private func draw(
    _ item: Item, hasLetters: Bool, hasNumbers: Bool, on canvas: Canvas, in box: Rectangle, _ theme: Theme
  ) {
    canvas.nameAndNote(item.name, item.note, isFaded: item.isFaded, over: box, theme)
    guard !item.weights.isEmpty else { return }
    let cell = Size(box.width / Double(width), box.height / 4)
    let map = Rectangle(
      x: box.x, y: box.y, width: cell.width * Double(item.weights.count), height: box.height)
    let values = (0..<4).flatMap { base in item.weights.map { $0[base] } }
    var colors = scale.colors(values, over: range, theme)
    if item.isFaded { colors = colors.map { $0.tint(0.45) } }
    canvas.cells(colors, columns: item.weights.count, in: map)
    canvas.stroke(map, Stroke(theme.faint, width: 0.4))
    if hasLetters {
      for base in 0..<4 {
        let height = min(4.4, cell.height * 0.82)
        canvas.nucleotide(
          base,
          in: Rectangle(
            x: box.x - 6.5, y: box.y + cell.height * (Double(base) + 0.5) - height / 2, width: height * 0.85,
            height: height),
          theme.nucleotides[base])
      }
    }
    guard hasNumbers else { return }
    let count = item.weights.count
    for i in count > 1 ? [0, count - 1] : [0] {
      canvas.text(
        "\(i + 1)", at: Point(map.x + cell.width * (Double(i) + 0.5), map.bottom + 2.5),
        theme.small.colored(theme.muted), .center, .top)
    }
  }
}
