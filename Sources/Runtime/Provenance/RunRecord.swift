import Foundation

/// `run.json`: what was run, on what, and how long it took. The only file of a study that differs between two runs
/// of the same command.
public struct RunRecord: Codable, Equatable, Sendable {
  public struct Input: Codable, Equatable, Sendable {
    public var path: String
    public var bytes: Int
    /// Of the file as it is, compressed or not; absent for standard input and other pipes, which can be read only once.
    public var sha256: String?

    /// - Parameter isStopped: asked between megabytes whether nobody wants the digest any more.
    /// - Throws: `InputError` if the file cannot be read; `CancellationError` when stopped.
    public init(path: String, isStopped: () -> Bool = { false }) throws {
      self.path = path
      var status = stat()
      let isThere = stat(path, &status) == 0
      let isPipe = path == "-" || isThere && ![S_IFREG, S_IFDIR].contains(status.st_mode & S_IFMT)
      bytes = isThere && !isPipe ? Int(status.st_size) : 0
      sha256 = isPipe ? nil : try SHA256.digest(ofFile: path, isStopped: isStopped)
    }
  }

  public struct Stage: Codable, Equatable, Sendable {
    public var name: String
    public var seconds: Double

    public init(name: String, seconds: Double) { (self.name, self.seconds) = (name, seconds) }
  }

  public var program = "motifkit"
  public var version = Release.version
  /// The command line as it was typed.
  public var command: [String]
  public var seed: UInt64
  public var threads: Int
  public var inputs: [Input]
  /// The files that the run wrote, by their paths in the folder: what the next run there may replace.
  public var outputs: [String]
  /// ISO 8601, in universal time.
  public var started: String
  public var stages: [Stage]
  public var seconds: Double
  /// The largest amount of memory that was in use at once.
  public var peakMemoryBytes: Int

  /// The file's text: keys in alphabetical order.
  public var json: String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    do {
      return String(decoding: try encoder.encode(self), as: UTF8.self) + "\n"
    } catch { preconditionFailure("plain numbers and texts: \(error)") }
  }

  package static var peakMemory: Int {
    var usage = rusage()
    #if os(Linux)
      getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
      return usage.ru_maxrss * 1024
    #else
      getrusage(RUSAGE_SELF, &usage)
      return usage.ru_maxrss
    #endif
  }
}

/// Measures the stages of a run.
package final class StageClock {
  private let clock = ContinuousClock()
  private let started: (date: Date, instant: ContinuousClock.Instant)
  package private(set) var stages: [RunRecord.Stage] = []

  package init() { started = (Date(), clock.now) }

  /// Runs `body` and notes its time under `name`; stages of the same name add up.
  package func measure<Result>(_ name: String, _ body: () throws -> Result) rethrows -> Result {
    let start = clock.now
    defer {
      let seconds = start.duration(to: clock.now) / .seconds(1)
      if let index = stages.firstIndex(where: { $0.name == name }) {
        stages[index].seconds += seconds
      } else {
        stages.append(RunRecord.Stage(name: name, seconds: seconds))
      }
    }
    return try body()
  }

  package var seconds: Double { started.instant.duration(to: clock.now) / .seconds(1) }
  package var startedText: String { ISO8601DateFormatter().string(from: started.date) }
}
