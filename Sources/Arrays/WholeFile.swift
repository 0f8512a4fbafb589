import Foundation
import Runtime

/// A file read at once.
public enum WholeFile {
  /// The bytes of a file.
  ///
  /// - Throws: `InputError` that names the file: not there, a folder, more than `limit` bytes, not readable.
  public static func bytes(_ path: String, limit: Int = 4 << 30) throws -> [UInt8] {
    func fail(_ reason: String) -> InputError { InputError(file: path, reason) }
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
      throw fail("no such file")
    }
    guard !isFolder.boolValue else { throw fail("is a folder, not a file") }
    let size = (try? FileManager.default.attributesOfItem(atPath: path)[.size] as? Int) ?? 0
    guard size <= limit else { throw fail("has \(size) bytes; at most \(limit) are read") }
    // Straight into the array: a copy of a large file takes as long as reading it.
    if size > 0, let file = fopen(path, "rb") {
      defer { fclose(file) }
      let bytes = [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
        count = fread(buffer.baseAddress, 1, size, file)
      }
      if bytes.count == size, fgetc(file) == EOF, ferror(file) == 0 { return bytes }
    }
    guard let data = FileManager.default.contents(atPath: path) else { throw fail("cannot be read") }
    return Array(data)
  }

  /// The first `count` bytes of a file, fewer if it has fewer.
  ///
  /// - Throws: `InputError` as `bytes`.
  public static func prefix(_ path: String, _ count: Int) throws -> [UInt8] {
    guard FileManager.default.fileExists(atPath: path) else { throw InputError(file: path, "no such file") }
    do {
      guard let file = FileHandle(forReadingAtPath: path) else { throw CocoaError(.fileReadNoPermission) }
      // An empty file has nothing to read.
      return try file.read(upToCount: count).map { Array($0) } ?? []
    } catch {
      throw InputError(file: path, "cannot be read")
    }
  }
}
