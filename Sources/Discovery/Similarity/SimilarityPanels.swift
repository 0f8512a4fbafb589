internal import CKernels
import Runtime

/// Seqlets of one width, aligned with each other, laid out for comparing all with all: panels of (columns, lanes).
package struct SimilarityPanels {
  let count: Int
  private let columns: Int
  private var panels: [Int16]
  private var magnitudes: [Int32]

  package init(_ windows: AttributionWindows) {
    let lanes = SimilarityKernels.lanes
    count = windows.count
    columns = 8 * windows.width
    let blocks = (count + lanes - 1) / lanes
    panels = Array(repeating: 0, count: blocks * columns * lanes)
    magnitudes = windows.magnitudes + repeatElement(0, count: blocks * lanes - count)
    let (count, columns) = (count, columns)
    panels.withUnsafeMutableBufferPointer { panels in
      nonisolated(unsafe) let panels = panels
      Parallel.forEach(blocks) { block in
        for index in block * lanes..<min(count, (block + 1) * lanes) {
          func set(_ column: Int, _ value: Int16) {
            panels[(block * columns + column) * lanes + index % lanes] = value
          }
          for position in 0..<windows.width {
            let place = index * windows.width + position
            for base in 0..<4 { set(8 * position + base, windows.hypothetical[4 * place + base]) }
            if windows.bases[place] < 4 {
              set(8 * position + 4 + Int(windows.bases[place]), windows.contributions[place])
            }
          }
        }
      }
    }
  }

  /// Calls `body` on some thread for every seqlet of `windows` with its similarity to each of these, (count).
  package func forEachRow(
    _ windows: AttributionWindows, kernels: SimilarityKernels = .best,
    _ body: @Sendable (_ worker: Int, _ row: Int, _ scores: UnsafeBufferPointer<Float>) -> Void
  ) {
    guard count > 0, windows.count > 0 else { return }
    let lanes = SimilarityKernels.lanes
    let blocks = magnitudes.count / lanes
    // Rows share each panel while it is in the cache.
    let group = 16
    panels.withUnsafeBufferPointer { panels in
      magnitudes.withUnsafeBufferPointer { magnitudes in
        nonisolated(unsafe) let panels = panels.baseAddress!
        nonisolated(unsafe) let magnitudes = magnitudes.baseAddress!
        Parallel.run((windows.count + group - 1) / group) { worker, task in
          let rows = task * group..<min(windows.count, (task + 1) * group)
          let terms = WindowTerms(windows, rows) { (8 * $1 + $0) * lanes }
          let scores = UnsafeMutablePointer<Float>.allocate(capacity: rows.count * blocks * lanes)
          defer { scores.deallocate() }
          for block in 0..<blocks {
            for row in rows {
              terms.withTerms(row) {
                kernels.table.pointee.compare(
                  $0, panels + block * columns * lanes, magnitudes + block * lanes,
                  scores + ((row - rows.lowerBound) * blocks + block) * lanes)
              }
            }
          }
          for (row, index) in rows.enumerated() {
            body(worker, index, UnsafeBufferPointer(start: scores + row * blocks * lanes, count: count))
          }
        }
      }
    }
  }
}
