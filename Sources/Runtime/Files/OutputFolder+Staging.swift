import Foundation

extension OutputFolder {
  /// Fills a folder whole or not at all: `body` writes into a temporary folder inside it, whose entries then take
  /// their places. Entries of other names stay.
  ///
  /// A failure removes what was written, and the folder itself where it was not there before.
  /// - Throws: `InputError` naming the folder if it cannot be made or written; whatever `body` throws.
  public static func write<Result>(_ path: String, _ body: (_ stage: String) throws -> Result) throws
    -> Result
  {
    let files = FileManager.default
    let made = topmostMissing(path)
    if let made { TemporaryPaths.add(made) }
    defer { if let made { TemporaryPaths.remove(made) } }
    do {
      try create(path)
      let stage = TemporaryPaths.name(in: path)
      TemporaryPaths.add(stage)
      defer { TemporaryPaths.remove(stage) }
      try create(stage)
      do {
        let result = try body(stage)
        for entry in try files.contentsOfDirectory(atPath: stage).sorted() {
          try move("\(stage)/\(entry)", to: "\(path)/\(entry)")
        }
        rmdir(stage)
        return result
      } catch let error as InputError {
        try? files.removeItem(atPath: stage)
        // The user knows nothing of the temporary folder.
        throw InputError(
          file: error.file?.replacingOccurrences(of: stage, with: path), line: error.line, error.reason)
      } catch {
        try? files.removeItem(atPath: stage)
        throw error
      }
    } catch {
      if let made { try? files.removeItem(atPath: made) }
      throw error
    }
  }

  /// Puts a file or a folder in the place of another.
  private static func move(_ source: String, to target: String) throws {
    if rename(source, target) == 0 { return }
    // A folder does not take the place of one that holds something, nor of a file.
    do {
      try FileManager.default.removeItem(atPath: target)
    } catch { throw InputError(file: target, "cannot be replaced") }
    guard rename(source, target) == 0 else {
      throw InputError(file: target, "cannot be written: \(systemMessage())")
    }
  }

  /// The first folder of the path that is not there yet.
  private static func topmostMissing(_ path: String) -> String? {
    var missing: String?
    var folder = path
    while !folder.isEmpty, !FileManager.default.fileExists(atPath: folder) {
      missing = folder
      folder = folder.folder
    }
    return missing
  }
}
