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
    if FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder.boolValue {
      throw InputError(file: path, "is a folder, not a file")
    }
  }
}

/// Options that name a file or folder to write.
private let outputOptions: Set = [
  "--out", "--history", "--figure", "--figures", "--page", "--curve", "--modisco", "--save-references",
]

/// Fails before the work where a command would write over a file that it reads, or two results to one file.
///
/// Throws `InputError` naming the file.
func requireDistinctOutputs(_ arguments: [String]) throws {
  var outputs: [String] = []
  var others: [String] = []
  var option = ""
  for argument in arguments {
    var value = argument
    if argument.hasPrefix("--") {
      let parts = argument.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      option = String(parts[0])
      guard parts.count == 2 else { continue }
      value = String(parts[1])
    }
    if outputOptions.contains(option) {
      outputs.append(value)
    } else if !["--network", "--networks"].contains(option) {
      // Presets go before files of their names.
      others += [value] + value.split(separator: ",").map(String.init)
    }
    option = ""
  }
  let read = Set(others.compactMap(FileIdentity.init))
  var written: Set<FileIdentity> = []
  for path in outputs where path != "-" {
    // What is not there yet has its place.
    let identity = FileIdentity(path) ?? .place(URL(fileURLWithPath: path).standardizedFileURL.path)
    if read.contains(identity) {
      throw InputError(file: path, "is read by this command, which cannot write there; choose another file")
    }
    guard written.insert(identity).inserted else {
      throw InputError(file: path, "is named for two results; choose two files")
    }
  }
}

/// Tells whether two paths name one file.
private enum FileIdentity: Hashable {
  case node(device: UInt64, number: UInt64)
  case place(String)

  /// `nil` unless there is such a file, and not a folder or a device.
  init?(_ path: String) {
    var status = stat()
    guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
    self = .node(device: UInt64(status.st_dev), number: UInt64(status.st_ino))
  }
}
