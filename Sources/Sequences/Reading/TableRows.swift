import Foundation
import Runtime

/// The rows of a CSV or TSV: lines, or several where a quoted cell holds line breaks (RFC 4180).
struct TableRows {
  /// The longest row of several lines.
  static let limit = 1 << 16

  let separator: UInt8
  /// The lines of a row joined, while it is read.
  private var joined: [UInt8] = []

  init(separator: UInt8) { self.separator = separator }

  /// Gives the next row that is not blank to `body` with the number of its first line; `nil` at the end of the input.
  ///
  /// - Throws: `InputError` where a quote is not closed, and what `body` throws.
  mutating func next<Result>(
    from lines: LineReader, _ body: (UnsafeRawBufferPointer, _ line: Int) throws -> Result
  ) throws -> Result? {
    while let row = try lines.next() {
      if row.allSatisfy({ $0 == 32 || $0 == 9 }) { continue }
      return try take(row, from: lines, body)
    }
    return nil
  }

  /// `row` is the line read last.
  mutating func take<Result>(
    _ row: UnsafeRawBufferPointer, from lines: LineReader,
    _ body: (UnsafeRawBufferPointer, _ line: Int) throws -> Result
  ) throws -> Result {
    let line = lines.line
    guard row.baseAddress.flatMap({ memchr($0, 34, row.count) }) != nil, let problem = quoteProblem(row)
    else {
      return try body(row, line)
    }
    joined = Array(row)
    var open: TableCells.QuoteError? = problem
    while let problem = open {
      guard problem.isOpen, joined.count < Self.limit, let more = try lines.next() else {
        throw InputError(file: lines.file, line: line, problem.reason)
      }
      joined.append(10)
      joined.append(contentsOf: more)
      open = joined.withUnsafeBytes { quoteProblem($0) }
    }
    return try joined.withUnsafeBytes { try body($0, line) }
  }

  private func quoteProblem(_ row: UnsafeRawBufferPointer) -> TableCells.QuoteError? {
    var cells = TableCells(row, separator: separator)
    do {
      while try cells.next() != nil {}
      return nil
    } catch { return error }
  }
}
