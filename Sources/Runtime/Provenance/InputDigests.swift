import Foundation

/// The files that a run reads, hashed from the moment that it begins.
///
/// Files of up to `immediate` bytes in all are hashed at once. Larger ones, a genome say, take seconds or minutes: they are
/// hashed beside the work, so that a file that cannot be used is refused before its last byte is read.
package final class InputDigests: Sendable {
  /// What takes a tenth of a second.
  static let immediate = 64 << 20

  private let result = Locked<Result<[RunRecord.Input], any Error>?>(nil)
  private let isStopped = Locked(false)
  private let isDone = DispatchSemaphore(value: 0)

  /// - Throws: `InputError` if a file is not there or may not be read.
  package init(_ paths: [String], immediate: Int = InputDigests.immediate) throws {
    var bytes = 0
    for path in paths where path != "-" {
      guard access(path, R_OK) == 0 else {
        throw InputError(file: path, "cannot be read: \(systemMessage())")
      }
      var status = stat()
      if stat(path, &status) == 0 { bytes += Int(status.st_size) }
    }
    guard bytes > immediate else {
      let inputs = try Parallel.tryMap(paths.count) { try RunRecord.Input(path: paths[$0]) }
      result.withLock { $0 = .success(inputs) }
      isDone.signal()
      return
    }
    Thread.detachNewThread { [result, isStopped, isDone] in
      let inputs = Result {
        try paths.map { try RunRecord.Input(path: $0) { isStopped.withLock { $0 } } }
      }
      result.withLock { $0 = inputs }
      isDone.signal()
    }
  }

  /// The files and their digests, once all are known.
  ///
  /// - Throws: `InputError` if a file cannot be read.
  package func values() throws -> [RunRecord.Input] {
    isDone.wait()
    defer { isDone.signal() }
    return try result.withLock { $0! }.get()
  }

  /// Nobody will ask for the values.
  package func stop() { isStopped.withLock { $0 = true } }
}
