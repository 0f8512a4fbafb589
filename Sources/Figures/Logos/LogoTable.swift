/// Logos in named rows and columns, such as filters by rules or by epochs, all on the same scale of 0 to 2 bits.
public struct LogoTable: Drawing {
  public struct Cell: Sendable {
    /// One row for each position, A C G T in a row; empty where there is no motif.
    public var frequencies: [[Double]]
    /// Small above the logo, in as many lines as it has.
    public var note: String

    public init(_ frequencies: [[Double]], note: String = "") {
      precondition(frequencies.allSatisfy { $0.count == 4 }, "four frequencies for each position")
      (self.frequencies, self.note) = (frequencies, note)
    }
  }

  public struct Row: Sendable {
    public var name: String
    /// Small below the name.
    public var note: String
    /// One for each column.
    public var cells: [Cell]

    public init(_ name: String, note: String = "", _ cells: [Cell]) {
      (self.name, self.note, self.cells) = (name, note, cells)
    }
  }

  public var title: String
  public var columns: [String]
  public var rows: [Row]

  public init(columns: [String], rows: [Row], title: String = "") {
    precondition(rows.allSatisfy { $0.cells.count == columns.count }, "a cell for each column")
    (self.columns, self.rows, self.title) = (columns, rows, title)
  }

  private static let gap = 9.0
  /// For the axis of bits.
  private static let axis = 13.0
  private static let letter = 9.0
  private static let lineHeight = 8.0
  private static let logoHeight = 27.0

  private var positions: Int { max(1, rows.flatMap(\.cells).map(\.frequencies.count).max() ?? 1) }

  private var noteHeight: Double {
    let lines = rows.flatMap(\.cells).map { $0.note.split(separator: "\n").count }
    return 3 + Self.lineHeight * Double(max(1, lines.max() ?? 1))
  }

  private func labelWidth(_ theme: Theme) -> Double {
    let widths = rows.map { max(theme.tick.bold.width(of: $0.name), theme.small.width(of: $0.note)) }
    return min(90, widths.max() ?? 0) + 6
  }

  private func headHeight(_ theme: Theme) -> Double {
    (title.isEmpty ? 0 : theme.title.lineHeight + 2) + theme.label.lineHeight + 2
  }

  public func size(_ theme: Theme) -> Size {
    let width =
      2 * edge + labelWidth(theme) + Self.axis
      + Double(columns.count) * (Self.letter * Double(positions) + Self.gap)
    return Size(
      min(theme.pageWidth, max(width, 120)),
      2 * edge + headHeight(theme) + (noteHeight + Self.logoHeight + 5) * Double(max(1, rows.count)))
  }

  public func draw(on canvas: Canvas, in area: Rectangle, _ theme: Theme) {
    canvas.title(title, in: area, theme)
    let top = area.y + edge + headHeight(theme)
    let left = area.x + edge + labelWidth(theme) + Self.axis
    let cell = Size(
      (area.right - edge - left) / Double(max(1, columns.count)),
      (area.bottom - edge - top) / Double(max(1, rows.count)))
    func box(_ row: Int, _ column: Int) -> Rectangle {
      Rectangle(
        x: left + Double(column) * cell.width, y: top + Double(row) * cell.height,
        width: cell.width - Self.gap, height: cell.height)
    }
    for (column, name) in columns.enumerated() {
      let style = theme.label.bold
      canvas.text(
        style.fitted(name, to: cell.width - 2), at: Point(box(0, column).center.x, top - 3), style, .center)
    }
    for (number, row) in rows.enumerated() {
      for (column, logo) in row.cells.enumerated() {
        draw(logo, hasAxis: column == 0, on: canvas, in: box(number, column), theme)
      }
      let middle = box(number, 0).inset(by: Insets(top: noteHeight, bottom: 5)).center.y
      let x = area.x + edge
      let width = labelWidth(theme) - 6
      canvas.text(
        theme.tick.bold.fitted(row.name, to: width), at: Point(x, row.note.isEmpty ? middle : middle - 4),
        theme.tick.bold, .left, .middle)
      canvas.text(
        theme.small.fitted(row.note, to: width), at: Point(x, middle + 4), theme.small.colored(theme.muted),
        .left, .middle)
    }
  }

  private func draw(_ cell: Cell, hasAxis: Bool, on canvas: Canvas, in box: Rectangle, _ theme: Theme) {
    let plot = Plot(
      rectangle: box.inset(by: Insets(top: noteHeight, bottom: 5)), x: -0.5...Double(positions) - 0.5,
      y: 0...2)
    let note = theme.small.colored(theme.muted)
    for (number, line) in cell.note.split(separator: "\n").reversed().enumerated() {
      canvas.text(
        note.fitted(String(line), to: box.width + Self.gap - 2),
        at: Point(plot.rectangle.center.x, plot.rectangle.y - 3 - Self.lineHeight * Double(number)), note,
        .center)
    }
    LetterStacks(heights: cell.frequencies.map(SequenceLogo.informationHeights)).draw(on: canvas, plot, theme)
    let end = cell.frequencies.isEmpty ? plot.rectangle.right : plot.x(Double(cell.frequencies.count) - 0.5)
    canvas.line(
      from: Point(plot.rectangle.x, plot.rectangle.bottom), to: Point(end, plot.rectangle.bottom),
      Stroke(cell.frequencies.isEmpty ? theme.faint : theme.ink, width: theme.axisWidth))
    if hasAxis { canvas.bitsAxis(plot, theme) }
  }
}
