import Foundation
import MotifKit
import Runtime

/// Fails before the work rather than after it where an output file cannot be written.
///
/// Throws `InputError` naming the file.
func requireWritable(_ paths: String?...) throws {
  for case let path? in paths {
    let parent = path.folder
    let folder = parent.isEmpty ? "." : parent
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: folder, isDirectory: &isFolder) else {
      throw InputError(file: path, "cannot be written: there is no folder \(folder)")
    }
    guard isFolder.boolValue else {
      throw InputError(file: path, "cannot be written: \(folder) is no folder")
    }
    guard access(folder, W_OK | X_OK) == 0 || FileManager.default.isWritableFile(atPath: path) else {
      throw InputError(file: path, "cannot be written: no permission for the folder \(folder)")
    }
  }
}
