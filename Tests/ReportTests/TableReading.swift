import Runtime
import Testing

extension Table {
  /// The rows as the file has them.
  var texts: [[String]] { rows.map { $0.map(\.text) } }

  /// One column as the file has it.
  func column(_ name: String) throws -> [String] {
    let index = try #require(columns.firstIndex(of: name), "\(name) in \(columns)")
    return texts.map { $0[index] }
  }

  /// Two columns and more, as the file has them, side by side.
  func cells(_ names: String...) throws -> [[String]] {
    let columns = try names.map(column)
    return rows.indices.map { row in columns.map { $0[row] } }
  }
}

func text(_ value: Double?, _ decimals: Int) -> String { Table.Cell(value, decimals: decimals).text }
