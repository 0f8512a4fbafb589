import CKernels

/// The comparison kernels of one instruction set; all compute the same bits.
package struct ComparisonKernels: Sendable, CustomStringConvertible {
  nonisolated(unsafe) let table: UnsafePointer<ck_comparison_kernels>

  /// The kernels this machine can run, best first.
  package static let available = (0..<ck_comparison_count()).map {
    ComparisonKernels(table: ck_comparison_table($0))
  }
  package static let best = available[0]

  package var name: String { String(cString: table.pointee.name) }
  package var description: String { name }

  /// The value that stands at `rank` once all values are sorted.
  package func select(_ values: [Double], rank: Int) -> Double {
    precondition(values.indices.contains(rank), "a rank below the number of values")
    let range = comparison_range(low: values.min()!, high: values.max()!)
    return withUnsafeTemporaryAllocation(of: Double.self, capacity: 2 * values.count + 16) { scratch in
      table.pointee.select(values, Int64(values.count), range, Int64(rank), scratch.baseAddress!)
    }
  }

  /// How often each of lowest, lowest + 1, … lowest + 127 occurs.
  package static func histogram(_ bins: [Int8], lowest: Int) -> [Int] {
    withUnsafeTemporaryAllocation(of: UInt64.self, capacity: 128) { counts in
      ck_comparison_histogram(bins, Int64(bins.count), Int32(lowest), counts.baseAddress!)
      return counts.map { Int($0) }
    }
  }
}
