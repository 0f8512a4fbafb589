internal import CKernels
import Foundation

/// The compute kernels of one instruction set.
public struct Kernels: @unchecked Sendable {
  let table: UnsafePointer<ck_network_kernels>

  /// The kernels this machine can run, best first; the last is portable C.
  public static let available: [Kernels] = (0..<ck_network_count()).map {
    Kernels(table: ck_network_table($0))
  }
  /// The best kernels for this machine.
  public static let best = available[0]

  /// `avx512`, `avx2` or `portable`.
  public var name: String { String(cString: table.pointee.name) }

  var functions: ck_network_kernels { _read { yield table.pointee } }
}

/// Floats that start on a 64-byte boundary, zero at first. What is never touched takes no memory.
package final class FloatBuffer: @unchecked Sendable {
  package let pointer: UnsafeMutablePointer<Float>
  package let count: Int
  private let allocation: UnsafeMutableRawPointer

  package init(count: Int) {
    self.count = count
    let bytes = count * MemoryLayout<Float>.stride + 64
    guard let allocation = calloc(bytes, 1) else { failAllocation(bytes) }
    self.allocation = allocation
    pointer = allocation.alignedUp(toMultipleOf: 64).bindMemory(to: Float.self, capacity: count)
  }

  deinit { free(allocation) }

  package func clear() { pointer.update(repeating: 0, count: count) }
}

/// Copies `count` numbers to after `before` zeros and fills up with zeros to `total`.
func copy(
  _ source: UnsafePointer<Float>, count: Int, after before: Int, of total: Int,
  to target: UnsafeMutablePointer<Float>
) {
  target.update(repeating: 0, count: before)
  (target + before).update(from: source, count: count)
  (target + before + count).update(repeating: 0, count: total - before - count)
}

/// Ends the program with one line: there is nothing that could go on without this memory.
private func failAllocation(_ bytes: Int) -> Never {
  FileHandle.standardError.write(Data("not enough memory: \(bytes >> 20) MiB more are needed\n".utf8))
  exit(1)
}

/// `count` rounded up to whole blocks of channels.
package func padded(_ count: Int) -> Int {
  let block = Int(CK_BLOCK)
  return (count + block - 1) / block * block
}
