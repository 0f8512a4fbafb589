import Foundation
import Runtime

/// Numbers set aside, in order, in a file that has no name and goes with the process, so that memory does not grow with them.
final class SpooledFloats {
  private var file: UnsafeMutablePointer<FILE>?
  private var count = 0

  deinit { if let file { fclose(file) } }

  /// - Throws: `InputError` if the folder for temporary files refuses or is full.
  func append(_ values: [Float]) throws {
    guard !values.isEmpty else { return }
    if file == nil { file = tmpfile() }
    guard let file, fwrite(values, MemoryLayout<Float>.stride, values.count, file) == values.count,
      fflush(file) == 0
    else { throw InputError("a temporary file cannot be written: \(systemMessage())") }
    count += values.count
  }

  /// Hands all out again, a piece at a time.
  ///
  /// - Throws: `InputError` if they cannot be read, and what `body` throws.
  func forEachPart(_ body: (UnsafeRawBufferPointer) throws -> Void) throws {
    guard let file else { return }
    rewind(file)
    var part = [Float](repeating: 0, count: min(count, 1 << 18))
    var left = count
    while left > 0 {
      let wanted = min(left, part.count)
      guard fread(&part, MemoryLayout<Float>.stride, wanted, file) == wanted else {
        throw InputError("a temporary file cannot be read: \(systemMessage())")
      }
      try part[..<wanted].withUnsafeBytes(body)
      left -= wanted
    }
  }
}
