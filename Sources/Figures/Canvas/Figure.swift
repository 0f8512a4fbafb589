import CCairo
import Foundation

/// A picture that is not drawn yet: its size and how to draw it.
///
/// The same figure gives PNG, SVG and PDF, in memory or in a file, and the same bytes each time.
public struct Figure: Sendable {
  /// Points (1/72 inch).
  public let size: Size
  /// What the figure shows, for those who cannot see it: an SVG's title, a PDF's title, a PNG's description.
  public var title: String
  /// Whether a PNG may be reduced to 256 colors: right for large heat maps, whose files it makes small.
  public var hasManyCells: Bool
  private let draw: @Sendable (Canvas) -> Void

  public init(
    _ size: Size, title: String = "", hasManyCells: Bool = false, draw: @escaping @Sendable (Canvas) -> Void
  ) {
    self.size = size
    self.title = title
    self.hasManyCells = hasManyCells
    self.draw = draw
  }

  /// Draws on a surface of the figure's size, which is finished afterwards; throws what cairo reports.
  @discardableResult
  func render(on surface: OpaquePointer, background: Color?, scale: Double = 1) throws -> Canvas {
    let canvas = try Canvas(surface: surface)
    if scale != 1 { cairo_scale(canvas.context, scale, scale) }
    if let background {
      // The whole surface, whose last pixels may lie outside a figure of broken size.
      canvas.setSource(background)
      cairo_paint(canvas.context)
    }
    draw(canvas)
    try canvas.check()
    cairo_surface_flush(surface)
    return canvas
  }

  /// Where each text stands when the figure is drawn: what a layout test looks at.
  package func texts() throws -> [(string: String, box: Rectangle)] {
    let surface = cairo_recording_surface_create(CAIRO_CONTENT_COLOR_ALPHA, nil)!
    defer { cairo_surface_destroy(surface) }
    return try render(on: surface, background: nil).texts
  }

  /// Renders through a surface that streams its bytes.
  func streamed(
    _ create: (cairo_write_func_t?, UnsafeMutableRawPointer?, Double, Double) -> OpaquePointer?,
    prepare: (OpaquePointer) -> Void
  ) throws -> [UInt8] {
    guard size.width > 0, size.height > 0, size.width.isFinite, size.height.isFinite else {
      throw FigureError("a figure of \(size.width) × \(size.height) points cannot be drawn")
    }
    final class Bytes { var bytes: [UInt8] = [] }
    let sink = Bytes()
    let append: cairo_write_func_t = { closure, data, count in
      let sink = Unmanaged<Bytes>.fromOpaque(closure!).takeUnretainedValue()
      sink.bytes.append(contentsOf: UnsafeBufferPointer(start: data, count: Int(count)))
      return CAIRO_STATUS_SUCCESS
    }
    try withExtendedLifetime(sink) {
      guard let surface = create(append, Unmanaged.passUnretained(sink).toOpaque(), size.width, size.height)
      else { throw FigureError("out of memory") }
      defer { cairo_surface_destroy(surface) }
      prepare(surface)
      try render(on: surface, background: .white)
      cairo_surface_finish(surface)
      let status = cairo_surface_status(surface)
      guard status == CAIRO_STATUS_SUCCESS else { throw FigureError(Canvas.reason(status)) }
    }
    return sink.bytes
  }
}

/// Where a figure came from; it is written into the file.
public struct Provenance: Equatable, Sendable {
  /// The program's name.
  public var software: String
  public var version: String
  /// The command line that drew the figure.
  public var command: String
  public var seed: UInt64?
  /// What is shown, when the figure's own title is not enough.
  public var description: String
  /// ISO 8601. Fixed unless given, since the same figure must give the same bytes.
  public var date: String

  public init(
    software: String = "MotifKit", version: String = "", command: String = "", seed: UInt64? = nil,
    description: String = "", date: String = "2000-01-01T00:00:00Z"
  ) {
    self.software = software
    self.version = version
    self.command = command
    self.seed = seed
    self.description = description
    self.date = date
  }

  /// Keyword and text for everything that is known.
  func entries(title: String) -> [PNGPicture.Text] {
    let texts = [
      ("Title", title), ("Software", software), ("Version", version), ("Command", command),
      ("Seed", seed.map(String.init) ?? ""), ("Description", description),
    ]
    return texts.filter { !$0.1.isEmpty }.map { PNGPicture.Text($0.0, $0.1) }
  }
}
