import Foundation
import Runtime

/// A table as a page shows it, and the whole of its file to take along.
struct PageTable: Sendable {
  struct Head: Sendable {
    let html: String
    let isNumeric: Bool
  }

  struct Cell: Sendable {
    let html: String
    let isNumeric: Bool
    /// What sorting compares.
    let value: String
    let isLong: Bool
  }

  struct Row: Sendable {
    let cells: [Cell]
    /// Whether the row is set back.
    let isFaded: Bool
  }

  let name: String
  let heads: [Head]
  let rows: [Row]
  let isSortable: Bool
  /// Whether it scrolls within a limited height until all rows are asked for.
  let isTall: Bool
  /// Rows that the limited height shows.
  private static let shortRows = 12
  let count: Int
  /// The file, in base 64.
  let data: String

  /// - Parameters:
  ///   - shown: the columns on the page: some of the table's, or others of the same rows.
  ///   - rows: those on the page; `nil` shows all of the file's.
  ///   - isFaded: whether a row is set back.
  init<Element>(
    _ table: TypedTable<Element>, shown columns: [Column<Element>], rows: [Element]? = nil,
    isSortable: Bool = false, isTall: Bool = false, isFaded: (Element) -> Bool = { _ in false }
  ) {
    let rows = rows ?? table.rows
    // A column without a word in it, such as the names of a collection that has none, stays in the file.
    let columns = columns.filter { column in
      column.html != nil || rows.isEmpty || rows.contains { !column.cell($0).text.isEmpty }
    }
    let cells = rows.map { row in columns.map { $0.cell(row) } }
    let numeric = columns.indices.map { column in
      cells.allSatisfy { $0[column].isNumeric } && cells.contains { $0[column] != .missing }
    }
    name = table.name
    heads = zip(columns, numeric).map { Head(html: $0.heading, isNumeric: $1) }
    self.rows = zip(rows, cells).map { row, cells in
      Row(
        cells: columns.indices.map { index in
          let cell = cells[index]
          return Cell(
            html: columns[index].html?(row) ?? cell.shown.htmlEscaped, isNumeric: numeric[index],
            value: cell.sortKey, isLong: cell.text.count > 60)
        }, isFaded: isFaded(row))
    }
    self.isSortable = isSortable
    self.isTall = isTall && rows.count > Self.shortRows
    count = rows.count
    data = Data(table.table.tsv.utf8).base64EncodedString()
  }
}

extension Table.Cell {
  /// As people read it.
  fileprivate var shown: String {
    switch self {
    case .scientific(let value): Words.probability(value)
    case .probability(let log10): Words.probability(log10: log10)
    case .integer(let value): Words.count(value)
    default: text
    }
  }

  /// What sorting compares: logarithms of what a number cannot hold.
  fileprivate var sortKey: String {
    if case .probability(let log10) = self { String(max(log10, -1e9)) } else { text }
  }
}
