internal import CKernels

/// The similarity kernels of one instruction set; all compute the same bits.
package struct SimilarityKernels: Sendable, CustomStringConvertible {
  nonisolated(unsafe) let table: UnsafePointer<similarity_kernels>

  /// The kernels this machine can run, best first.
  package static let available = (0..<similarity_kernels_count()).map {
    SimilarityKernels(table: similarity_kernels_at($0))
  }
  package static let best = available[0]

  package var description: String { String(cString: table.pointee.name) }

  static let lanes = Int(similarity_lanes)
}
