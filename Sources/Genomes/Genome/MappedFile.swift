import Foundation
import Runtime
import Sequences

/// A file's bytes as memory that the system reads on demand and any number of threads may look at.
///
/// The file must not be cut short while it is in use.
final class MappedFile: @unchecked Sendable {
  let path: String
  let bytes: UnsafeRawBufferPointer

  /// - Throws: `InputError` if there is no such file, it is no regular file, or it cannot be read.
  init(path: String) throws {
    self.path = path
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw InputError(file: path, "cannot be read: \(systemMessage())") }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else {
      throw InputError(file: path, "cannot be read: \(systemMessage())")
    }
    switch status.st_mode & S_IFMT {
    case S_IFREG: break
    case S_IFDIR: throw InputError(file: path, "is a folder, not a file")
    default: throw InputError(file: path, "is no regular file; only those can be read at any place")
    }
    let count = Int(status.st_size)
    guard count > 0 else { throw InputError(file: path, "is empty") }
    guard let start = mmap(nil, count, PROT_READ, MAP_PRIVATE, descriptor, 0), start != MAP_FAILED else {
      throw InputError(file: path, "cannot be mapped to memory: \(systemMessage())")
    }
    bytes = UnsafeRawBufferPointer(start: start, count: count)
  }

  deinit { munmap(UnsafeMutableRawPointer(mutating: bytes.baseAddress!), bytes.count) }

  /// The bytes from `offset`, or `nil` if fewer follow.
  func slice(at offset: UInt64, count: UInt64) -> UnsafeRawBufferPointer? {
    let size = UInt64(bytes.count)
    guard offset <= size, count <= size - offset else { return nil }
    return UnsafeRawBufferPointer(rebasing: bytes[Int(offset)..<Int(offset + count)])
  }
}
