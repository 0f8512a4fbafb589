import Foundation

/// Folders that results are written to.
public enum OutputFolder {
  /// Makes sure that `path` is a folder that files can be written to, creating it and those above it.
  ///
  /// - Throws: `InputError` naming the folder if something else stands there or it cannot be written.
  public static func create(_ path: String) throws {
    guard path != "-" else { throw InputError("- names no folder to write to") }
    try makeFolder(path)
    if access(path, W_OK | X_OK) != 0 {
      throw InputError(file: path, "cannot be written: \(systemMessage())")
    }
  }

  private static func makeFolder(_ path: String) throws {
    var status = stat()
    if stat(path, &status) == 0 {
      if status.st_mode & S_IFMT != S_IFDIR { throw InputError(file: path, "is a file, not a folder") }
      return
    }
    let parent = path.folder
    if !parent.isEmpty, parent != path { try makeFolder(parent) }
    if mkdir(path, 0o777) != 0 {
      let reason = errno
      // Another process may have made it meanwhile.
      guard reason == EEXIST else {
        throw InputError(file: path, "cannot be created: \(systemMessage(reason))")
      }
      guard stat(path, &status) == 0 else { throw InputError(file: path, "is a link to nothing") }
    }
  }
}
