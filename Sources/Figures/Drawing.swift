/// Something that can be drawn in a rectangle: a logo, a chart, a map, or several of them.
public protocol Drawing: Sendable {
  /// Stands above the drawing and describes the figure in its file; may be empty.
  var title: String { get }
  /// Cells of color that the drawing holds: a figure with very many is stored with a palette.
  var cellCount: Int { get }
  /// The size at which it looks best, in points.
  func size(_ theme: Theme) -> Size
  /// Draws within `area` and nowhere else.
  func draw(on canvas: Canvas, in area: Rectangle, _ theme: Theme)
}

extension Drawing {
  public var cellCount: Int { 0 }

  /// The drawing as a figure, in its natural size or in the one given.
  public func figure(theme: Theme = .standard, size: Size? = nil) -> Figure {
    let size = size ?? self.size(theme)
    return Figure(size, title: title, hasManyCells: cellCount > 20_000) { canvas in
      draw(on: canvas, in: Rectangle(x: 0, y: 0, width: size.width, height: size.height), theme)
    }
  }
}

/// Distance from the edge of a drawing to its outermost ink, in points.
let edge = 4.0
