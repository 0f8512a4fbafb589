import Foundation
import MotifKit
import Runtime

/// A reader, files that it takes, and what is done with what it made of a damaged one.
struct Subject: Sendable {
  let name: String
  /// Files to damage.
  let seeds: @Sendable () throws -> [[UInt8]]
  /// Hands a file to the reader. What it throws must be an `InputError`.
  let take: @Sendable (_ path: String) throws -> Void
  /// Reasons that need no line.
  let isOfWholeFile: @Sendable (_ reason: String) -> Bool

  init(
    _ name: String, seeds: @escaping @Sendable () throws -> [[UInt8]],
    isOfWholeFile: @escaping @Sendable (String) -> Bool = { _ in true },
    take: @escaping @Sendable (String) throws -> Void
  ) {
    self.name = name
    self.seeds = seeds
    self.take = take
    self.isOfWholeFile = isOfWholeFile
  }

  static let all = motifFiles + sequenceFiles + networkFiles + strangersFiles + genomeFiles + resultFiles
}

extension Subject {
  /// What `write` writes to a file.
  static func bytes(_ write: (_ path: String) throws -> Void) throws -> [UInt8] {
    let path = NSTemporaryDirectory() + "fuzz-seed-\(getpid())"
    defer { unlink(path) }
    try write(path)
    return Array(try Data(contentsOf: URL(fileURLWithPath: path)))
  }
}
