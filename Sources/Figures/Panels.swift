/// Several drawings beside and below each other, with letters to refer to them.
public struct Panels: Drawing {
  public var title: String
  public var panels: [any Drawing]
  public var columns: Int
  /// a, b, c … before the panels' titles.
  public var hasLetters: Bool

  public init(_ panels: [any Drawing], columns: Int, title: String = "", hasLetters: Bool = false) {
    precondition(columns > 0, "at least one column")
    (self.panels, self.columns, self.title, self.hasLetters) = (panels, columns, title, hasLetters)
  }

  public var cellCount: Int { panels.reduce(0) { $0 + $1.cellCount } }

  private static let gap = 6.0

  public func size(_ theme: Theme) -> Size {
    let (widths, heights) = grid(theme)
    return Size(
      widths.reduce(0, +) + Self.gap * Double(max(0, widths.count - 1)),
      heights.reduce(0, +) + Self.gap * Double(max(0, heights.count - 1)) + top(theme))
  }

  private func top(_ theme: Theme) -> Double { title.isEmpty ? 0 : theme.title.lineHeight + edge }

  /// Natural widths of the columns and heights of the rows.
  private func grid(_ theme: Theme) -> (widths: [Double], heights: [Double]) {
    let sizes = panels.map { $0.size(theme) }
    let columns = min(self.columns, panels.count)
    let widths = (0..<columns).map { column in
      stride(from: column, to: sizes.count, by: columns).map { sizes[$0].width }.max() ?? 0
    }
    let heights = stride(from: 0, to: sizes.count, by: max(1, columns)).map { start in
      sizes[start..<min(start + columns, sizes.count)].map(\.height).max() ?? 0
    }
    return (widths, heights)
  }

  public func draw(on canvas: Canvas, in area: Rectangle, _ theme: Theme) {
    let (widths, heights) = grid(theme)
    let natural = size(theme)
    guard !panels.isEmpty, natural.width > 0, natural.height > 0 else { return }
    let (scaleX, scaleY) = (
      area.width / natural.width, (area.height - top(theme)) / (natural.height - top(theme))
    )
    canvas.title(title, in: area, theme)
    var y = area.y + top(theme)
    for (row, height) in heights.enumerated() {
      var x = area.x
      for (column, width) in widths.enumerated() where row * widths.count + column < panels.count {
        let i = row * widths.count + column
        var box = Rectangle(x: x, y: y, width: width * scaleX, height: height * scaleY)
        if hasLetters, i < 26 {
          let letter = String(Unicode.Scalar(UInt8(ascii: "a") + UInt8(i)))
          canvas.text(
            letter, at: Point(box.x + edge, box.y + edge), theme.title.sized(theme.titleSize + 1), .left, .top
          )
          box = box.inset(by: Insets(left: theme.titleSize + 2))
        }
        panels[i].draw(on: canvas, in: box, theme)
        x += (width + Self.gap) * scaleX
      }
      y += (height + Self.gap) * scaleY
    }
  }
}
