import Foundation
import MotifKit

/// Table (Markdown), numbers (JSON) and figure of one run.
struct ResultFiles {
  var results: Results

  func write(to folder: String) throws {
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    let table = ResultTables(results: results).markdown
    try table.write(toFile: "\(folder)/benchmark.md", atomically: true, encoding: .utf8)
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
    try encoder.encode(results).write(to: URL(fileURLWithPath: "\(folder)/benchmark.json"), options: .atomic)
    if let figure = ResultFigure(results: results).drawing?.figure() {
      try figure.write(to: "\(folder)/benchmark.svg")
      try figure.write(to: "\(folder)/benchmark.png", dpi: 200)
    }
    print(table)
  }
}
