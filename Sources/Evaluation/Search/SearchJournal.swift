import Foundation
import NeuralNetworks
import Runtime

/// What a search has measured so far, kept in a file line by line, so that an interrupted search can go on.
///
/// A search is a function of its settings and of these numbers, so one that goes on ends with the same bytes.
public final class SearchJournal: Sendable {
  /// A trial on one fold for a number of epochs.
  struct Run: Codable, Hashable {
    var trial, fold, epochs: Int
  }

  /// What came of it: metrics by name, or why it could not be trained.
  struct Outcome: Codable {
    var metrics: [String: Double]?
    var problem: String?
  }

  private struct Line: Codable {
    var run: Run
    var outcome: Outcome
  }

  private struct Header: Codable, Equatable {
    var journal = "motifkit search"
    /// All that the search is a function of.
    var settings: String
  }

  private struct State {
    var known: [Run: Outcome] = [:]
    var file: FileHandle?
  }

  public let path: String
  private let resumes: Bool
  private let state = Locked(State())

  /// - Parameters:
  ///   - path: the file, which appears when a search begins.
  ///   - resumes: whether to go on from what it holds; otherwise it starts over.
  public init(_ path: String, resumes: Bool) { (self.path, self.resumes) = (path, resumes) }

  /// Whether a search has begun to write it.
  public var isOpen: Bool { state.withLock { $0.file != nil } }

  /// Runs whose outcome is known.
  var count: Int { state.withLock { $0.known.count } }

  /// Opens the file for a search, if it is not open yet.
  ///
  /// - Throws: `InputError` if it is no journal, belongs to another search that is to go on, or cannot be read or written.
  func begin(settings: String) throws {
    guard state.withLock({ $0.file == nil }) else { return }
    let header = Header(settings: settings)
    if FileManager.default.fileExists(atPath: path) {
      let reader = try LineReader(path: path)
      let found = try Self.header(reader, path)
      if resumes {
        guard found == header else {
          throw InputError(file: path, "belongs to a search with other networks, options or data")
        }
        try read(reader, after: header)
      } else {
        try InputWarning.emit(
          file: path, "was left by an interrupted search; this one begins anew, --resume would go on",
          isRemark: true)
      }
    }
    if state.withLock({ $0.known.isEmpty }) { try AtomicFile.write(Self.line(header), to: path) }
    guard let file = FileHandle(forWritingAtPath: path) else {
      throw InputError(file: path, "cannot be written")
    }
    try state.withLock { state in
      state.file = file
      try Self.append(to: file, path) { try file.seekToEnd() }
    }
  }

  func outcome(of run: Run) -> Outcome? { state.withLock { $0.known[run] } }

  /// - Throws: `InputError` if the file cannot be written, as on a full disk.
  func add(_ outcome: Outcome, of run: Run) throws {
    let line = try Self.line(Line(run: run, outcome: outcome))
    try state.withLock { state in
      state.known[run] = outcome
      guard let file = state.file else { return }
      try Self.append(to: file, path) { try file.write(contentsOf: Data(line.utf8)) }
    }
  }

  /// Deletes the file of a search that is done.
  public func remove() { try? FileManager.default.removeItem(atPath: path) }

  private static func header(_ reader: LineReader, _ path: String) throws -> Header {
    guard let first = try reader.next(),
      let found = try? JSONDecoder().decode(Header.self, from: Data(first)),
      found.journal == Header(settings: "").journal
    else { throw InputError(file: path, "is no journal of a search") }
    return found
  }

  private func read(_ reader: LineReader, after header: Header) throws {
    let decoder = JSONDecoder()
    var known: [Run: Outcome] = [:]
    var lines = [try Self.line(header)]
    // A line that an interruption cut short is the last.
    while let bytes = try reader.next(), let line = try? decoder.decode(Line.self, from: Data(bytes)) {
      known[line.run] = line.outcome
      lines.append(try Self.line(line))
    }
    try AtomicFile.write(lines.joined(), to: path)
    state.withLock { $0.known = known }
  }

  private static func line(_ value: some Encodable) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(value), as: UTF8.self) + "\n"
  }

  private static func append<Result>(to file: FileHandle, _ path: String, _ body: () throws -> Result) throws
  {
    do { _ = try body() } catch { throw InputError(file: path, "cannot be written: \(systemMessage())") }
  }
}
