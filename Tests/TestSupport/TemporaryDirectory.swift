import Foundation

/// A folder that is there while `body` runs.
public func withTemporaryDirectory<Result>(_ body: (String) throws -> Result) throws -> Result {
  let name = "motifkit-\(UUID().uuidString)"
  let path = FileManager.default.temporaryDirectory.appendingPathComponent(name).path
    .path
  try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(atPath: path) }
  return try body(path)
}
