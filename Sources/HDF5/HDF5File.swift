import Arrays
private import CHDF5Shim
import Foundation
import Runtime

/// Reads HDF5 files with libhdf5, in a process of its own.
///
/// The library crashes on damaged files, and files come from strangers. A child process with limits on memory and time
/// reads and sends what it finds; a crash there is an `InputError` here. Layouts: compact, contiguous and chunked;
/// filters: deflate, shuffle and Fletcher's checksum; whole numbers, floating-point numbers and strings. Links to
/// other files are never followed and no plug-in is ever loaded.
public enum HDF5File {
  /// The first eight bytes of every HDF5 file.
  public static let signature: [UInt8] = [0x89, 0x48, 0x44, 0x46, 0x0D, 0x0A, 0x1A, 0x0A]

  /// The tree of a file. Datasets come with their values as long as they are no more than `limit` bytes in all; the
  /// others are read when they are asked for.
  ///
  /// - Throws: `InputError` that names the file: not there, not HDF5, damaged, too large.
  public static func read(path: String, limit: Int = 1 << 28) throws -> HDF5Group {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
      throw InputError(file: path, "no such file")
    }
    guard !isFolder.boolValue else { throw InputError(file: path, "is a folder, not an HDF5 file") }
    return try HDF5Source(file: path, bytes: nil).tree(limit: limit)
  }

  /// The tree of a file whose bytes are at hand; `file` is its name in messages.
  ///
  /// - Throws: `InputError` as the other.
  public static func read(_ bytes: [UInt8], file: String, limit: Int = 1 << 28) throws -> HDF5Group {
    try HDF5Source(file: file, bytes: bytes).tree(limit: limit)
  }
}

/// Where datasets lie: a file or its bytes.
struct HDF5Source: Sendable {
  let file: String
  let bytes: [UInt8]?

  func tree(limit: Int) throws -> HDF5Group {
    // Attributes and names come on top of the datasets.
    let request = chdf5_request(
      path: nil, bytes: nil, count: 0, dataset: nil, first: 0, rows: 0, inline_limit: UInt64(limit),
      message_limit: UInt64(limit) + 1 << 26)
    return try send(request, dataset: nil) { message in try message.root(self) }
  }

  func rows(_ range: Range<Int>, of path: String, limit: Int) throws -> TypedArray {
    guard range.lowerBound >= 0 else { throw InputError(file: file, "dataset \(path) has no rows \(range)") }
    let request = chdf5_request(
      path: nil, bytes: nil, count: 0, dataset: nil, first: UInt64(range.lowerBound),
      rows: UInt64(range.count),
      inline_limit: UInt64(limit), message_limit: UInt64(limit) + 1 << 16)
    return try send(request, dataset: path) { message in try message.dataset() }
  }

  private func send<Result>(
    _ request: chdf5_request, dataset: String?, _ body: (inout HDF5Message) throws -> Result
  ) throws -> Result {
    try HDF5Library.load()
    var request = request
    var message: UnsafeMutablePointer<UInt8>?
    var count = 0
    var reason = [CChar](repeating: 0, count: 256)
    func send(path: UnsafePointer<CChar>?, bytes: UnsafeBufferPointer<UInt8>, dataset: UnsafePointer<CChar>?)
      -> Bool
    {
      request.path = path
      request.bytes = bytes.baseAddress
      request.count = bytes.count
      request.dataset = dataset
      return chdf5_read(&request, &message, &count, &reason, reason.count) == 0
    }
    let isRead = withText(dataset) { dataset in
      if let bytes {
        bytes.withUnsafeBufferPointer { send(path: nil, bytes: $0, dataset: dataset) }
      } else {
        withText(file) { send(path: $0, bytes: UnsafeBufferPointer(start: nil, count: 0), dataset: dataset) }
      }
    }
    let place = dataset.map { "dataset \($0) " } ?? ""
    guard isRead, let message else {
      let text = String(decoding: reason.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
      throw InputError(file: file, place + text)
    }
    defer { chdf5_free(message) }
    var reader = HDF5Message(UnsafeRawBufferPointer(start: message, count: count))
    do {
      return try body(&reader)
    } catch let failure as HDF5Message.Failure {
      throw InputError(file: file, place + failure.reason)
    }
  }

  private func withText<Result>(_ text: String?, _ body: (UnsafePointer<CChar>?) -> Result) -> Result {
    if let text { text.withCString(body) } else { body(nil) }
  }
}
