/// A motif over the one it was compared with, column above column.
public struct AlignedLogos: Drawing {
  /// Frequencies, one row for each position, A C G T in a row.
  public var query, target: [[Double]]
  public var queryName, targetName: String
  /// As Tomtom gives it: query column i stands over target column i + offset, counted on the
  /// target as it is drawn, so on its reverse complement where `isReversed`.
  public var offset: Int
  /// Whether the match is with the target's other strand; the target is then drawn reverse complemented.
  public var isReversed: Bool
  /// Such as a p-value; written at the right of the target's name.
  public var note: String
  public var title: String

  public init(
    query: [[Double]], queryName: String, target: [[Double]], targetName: String, offset: Int,
    isReversed: Bool = false,
    note: String = "", title: String = ""
  ) {
    precondition((query + target).allSatisfy { $0.count == 4 }, "four frequencies for each position")
    (self.query, self.queryName, self.target, self.targetName) = (query, queryName, target, targetName)
    (self.offset, self.isReversed, self.note, self.title) = (offset, isReversed, note, title)
  }

  /// Columns of the query's numbering (from 0) that the picture covers.
  private var columns: Range<Int> {
    min(0, -offset)..<max(query.count, target.count - offset, min(0, -offset) + 1)
  }

  /// Columns of the query's numbering that both have.
  package var overlap: Range<Int> {
    let (start, end) = (max(0, -offset), min(query.count, target.count - offset))
    return start..<max(start, end)
  }

  private static let nameHeight = 14.0
  private static let axisHeight = 12.0

  public func size(_ theme: Theme) -> Size {
    let letters = min(15, (theme.pageWidth - 40) / Double(columns.count)) * Double(columns.count) + 40
    let text = theme.label.bold.width(of: shownTargetName) + theme.note.width(of: note) + 22
    return Size(
      min(theme.pageWidth, max(letters, text, title.isEmpty ? 0 : theme.title.width(of: title) + 2 * edge)),
      2 * edge + (title.isEmpty ? 0 : theme.title.lineHeight + 3) + 2
        * (Self.nameHeight + 52 + Self.axisHeight))
  }

  private var shownTargetName: String { targetName + (isReversed ? " (reverse complement)" : "") }

  public func draw(on canvas: Canvas, in area: Rectangle, _ theme: Theme) {
    canvas.title(title, in: area, theme)
    let top = area.y + edge + (title.isEmpty ? 0 : theme.title.lineHeight + 3)
    let rowHeight = (area.bottom - edge - top) / 2
    let rows = [0, 1].map { row in
      Rectangle(
        x: area.x + edge + 22, y: top + Double(row) * rowHeight + Self.nameHeight,
        width: area.width - 2 * edge - 24, height: max(1, rowHeight - Self.nameHeight - Self.axisHeight))
    }
    let x = Double(columns.lowerBound) - 0.5...Double(columns.upperBound) - 0.5
    let plots = rows.map { row -> Plot in
      let width = min(row.width, 18 * Double(columns.count))
      return Plot(rectangle: Rectangle(x: row.x, y: row.y, width: width, height: row.height), x: x, y: 0...2)
    }
    if !overlap.isEmpty {
      let left = plots[0].x(Double(overlap.lowerBound) - 0.5)
      canvas.fill(
        Rectangle(
          x: left, y: plots[0].rectangle.y, width: plots[0].x(Double(overlap.upperBound) - 0.5) - left,
          height: plots[1].rectangle.bottom - plots[0].rectangle.y), theme.highlight.tint(0.6))
    }
    let shown = isReversed ? target.reversed().map { Array($0.reversed()) } : target
    draw(query, start: 0, number: { $0 + 1 }, on: canvas, plots[0], theme)
    draw(
      shown, start: -offset, number: { isReversed ? target.count - $0 : $0 + 1 }, on: canvas, plots[1], theme)
    drawNames(on: canvas, plots, in: area, theme)
  }

  private func draw(
    _ frequencies: [[Double]], start: Int, number: (Int) -> Int, on canvas: Canvas, _ plot: Plot,
    _ theme: Theme
  ) {
    LetterStacks(heights: frequencies.map(SequenceLogo.informationHeights), start: start).draw(
      on: canvas, plot, theme)
    canvas.bitsAxis(plot, theme)
    guard !frequencies.isEmpty else { return }
    let (left, right) = (plot.x(Double(start) - 0.5), plot.x(Double(start + frequencies.count) - 0.5))
    canvas.line(from: Point(left, plot.rectangle.bottom), to: Point(right, plot.rectangle.bottom), theme.axis)
    let step = Ticks.wholeStep(
      atLeast: (theme.small.width(of: "\(frequencies.count)") + 2) * Double(frequencies.count)
        / (right - left))
    for i in frequencies.indices where step == 1 || number(i) % step == 0 || number(i) == 1 && step > 2 {
      canvas.text(
        "\(number(i))", at: Point(plot.x(Double(start + i)), plot.rectangle.bottom + 3), theme.small, .center,
        .top)
    }
  }

  private func drawNames(on canvas: Canvas, _ plots: [Plot], in area: Rectangle, _ theme: Theme) {
    let style = theme.label.bold
    let x = plots[0].rectangle.x - 16
    let noteWidth = note.isEmpty ? 0 : theme.note.width(of: note) + 8
    let room = area.right - edge - x
    canvas.text(style.fitted(queryName, to: room), at: Point(x, plots[0].rectangle.y - 5.5), style)
    canvas.text(
      style.fitted(shownTargetName, to: max(room - noteWidth, 0.4 * room)),
      at: Point(x, plots[1].rectangle.y - 5.5), style)
    let fitted = theme.note.fitted(note, to: 0.6 * room - 8)
    canvas.text(fitted, at: Point(area.right - edge, plots[1].rectangle.y - 5.5), theme.note, .right)
  }
}

extension Canvas {
  /// The axis of an information logo: 0 and 2 bits, without a label.
  func bitsAxis(_ plot: Plot, _ theme: Theme) {
    let x = plot.rectangle.x
    line(from: Point(x, plot.rectangle.y), to: Point(x, plot.rectangle.bottom), theme.axis)
    for bits in [0, 1, 2] {
      let y = plot.y(Double(bits))
      line(from: Point(x - 2, y), to: Point(x, y), theme.axis)
      if bits != 1 { text("\(bits)", at: Point(x - 3.5, y), theme.small, .right, .middle) }
    }
    if plot.rectangle.height > 32 {
      text("bits", at: Point(x - 8, plot.rectangle.center.y), theme.small, .center, upwards: true)
    }
  }
}
