import Foundation
import Mustache
import Runtime

/// A part of the page: a heading, a template and what is filled into it.
struct PageSection {
  let id: String
  let title: String
  /// The title in the list of contents.
  let shortTitle: String
  /// Mustache; `{{> figure}}` and `{{> table}}` place pictures and tables.
  let template: String
  let context: [String: Any]
}

/// What sections take pictures from.
struct PagePictures {
  let rendered: [String: Picture.Rendered]

  /// A picture for `{{> figure}}`; `nil` where it was not drawn.
  ///
  /// - Parameter caption: HTML.
  func callAsFunction(_ name: String, _ caption: String) -> [String: Any]? {
    guard let picture = rendered[name] else { return nil }
    let natural = picture.width
    return [
      "name": name, "caption": caption,
      "svg": picture.sized(greatest: 1.3 * natural, least: 0.72 * natural),
    ]
  }
}

extension Picture.Rendered {
  /// The `svg` element with the widths, in CSS pixels, that it may have on the page.
  fileprivate func sized(greatest: Double, least: Double) -> String {
    let style = "style=\"max-width:\(Int(greatest))px;min-width:\(Int(least))px\""
    return svg.replacingOccurrences(of: "<svg ", with: "<svg \(style) ", range: svg.range(of: "<svg "))
  }
}

/// A table as the page shows it: all of its TSV's rows, some or all of its columns.
struct PageTable {
  var table: Table
  /// Columns to show, and their headings (HTML).
  var columns: [(name: String, heading: String)]
  /// HTML that stands in a cell instead of its text.
  var html: (_ row: Int, _ column: String) -> String? = { _, _ in nil }
  /// Rows that are set back.
  var faded: Set<Int> = []
  var isSortable = false
  /// Whether it scrolls within a limited height.
  var isTall = false

  /// For `{{> table}}`.
  var context: [String: Any] {
    let indices = columns.map { column in table.columns.firstIndex(of: column.name)! }
    let numeric = indices.map { index in
      table.rows.allSatisfy { $0[index].isNumeric } && table.rows.contains { $0[index] != .missing }
    }
    let heads = columns.indices.map { index -> [String: Any] in
      ["html": columns[index].heading, "isNumeric": numeric[index]]
    }
    let rows = table.rows.enumerated().map { number, row -> [String: Any] in
      let cells = columns.indices.map { index -> [String: Any] in
        let cell = row[indices[index]]
        let html = html(number, columns[index].name)
        return [
          "html": html ?? cell.shown.htmlEscaped, "isNumeric": numeric[index], "value": cell.text,
          "isLong": cell.text.count > 60,
        ]
      }
      return ["cells": cells, "isFaded": faded.contains(number)]
    }
    return [
      "name": table.name, "heads": heads, "rows": rows, "isSortable": isSortable, "isTall": isTall,
      "data": Data(table.tsv.utf8).base64EncodedString(),
    ]
  }
}

extension Table.Cell {
  /// As people read it.
  fileprivate var shown: String {
    switch self {
    case .scientific(let value): Words.probability(value)
    case .integer(let value): Words.count(value)
    default: text
    }
  }
}

extension String {
  var htmlEscaped: String {
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
