import CCairo
import Foundation

extension Figure {
  /// The figure as SVG, its text as outlines.
  ///
  /// - Parameters:
  ///   - inline: leaves out the XML prologue, for a place inside an HTML page.
  ///   - identifiers: what every id begins with; ids must differ between figures of one page, so
  ///     by default it is made from the figure's content.
  public func svg(
    inline: Bool = false, identifiers: String? = nil, provenance: Provenance = Provenance()
  ) throws -> String {
    let bytes = try streamed(cairo_svg_surface_create_for_stream) {
      cairo_svg_surface_set_document_unit($0, CAIRO_SVG_UNIT_PT)
    }
    // Cairo's own root element differs between versions; its content does not.
    let drawing = String(decoding: bytes, as: UTF8.self)
    guard let root = drawing.range(of: "<svg"), let content = drawing[root.upperBound...].firstIndex(of: ">")
    else {
      throw FigureError("cairo wrote no SVG")
    }
    let body = SVGText.rewritten(drawing[drawing.index(after: content)...], prefix: identifiers)
    let described = provenance.entries(title: "").map { "\($0.key): \($0.value)" }.joined(separator: "\n")
    let label = title.isEmpty ? "" : " aria-label=\"\(title.xmlEscaped)\""
    let (width, height) = (Self.number(size.width), Self.number(size.height))
    return (inline ? "" : Self.prologue) + """
      <svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" \
      width="\(width)pt" height="\(height)pt" viewBox="0 0 \(width) \(height)" role="img"\(label)>
      \(title.isEmpty ? "" : "<title>\(title.xmlEscaped)</title>\n")\
      <desc>\(described.xmlEscaped)</desc>\(body)
      """
  }

  /// What stands before the figure in a file of its own.
  package static let prologue = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"

  private static func number(_ value: Double) -> String {
    let rounded = (value * 1000).rounded() / 1000
    return rounded == rounded.rounded() ? String(Int(rounded)) : String(rounded)
  }
}

extension String {
  fileprivate var xmlEscaped: String {
    var result = ""
    for scalar in unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case "\n", "\t": result.unicodeScalars.append(scalar)
      case _ where scalar.value < 32 || scalar.value == 0xFFFE || scalar.value == 0xFFFF: result += " "
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }
}
