import Foundation
import Mustache
import Runtime

/// A part of a page: a heading, a template and what is filled into it.
package struct PageSection {
  /// The anchor.
  package let id: String
  let title: String
  /// The title in the list of contents.
  let shortTitle: String
  /// Mustache; `{{> figure}}` and `{{> table}}` place a `PageFigure` and a `PageTable`.
  package let template: String
  /// A value whose properties the template names.
  package let context: any Sendable

  /// The section's HTML without its heading.
  package func body() throws -> String {
    let library = MustacheLibrary(templates: [
      "figure": try MustacheTemplate(string: PageTemplate.figure),
      "table": try MustacheTemplate(string: PageTemplate.table),
    ])
    return try MustacheTemplate(string: template).render(context, library: library)
  }
}

/// A picture on a page with its caption and its files.
struct PageFigure: Sendable {
  /// A picture as it was drawn.
  struct Picture: Sendable {
    /// The files' name.
    let name: String
    /// An `svg` element.
    let svg: String
    /// CSS pixels.
    let width: Double
  }

  let name: String
  /// HTML.
  let caption: String
  /// The `svg` element with the widths that it may have on the page.
  let svg: String

  /// - Parameter caption: HTML.
  init(_ picture: Picture, caption: String) {
    (name, self.caption) = (picture.name, caption)
    let style =
      "style=\"max-width:\(Int(1.3 * picture.width))px;min-width:\(Int(0.72 * picture.width))px\""
    svg = "<svg \(style) " + picture.svg.dropFirst("<svg ".count)
  }
}

extension String {
  package var htmlEscaped: String {
    var result = ""
    for character in self {
      switch character {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      default: result.append(character)
      }
    }
    return result
  }
}
