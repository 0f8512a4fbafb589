import CCairo

/// What a drawing draws on: the same calls give a PNG, an SVG and a PDF.
///
/// Lengths are points (1/72 inch), y runs downwards from the upper edge.
public final class Canvas {
  let context: OpaquePointer
  /// Every text drawn so far with the box it fills, in the figure's points: what a layout test looks at.
  package private(set) var texts: [(string: String, box: Rectangle)] = []

  /// Draws into a cairo surface; throws what cairo reports.
  init(surface: OpaquePointer) throws {
    context = cairo_create(surface)
    let options = cairo_font_options_create()
    // Text must measure the same on every surface, so it is not fitted to pixels.
    cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE)
    cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF)
    cairo_font_options_set_antialias(options, CAIRO_ANTIALIAS_GRAY)
    cairo_set_font_options(context, options)
    cairo_font_options_destroy(options)
    try check()
  }

  deinit { cairo_destroy(context) }

  func check() throws {
    let status = cairo_status(context)
    guard status == CAIRO_STATUS_SUCCESS else { throw FigureError(Self.reason(status)) }
  }

  static func reason(_ status: cairo_status_t) -> String { String(cString: cairo_status_to_string(status)) }

  func record(_ string: String, _ box: Rectangle) { texts.append((string, box)) }

  func setSource(_ color: Color) {
    cairo_set_source_rgba(context, color.red, color.green, color.blue, color.alpha)
  }
}

// MARK: - Shapes

/// How a line is drawn.
public struct Stroke: Equatable, Sendable {
  public var color: Color
  /// Points.
  public var width: Double
  /// Lengths of dashes and gaps in turn; empty for an unbroken line.
  public var dash: [Double]

  public init(_ color: Color, width: Double, dash: [Double] = []) {
    self.color = color
    self.width = width
    self.dash = dash
  }
}

extension Canvas {
  /// Draws `body` with everything outside the rectangle cut off.
  public func clipped(to rectangle: Rectangle, _ body: () -> Void) {
    cairo_save(context)
    trace(rectangle)
    cairo_clip(context)
    body()
    cairo_restore(context)
  }

  public func fill(_ rectangle: Rectangle, _ color: Color, cornerRadius: Double = 0) {
    setSource(color)
    trace(rectangle, cornerRadius: cornerRadius)
    cairo_fill(context)
  }

  public func stroke(_ rectangle: Rectangle, _ stroke: Stroke, cornerRadius: Double = 0) {
    trace(rectangle, cornerRadius: cornerRadius)
    draw(stroke)
  }

  public func line(from start: Point, to end: Point, _ stroke: Stroke) {
    polyline([start, end], stroke)
  }

  /// Joined line segments; a point that is not finite interrupts the line.
  public func polyline(_ points: [Point], _ stroke: Stroke) {
    cairo_set_line_join(context, CAIRO_LINE_JOIN_ROUND)
    var penIsDown = false
    for point in points {
      guard point.x.isFinite, point.y.isFinite else {
        penIsDown = false
        continue
      }
      if penIsDown {
        cairo_line_to(context, point.x, point.y)
      } else {
        cairo_move_to(context, point.x, point.y)
      }
      penIsDown = true
    }
    draw(stroke)
    cairo_set_line_join(context, CAIRO_LINE_JOIN_MITER)
  }

  public func polygon(_ points: [Point], _ color: Color) {
    guard let first = points.first, points.allSatisfy({ $0.x.isFinite && $0.y.isFinite }) else { return }
    setSource(color)
    cairo_move_to(context, first.x, first.y)
    for point in points.dropFirst() { cairo_line_to(context, point.x, point.y) }
    cairo_close_path(context)
    cairo_fill(context)
  }

  /// A filled circle, with an outline where `outline` is given.
  public func circle(_ center: Point, radius: Double, _ color: Color, outline: Stroke? = nil) {
    guard center.x.isFinite, center.y.isFinite else { return }
    cairo_new_sub_path(context)
    cairo_arc(context, center.x, center.y, radius, 0, 2 * .pi)
    setSource(color)
    if let outline {
      cairo_fill_preserve(context)
      draw(outline)
    } else {
      cairo_fill(context)
    }
  }

  private func trace(_ rectangle: Rectangle, cornerRadius: Double = 0) {
    let radius = min(cornerRadius, rectangle.width / 2, rectangle.height / 2)
    guard radius > 0 else {
      cairo_rectangle(context, rectangle.x, rectangle.y, rectangle.width, rectangle.height)
      return
    }
    let quarter = Double.pi / 2
    cairo_new_sub_path(context)
    cairo_arc(context, rectangle.right - radius, rectangle.y + radius, radius, -quarter, 0)
    cairo_arc(context, rectangle.right - radius, rectangle.bottom - radius, radius, 0, quarter)
    cairo_arc(context, rectangle.x + radius, rectangle.bottom - radius, radius, quarter, 2 * quarter)
    cairo_arc(context, rectangle.x + radius, rectangle.y + radius, radius, 2 * quarter, 3 * quarter)
    cairo_close_path(context)
  }

  private func draw(_ stroke: Stroke) {
    setSource(stroke.color)
    cairo_set_line_width(context, stroke.width)
    cairo_set_dash(context, stroke.dash, Int32(stroke.dash.count), 0)
    cairo_stroke(context)
  }
}

// MARK: - Pixels

extension Canvas {
  /// A grid of cells, row by row from the top, each a plain rectangle without smoothing.
  public func cells(_ colors: [Color], columns: Int, in rectangle: Rectangle) {
    guard columns > 0, colors.count >= columns else { return }
    let rows = colors.count / columns
    guard let image = cairo_image_surface_create(CAIRO_FORMAT_RGB24, Int32(columns), Int32(rows)) else {
      return
    }
    defer { cairo_surface_destroy(image) }
    guard let data = cairo_image_surface_get_data(image) else { return }
    let stride = Int(cairo_image_surface_get_stride(image))
    for row in 0..<rows {
      let line = UnsafeMutableRawPointer(data + row * stride).assumingMemoryBound(to: UInt32.self)
      for column in 0..<columns {
        let (red, green, blue) = colors[row * columns + column].bytes
        line[column] = UInt32(red) << 16 | UInt32(green) << 8 | UInt32(blue)
      }
    }
    cairo_surface_mark_dirty(image)
    cairo_save(context)
    cairo_translate(context, rectangle.x, rectangle.y)
    cairo_scale(context, rectangle.width / Double(columns), rectangle.height / Double(rows))
    cairo_set_source_surface(context, image, 0, 0)
    cairo_pattern_set_filter(cairo_get_source(context), CAIRO_FILTER_NEAREST)
    cairo_rectangle(context, 0, 0, Double(columns), Double(rows))
    cairo_fill(context)
    cairo_restore(context)
  }
}
