import Foundation
import Runtime
import Sequences

/// Reads BED of 3 to 12 columns, narrowPeak and broadPeak, gzipped or not (https://genome.ucsc.edu/FAQ/FAQformat.html).
///
/// Columns are set apart by tabs, or by blanks in lines without tabs. Lines that begin with `#`, `track` or `browser` and
/// empty lines hold no interval.
struct IntervalReader {
  private let lines: LineReader
  /// The number of columns, the same in all lines.
  private(set) var columns = 0
  /// Of chromosomes, those with long names.
  private var names: [String: String] = [:]

  /// - Throws: `InputError` if the file cannot be read or is plainly of another kind.
  init(_ lines: LineReader) throws {
    self.lines = lines
    _ = try lines.peek()
    if let kind = FileKind.name(of: lines.opening) {
      throw InputError(
        file: lines.file, line: 1, "looks like \(kind); intervals are expected: BED, narrowPeak or broadPeak")
    }
  }

  /// - Throws: `InputError` naming the line and what is wrong with it.
  mutating func next() throws -> GenomicInterval? {
    while let line = try lines.next() {
      if Self.isRemark(line) { continue }
      return try interval(line)
    }
    return nil
  }

  /// Whether a line holds no interval.
  private static func isRemark(_ line: UnsafeRawBufferPointer) -> Bool {
    guard let first = line.first(where: { $0 != 32 && $0 != 9 }) else { return true }
    if first == UInt8(ascii: "#") { return true }
    guard first == UInt8(ascii: "t") || first == UInt8(ascii: "b") else { return false }
    return ["track", "browser"].contains { word in
      line.starts(with: word.utf8)
        && (line.count == word.utf8.count || [9, 32].contains(line[word.utf8.count]))
    }
  }

  private mutating func interval(_ line: UnsafeRawBufferPointer) throws -> GenomicInterval {
    var cells = Cells(line)
    guard let chromosome = cells.next(), let start = cells.next(), let end = cells.next() else {
      throw failure("expected chromosome, start and end, set apart by tabs")
    }
    let (name, scored, stranded) = (cells.next(), cells.next(), cells.next())
    for _ in 6..<9 { _ = cells.next() }
    let tenth = cells.next()
    while cells.next() != nil {}
    if columns == 0 { columns = cells.count }
    guard cells.count == columns else {
      throw failure("the line has \(cells.count) columns where the first has \(columns)")
    }
    var location = GenomicLocation(
      chromosome: "", start: try position(start, "start"), end: try position(end, "end"))
    guard location.start <= location.end else {
      throw failure("the end \(location.end) lies before the start \(location.start)")
    }
    guard !chromosome.isEmpty else { throw failure("the chromosome is missing") }
    location.chromosome = self.chromosome(chromosome)
    if let stranded {
      guard let strand = Strand(rawValue: text(stranded)) else {
        throw failure("the strand is \"\(shown(stranded))\"; expected + or - or .")
      }
      location.strand = strand
    }
    return GenomicInterval(
      location: location, name: name.flatMap { $0.elementsEqual(".".utf8) ? nil : text($0) },
      score: try scored.flatMap(score),
      summit: columns == 10 ? try tenth.flatMap { try summit($0, of: location) } : nil, line: lines.line)
  }

  private typealias Cell = UnsafeRawBufferPointer

  /// The cells of a line, one after the other, without the blanks around them.
  private struct Cells {
    /// How many were handed out.
    private(set) var count = 0
    private var rest: UnsafeRawBufferPointer?
    private let hasTabs: Bool

    init(_ line: UnsafeRawBufferPointer) {
      rest = line
      hasTabs = line.contains(9)
    }

    mutating func next() -> Cell? {
      guard var cell = rest else { return nil }
      var start = 0
      while start < cell.count, cell[start] == 32 { start += 1 }
      if !hasTabs, start == cell.count { return nil }
      var end = start
      let separator: UInt8 = hasTabs ? 9 : 32
      while end < cell.count, cell[end] != separator { end += 1 }
      rest = end < cell.count ? UnsafeRawBufferPointer(rebasing: cell[(end + 1)...]) : nil
      while end > start, cell[end - 1] == 32 { end -= 1 }
      cell = UnsafeRawBufferPointer(rebasing: cell[start..<end])
      count += 1
      return cell
    }
  }

  private func position(_ cell: Cell, _ what: String) throws -> Int {
    var value = 0
    var isNumber = !cell.isEmpty
    for byte in cell {
      let digit = Int(byte) - 48
      isNumber = isNumber && digit >= 0 && digit <= 9
      // A chromosome has fewer than 2³¹ bases, as BED's own tools require.
      if isNumber, value < 1 << 31 { value = 10 * value + digit }
    }
    guard isNumber, value < 1 << 31 else {
      throw failure("the \(what) is \"\(shown(cell))\"; expected a position, 0 or more")
    }
    return value
  }

  private func score(_ cell: Cell) throws -> Double? {
    if cell.elementsEqual(".".utf8) { return nil }
    guard let score = Double(text(cell)), score.isFinite else {
      throw failure("the score is \"\(shown(cell))\"; expected a number")
    }
    return score
  }

  private func summit(_ cell: Cell, of location: GenomicLocation) throws -> Int? {
    if cell.elementsEqual("-1".utf8) { return nil }
    let offset = try position(cell, "summit")
    guard offset <= location.count else {
      throw failure("the summit \(offset) lies outside the interval, which has \(location.count) bases")
    }
    return location.start + offset
  }

  /// One string for each chromosome, however many lines name it.
  private mutating func chromosome(_ cell: Cell) -> String {
    let name = text(cell)
    // Short ones need no memory of their own.
    if cell.count <= 15 { return name }
    if let known = names[name] { return known }
    names[name] = name
    return name
  }

  private func text(_ cell: Cell) -> String { String(decoding: cell, as: UTF8.self) }

  /// A cell for an error message, on one line and not too long.
  private func shown(_ cell: Cell) -> String {
    String(
      String(text(cell).map { $0.isNewline || $0.asciiValue.map { $0 < 32 } ?? false ? " " : $0 }).prefix(40))
  }

  private func failure(_ reason: String) -> InputError {
    InputError(file: lines.file, line: lines.line, reason)
  }
}

extension IntervalFile {
  /// All intervals of a file, or of standard input (`-`).
  ///
  /// - Throws: `InputError` naming file, line and reason.
  public static func read(path: String) throws -> IntervalFile { try read(LineReader(path: path)) }

  /// All intervals of a file that was opened.
  static func read(_ lines: LineReader) throws -> IntervalFile {
    var reader = try IntervalReader(lines)
    var intervals = [GenomicInterval](largePagesFor: lines.probableCount)
    while let interval = try reader.next() { intervals.append(interval) }
    guard !intervals.isEmpty else { throw InputError(file: lines.file, "holds no interval") }
    return IntervalFile(path: lines.file, intervals: intervals, isNarrowPeak: reader.columns == 10)
  }
}
