/// One column of a table: its name in files, its heading on a page, and what it says of a row.
public struct Column<Row> {
  /// The name in the file.
  public var name: String
  /// What stands above the column on a page, HTML.
  public var heading: String
  /// What the file says of a row.
  public var cell: (Row) -> Table.Cell
  /// HTML that a page shows instead of the cell's text; `nil` shows the text.
  public var html: ((Row) -> String?)?

  public init(_ name: String, heading: String? = nil, _ cell: @escaping (Row) -> Table.Cell) {
    self.name = name
    self.heading = heading ?? name
    self.cell = cell
  }

  /// The column as a page shows it.
  public func shown(as heading: String? = nil, html: ((Row) -> String?)? = nil) -> Column {
    var column = self
    if let heading { column.heading = heading }
    if let html { column.html = html }
    return column
  }
}

/// Rows and what a file says of each: a new column is one more element of `columns`.
public struct TypedTable<Row> {
  /// The file's name without `.tsv`.
  public let name: String
  public let rows: [Row]
  public let columns: [Column<Row>]

  public init(_ name: String, _ rows: [Row], columns: [Column<Row>]) {
    (self.name, self.rows, self.columns) = (name, rows, columns)
  }

  /// The table as text cells.
  public var table: Table {
    Table(name, columns: columns.map(\.name), rows: rows.map { row in columns.map { $0.cell(row) } })
  }
}

extension Table {
  public init<Row>(_ name: String, _ rows: [Row], columns: [Column<Row>]) {
    self = TypedTable(name, rows, columns: columns).table
  }
}
