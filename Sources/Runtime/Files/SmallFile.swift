import Foundation

/// A file that people write by hand, such as JSON, read at once.
package enum SmallFile {
  private static let limit = 1 << 24

  /// All bytes of a file or pipe.
  ///
  /// - Throws: `InputError` naming the file if it cannot be read or has more than 16 MB.
  package static func data(path: String) throws -> Data {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw InputError(file: path, "cannot be read: \(systemMessage())") }
    defer { close(descriptor) }
    var data = Data()
    var piece = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = read(descriptor, &piece, piece.count)
      if count == 0 { return data }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { throw InputError(file: path, "cannot be read: \(systemMessage())") }
      data.append(contentsOf: piece[..<count])
      guard data.count <= limit else { throw InputError(file: path, "has more than 16 MB") }
    }
  }
}
