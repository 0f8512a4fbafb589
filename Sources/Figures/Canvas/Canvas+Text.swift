import CCairo

/// Family, size, weight and color of text.
public struct TextStyle: Equatable, Sendable {
  /// A family that fontconfig (or the system) knows; it falls back to a similar one.
  public var family: String
  /// Points.
  public var size: Double
  public var isBold: Bool
  public var color: Color

  public init(family: String, size: Double, isBold: Bool = false, color: Color) {
    self.family = family
    self.size = size
    self.isBold = isBold
    self.color = color
  }

  public func colored(_ color: Color) -> TextStyle { with { $0.color = color } }
  public func sized(_ size: Double) -> TextStyle { with { $0.size = size } }
  public var bold: TextStyle { with { $0.isBold = true } }

  private func with(_ change: (inout TextStyle) -> Void) -> TextStyle {
    var copy = self
    change(&copy)
    return copy
  }

  /// From one baseline to the next.
  public var lineHeight: Double { 1.25 * size }
  /// Height of a capital letter, by which text is centred.
  var capHeight: Double { 0.72 * size }

  /// The advance of one line of text in points.
  public func width(of string: String) -> Double {
    guard let surface = cairo_recording_surface_create(CAIRO_CONTENT_ALPHA, nil) else { return 0 }
    defer { cairo_surface_destroy(surface) }
    guard let canvas = try? Canvas(surface: surface) else { return 0 }
    return canvas.width(of: TextStyle.printable(string), self)
  }

  /// The string, or as much of it as fits with an ellipsis.
  public func fitted(_ string: String, to width: Double) -> String {
    guard self.width(of: string) > width else { return string }
    let characters = Array(string)
    var (low, high) = (0, characters.count)
    while low < high {
      let middle = (low + high + 1) / 2
      if self.width(of: String(characters[..<middle]) + "…") <= width {
        low = middle
      } else {
        high = middle - 1
      }
    }
    var kept = String(characters[..<low])
    while kept.last == " " { kept.removeLast() }
    return low > 0 ? kept + "…" : ""
  }

  /// Text for one line: no control characters.
  static func printable(_ string: String) -> String {
    String(
      String.UnicodeScalarView(string.unicodeScalars.map { $0.value < 32 || $0.value == 127 ? " " : $0 }))
  }
}

/// Which part of a text stands at the point it is drawn at.
public enum TextAnchor: Sendable {
  public enum Horizontal: Sendable { case left, center, right }
  public enum Vertical: Sendable { case baseline, top, middle, bottom }
}

extension Canvas {
  /// One line of text. `upwards` turns it by a quarter so that it reads from bottom to top; `horizontal` then runs
  /// along the text, with `.left` its beginning.
  public func text(
    _ string: String, at point: Point, _ style: TextStyle, _ horizontal: TextAnchor.Horizontal = .left,
    _ vertical: TextAnchor.Vertical = .baseline, upwards: Bool = false
  ) {
    let string = TextStyle.printable(string)
    guard !string.isEmpty, style.size > 0, point.x.isFinite, point.y.isFinite else { return }
    let width = self.width(of: string, style)
    let along =
      switch horizontal {
      case .left: 0.0
      case .center: -width / 2
      case .right: -width
      }
    let down =
      switch vertical {
      case .baseline: 0.0
      case .top: style.capHeight
      case .middle: style.capHeight / 2
      case .bottom: -0.22 * style.size
      }
    cairo_save(context)
    cairo_translate(context, point.x, point.y)
    if upwards { cairo_rotate(context, -.pi / 2) }
    cairo_move_to(context, along, down)
    setSource(style.color)
    cairo_show_text(context, string)
    cairo_restore(context)
    cairo_new_path(context)

    let box = Rectangle(
      x: along, y: down - style.capHeight, width: width, height: style.capHeight + 0.2 * style.size)
    let placed =
      upwards
      ? Rectangle(x: point.x + box.y, y: point.y - box.right, width: box.height, height: box.width)
      : Rectangle(x: point.x + box.x, y: point.y + box.y, width: box.width, height: box.height)
    record(string, placed)
  }

  /// The letter of a nucleotide (A C G T = 0…3), stretched so that its ink fills the rectangle exactly.
  public func nucleotide(_ base: Int, in rectangle: Rectangle, _ color: Color) {
    guard rectangle.width > 0, rectangle.height > 0 else { return }
    func place(_ point: Point) -> (Double, Double) {
      (rectangle.x + point.x * rectangle.width, rectangle.y + point.y * rectangle.height)
    }
    for segment in LetterOutline.nucleotides[base] {
      switch segment {
      case .move(let point):
        let (x, y) = place(point)
        cairo_move_to(context, x, y)
      case .line(let point):
        let (x, y) = place(point)
        cairo_line_to(context, x, y)
      case .curve(let first, let second, let end):
        let ((x1, y1), (x2, y2), (x3, y3)) = (place(first), place(second), place(end))
        cairo_curve_to(context, x1, y1, x2, y2, x3, y3)
      case .close: cairo_close_path(context)
      }
    }
    setSource(color)
    cairo_fill(context)
  }

  fileprivate func width(of string: String, _ style: TextStyle) -> Double {
    select(style)
    var extents = cairo_text_extents_t()
    cairo_text_extents(context, string, &extents)
    return extents.x_advance
  }

  private func select(_ style: TextStyle) {
    cairo_select_font_face(
      context, style.family, CAIRO_FONT_SLANT_NORMAL,
      style.isBold ? CAIRO_FONT_WEIGHT_BOLD : CAIRO_FONT_WEIGHT_NORMAL)
    cairo_set_font_size(context, style.size)
  }
}
