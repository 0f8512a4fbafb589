import Foundation

extension AtomicFile {
  /// Lets a library that opens files itself write one that appears whole or not at all.
  ///
  /// - Parameter body: writes to the file whose name it gets, which is there and empty, in the same folder.
  /// - Throws: `InputError` naming the file if it cannot be put in its place; whatever `body` throws.
  package static func replace(path: String, _ body: (_ temporary: String) throws -> Void) throws {
    let temporary = TemporaryPaths.name(in: path.folder)
    TemporaryPaths.add(temporary)
    defer { TemporaryPaths.remove(temporary) }
    let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw InputError(file: path, "cannot be written: \(systemMessage())") }
    close(descriptor)
    do {
      try body(temporary)
      guard rename(temporary, path) == 0 else {
        throw InputError(file: path, "cannot be written: \(systemMessage())")
      }
    } catch {
      unlink(temporary)
      throw error
    }
  }
}
