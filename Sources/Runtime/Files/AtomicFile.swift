import Foundation

/// A file that appears whole or not at all: written under a temporary name in the same folder, then renamed.
///
/// A failure removes the temporary file and leaves what stood under the name before. Where the name belongs
/// to something that is no regular file (`/dev/stdout`, a named pipe), there is nothing to rename and the
/// bytes go straight to it.
public final class AtomicFile {
  /// The file as the user named it.
  public let path: String
  private let descriptor: Int32
  private var buffer: [UInt8] = []
  private static let bufferSize = 1 << 16

  private init(path: String, descriptor: Int32) {
    self.path = path
    self.descriptor = descriptor
    buffer.reserveCapacity(Self.bufferSize)
  }

  /// Writes a file by what `body` hands to `write`.
  ///
  /// - Throws: `InputError` naming the file if the folder is missing or refuses, if the disk is full, or if any
  ///   write fails; whatever `body` throws.
  public static func write<Result>(
    path: String, _ body: (AtomicFile) throws -> Result
  ) throws -> Result {
    guard path != "-" else { throw InputError("- names no file to write to") }
    var status = stat()
    let exists = stat(path, &status) == 0
    if exists, status.st_mode & S_IFMT == S_IFDIR { throw InputError(file: path, "is a folder, not a file") }
    if exists, status.st_mode & S_IFMT != S_IFREG { return try writeThrough(path, body) }
    // A link keeps pointing where it did: what it points to is replaced.
    let target = exists ? try resolved(path) : path
    let temporary = TemporaryPaths.name(in: target.folder)
    let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw cannotWrite(path) }
    TemporaryPaths.add(temporary)
    defer { TemporaryPaths.remove(temporary) }
    var open = true
    do {
      if exists { fchmod(descriptor, status.st_mode & 0o777) }
      let file = AtomicFile(path: path, descriptor: descriptor)
      let result = try body(file)
      try file.flush()
      open = false
      guard close(descriptor) == 0, rename(temporary, target) == 0 else { throw cannotWrite(path) }
      return result
    } catch {
      if open { close(descriptor) }
      unlink(temporary)
      throw error
    }
  }

  /// Writes a file that holds `bytes`.
  public static func write(_ bytes: [UInt8], to path: String) throws {
    try write(path: path) { try $0.write(bytes) }
  }

  /// Writes a file that holds `text` as UTF-8.
  public static func write(_ text: String, to path: String) throws {
    try write(path: path) { try $0.write(text) }
  }

  public func write(_ text: String) throws {
    buffer.append(contentsOf: text.utf8)
    if buffer.count >= Self.bufferSize { try flush() }
  }

  public func write(_ bytes: [UInt8]) throws {
    try bytes.withUnsafeBytes { try write($0) }
  }

  public func write(_ bytes: UnsafeRawBufferPointer) throws {
    if buffer.count + bytes.count >= Self.bufferSize { try flush() }
    if bytes.count >= Self.bufferSize { try send(bytes) } else { buffer.append(contentsOf: bytes) }
  }

  private func flush() throws {
    try buffer.withUnsafeBytes { try send($0) }
    buffer.removeAll(keepingCapacity: true)
  }

  private func send(_ bytes: UnsafeRawBufferPointer) throws {
    var rest = bytes
    while let start = rest.baseAddress, !rest.isEmpty {
      #if canImport(Glibc)
        let sent = Glibc.write(descriptor, start, rest.count)
      #else
        let sent = Foundation.write(descriptor, start, rest.count)
      #endif
      if sent < 0 {
        if errno == EINTR { continue }
        throw Self.cannotWrite(path)
      }
      rest = UnsafeRawBufferPointer(rebasing: rest[sent...])
    }
  }

  private static func writeThrough<Result>(_ path: String, _ body: (AtomicFile) throws -> Result) throws
    -> Result
  {
    let descriptor = open(path, O_WRONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw cannotWrite(path) }
    defer { close(descriptor) }
    let file = AtomicFile(path: path, descriptor: descriptor)
    let result = try body(file)
    try file.flush()
    return result
  }

  private static func resolved(_ path: String) throws -> String {
    guard let real = realpath(path, nil) else { throw cannotWrite(path) }
    defer { free(real) }
    return String(cString: real)
  }

  private static func cannotWrite(_ path: String) -> InputError {
    InputError(file: path, "cannot be written: \(systemMessage())")
  }
}
