internal import CKernels

/// The activity kernels of one instruction set; all compute the same bits.
package struct ActivityKernels: Sendable, CustomStringConvertible {
  nonisolated(unsafe) let table: UnsafePointer<activity_kernels>

  /// The kernels this machine can run, best first.
  package static let available = (0..<activity_kernels_count()).map {
    ActivityKernels(table: activity_kernels_at($0))
  }
  package static let best = available[0]

  package var description: String { String(cString: table.pointee.name) }
}
