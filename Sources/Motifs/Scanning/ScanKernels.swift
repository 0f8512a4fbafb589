import CKernels

/// The scanning kernels of one instruction set; all compute the same bits.
package struct ScanKernels: Sendable, CustomStringConvertible {
  nonisolated(unsafe) let table: UnsafePointer<ck_scan_kernels>

  /// The kernels this machine can run, best first.
  package static let available = (0..<ck_scan_count()).map { ScanKernels(table: ck_scan_table($0)) }
  package static let best = available[0]

  package var name: String { String(cString: table.pointee.name) }
  package var description: String { name }

  /// Bases in one table look-up.
  var span: Int { Int(table.pointee.span) }
  /// Bytes in one table.
  var tableSize: Int { 1 << (2 * span) }

  /// out[i] = Σ factors[s] · sources[s][i] over four sources.
  func mix(
    _ sources: [UnsafePointer<Double>], _ factors: [Double], into out: UnsafeMutablePointer<Double>,
    count: Int
  ) {
    precondition(sources.count == 4 && factors.count == 4, "four sources")
    table.pointee.mix(Int64(count), sources, factors, out)
  }
}
