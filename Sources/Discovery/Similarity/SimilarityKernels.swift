internal import CKernels

/// The similarity kernels of one instruction set; all compute the same bits.
package struct SimilarityKernels: Sendable, CustomStringConvertible {
  nonisolated(unsafe) let table: UnsafePointer<ck_similarity_kernels>

  /// The kernels this machine can run, best first.
  package static let available = (0..<ck_similarity_count()).map {
    SimilarityKernels(table: ck_similarity_table($0))
  }
  package static let best = available[0]

  package var description: String { String(cString: table.pointee.name) }

  static let lanes = Int(similarity_lanes)
}
