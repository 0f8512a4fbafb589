extension Table {
  /// For a terminal: columns aligned, two spaces apart, numbers to the right; empty columns of some rows are left out.
  public var text: String {
    let shown = columns.indices.filter { column in
      rows.isEmpty || rows.contains { !$0[column].text.isEmpty }
    }
    let lines = [shown.map { columns[$0] }] + rows.map { row in shown.map { row[$0].text } }
    let widths = shown.indices.map { column in lines.map { $0[column].count }.max() ?? 0 }
    let isNumeric = shown.map { column in rows.allSatisfy { $0[column].isNumeric } }
    return lines.map { line in
      var text = ""
      for (column, cell) in line.enumerated() {
        let gap = String(repeating: " ", count: widths[column] - cell.count)
        text += (column > 0 ? "  " : "") + (isNumeric[column] ? gap + cell : cell + gap)
      }
      while text.last == " " { text.removeLast() }
      return text + "\n"
    }.joined()
  }
}
