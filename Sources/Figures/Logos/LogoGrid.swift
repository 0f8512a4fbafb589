/// Many small logos with their names, all on the same scale of 0 to 2 bits.
public struct LogoGrid: Drawing {
  public struct Item: Sendable {
    public var name: String
    /// One row for each position, A C G T in a row; empty for a filter that has no motif.
    public var frequencies: [[Double]]
    /// Such as the best match; beside the name.
    public var note: String
    /// Set back, such as a dead filter.
    public var isFaded: Bool

    public init(_ name: String, frequencies: [[Double]], note: String = "", isFaded: Bool = false) {
      precondition(frequencies.allSatisfy { $0.count == 4 }, "four frequencies for each position")
      (self.name, self.frequencies, self.note, self.isFaded) = (name, frequencies, note, isFaded)
    }
  }

  public var title: String
  public var items: [Item]
  /// `nil` fits them to the page.
  public var columns: Int?

  public init(_ items: [Item], title: String = "", columns: Int? = nil) {
    (self.items, self.title, self.columns) = (items, title, columns)
  }

  private static let gap = 9.0
  private static let left = 13.0
  /// Smaller where there are many logos, so that they stay on a page.
  private var scale: Double { min(1, max(0.55, (80 / Double(max(1, items.count))).squareRoot())) }
  private var letter: Double { 5.4 * scale }
  private var cellHeight: Double { 15 + 31 * scale }

  private var width: Int { max(1, items.map(\.frequencies.count).max() ?? 1) }

  private func columnCount(_ theme: Theme) -> Int {
    let fitting = (theme.pageWidth - 2 * edge - Self.left) / (letter * Double(width) + Self.gap)
    return max(1, min(columns ?? Int(fitting), items.count))
  }

  private func rowCount(_ theme: Theme) -> Int {
    (items.count + columnCount(theme) - 1) / columnCount(theme)
  }

  public func size(_ theme: Theme) -> Size {
    let columns = Double(columnCount(theme))
    let cell = max(letter * Double(width), items.count < 4 ? 110 : 0) + Self.gap
    return Size(
      min(theme.pageWidth, 2 * edge + Self.left + columns * cell),
      2 * edge + (title.isEmpty ? 0 : theme.title.lineHeight + 2) + Double(max(1, rowCount(theme)))
        * cellHeight)
  }

  public func draw(on canvas: Canvas, in area: Rectangle, _ theme: Theme) {
    canvas.title(title, in: area, theme)
    let top = area.y + edge + (title.isEmpty ? 0 : theme.title.lineHeight + 2)
    let columns = columnCount(theme)
    let cell = Size(
      (area.width - 2 * edge - Self.left) / Double(columns),
      (area.bottom - edge - top) / Double(max(1, rowCount(theme))))
    for (i, item) in items.enumerated() {
      let (row, column) = (i / columns, i % columns)
      let box = Rectangle(
        x: area.x + edge + Self.left + Double(column) * cell.width, y: top + Double(row) * cell.height,
        width: cell.width - Self.gap, height: cell.height)
      draw(item, hasAxis: column == 0, on: canvas, in: box, theme)
    }
  }

  private func draw(_ item: Item, hasAxis: Bool, on canvas: Canvas, in box: Rectangle, _ theme: Theme) {
    let plot = Plot(
      rectangle: box.inset(by: Insets(top: 10, bottom: 5)), x: -0.5...Double(width) - 0.5, y: 0...2)
    canvas.nameAndNote(item.name, item.note, isFaded: item.isFaded, over: plot.rectangle, theme)
    LetterStacks(
      heights: item.frequencies.map(SequenceLogo.informationHeights), strength: item.isFaded ? 0.35 : 1
    ).draw(on: canvas, plot, theme)
    let end = item.frequencies.isEmpty ? plot.rectangle.right : plot.x(Double(item.frequencies.count) - 0.5)
    canvas.line(
      from: Point(plot.rectangle.x, plot.rectangle.bottom), to: Point(end, plot.rectangle.bottom),
      Stroke(item.isFaded ? theme.faint : theme.ink, width: theme.axisWidth))
    if hasAxis { canvas.bitsAxis(plot, theme) }
  }
}

extension Canvas {
  /// A small name at the left above a cell and a note at its right, each shortened to what is free.
  func nameAndNote(_ name: String, _ note: String, isFaded: Bool, over cell: Rectangle, _ theme: Theme) {
    let nameStyle = theme.small.bold.colored(isFaded ? theme.muted : theme.ink)
    let noteStyle = theme.small.colored(theme.muted)
    let fittedName = nameStyle.fitted(name, to: cell.width)
    text(fittedName, at: Point(cell.x, cell.y - 3), nameStyle)
    let free = cell.width - nameStyle.width(of: fittedName) - 4
    let fittedNote = noteStyle.fitted(note, to: max(0, free))
    // A letter or two with an ellipsis say nothing.
    guard fittedNote == note || fittedNote.count > 4 else { return }
    text(fittedNote, at: Point(cell.right, cell.y - 3), noteStyle, .right)
  }
}
