import Foundation

extension OutputFolder {
  /// Fills a folder whole or not at all: `body` writes into a temporary folder inside it, whose entries then take
  /// their places. Files of other names stay.
  ///
  /// - Parameter replacing: the files, by their paths in the folder, that may be replaced; those that are not written
  ///   again go. `nil` replaces files of the same names, and never a folder.
  ///
  /// A failure removes what was written, and the folder itself where it was not there before.
  /// - Throws: `InputError` naming the folder if it cannot be made or written; whatever `body` throws.
  public static func write<Result>(
    _ path: String, replacing old: Set<String>? = nil, _ body: (_ stage: String) throws -> Result
  ) throws -> Result {
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
        try move(stage, to: path, replacing: old)
        try? files.removeItem(atPath: stage)
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

  /// The files in a folder and in those below it, by their paths from there, in alphabetical order.
  static func files(in folder: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder).sorted().flatMap { entry -> [String] in
      var isFolder: ObjCBool = false
      _ = FileManager.default.fileExists(atPath: "\(folder)/\(entry)", isDirectory: &isFolder)
      return isFolder.boolValue ? try files(in: "\(folder)/\(entry)").map { "\(entry)/\($0)" } : [entry]
    }
  }

  /// Moves all files of a folder into another, once it is sure that none is in the way.
  private static func move(_ stage: String, to path: String, replacing old: Set<String>?) throws {
    let new = try files(in: stage)
    for file in new {
      var isFolder: ObjCBool = false
      guard FileManager.default.fileExists(atPath: "\(path)/\(file)", isDirectory: &isFolder) else {
        continue
      }
      if isFolder.boolValue { throw InputError(file: "\(path)/\(file)", "is a folder, not a file") }
      if let old, !old.contains(file) {
        throw InputError(file: "\(path)/\(file)", "is in the way: no run recorded it")
      }
    }
    for folder in Set(new.map(\.folder)).sorted() where !folder.isEmpty { try create("\(path)/\(folder)") }
    for file in (old ?? []).subtracting(new) where isInside(file) {
      unlink("\(path)/\(file)")
      // A folder that holds something else stays.
      var folder = file.folder
      while !folder.isEmpty, rmdir("\(path)/\(folder)") == 0 { folder = folder.folder }
    }
    for file in new where rename("\(stage)/\(file)", "\(path)/\(file)") != 0 {
      throw InputError(file: "\(path)/\(file)", "cannot be written: \(systemMessage())")
    }
  }

  /// Whether a path from the folder stays in it, whatever a stranger wrote into `run.json`.
  private static func isInside(_ file: String) -> Bool {
    !file.hasPrefix("/") && !file.split(separator: "/").contains("..")
  }

  /// The first folder of the path that is not there yet.
  private static func topmostMissing(_ path: String) -> String? {
    var missing: String?
    var folder = path
    // With a slash behind it, a link is what it leads to.
    while folder.count > 1, folder.last == "/" { folder.removeLast() }
    // A link to nothing is the user's, and is there.
    var status = stat()
    while !folder.isEmpty, lstat(folder, &status) != 0 {
      missing = folder
      folder = folder.folder
    }
    return missing
  }
}
