import NeuralNetworks
import Runtime
import Sequences

extension AttributionPlan {
  /// Items that go through together: enough that large dense weights are read once for all of them.
  var batch: Int { stages.contains { $0.isDense && $0.outputs * $0.depth > 1 << 16 } ? 26 : 4 }

  /// Calls `body` for batches of sequences, each with a workspace that no other thread uses.
  func forEachBatch(
    _ sequences: SequenceSet, size: Int? = nil, capacity: Int? = nil, threads: Int,
    _ body:
      @Sendable (_ work: AttributionWorkspace, _ batch: Range<Int>, _ codes: UnsafePointer<UInt8>) -> Void
  ) {
    let size = size ?? batch
    let tasks = (sequences.count + size - 1) / size
    let workspaces = (0..<max(1, min(threads, tasks))).map { _ in
      AttributionWorkspace(self, capacity: capacity ?? size)
    }
    sequences.codes.withUnsafeBufferPointer { codes in
      nonisolated(unsafe) let codes = codes.baseAddress
      Parallel.run(tasks, threads: threads) { worker, task in
        let batch = task * size..<min(sequences.count, (task + 1) * size)
        body(workspaces[worker], batch, codes! + batch.lowerBound * length)
      }
    }
  }

  /// Leaves every stage's input, winners and output in the workspace.
  ///
  /// - Parameter transforms: Whether Winograd's products may be taken where no bases repeat. The gradient of a window that
  ///   nothing enters ends at the ReLU before it, so which of several has it matters only to who reads it there.
  func forward(
    _ work: AttributionWorkspace, count: Int, codes: UnsafePointer<UInt8>, transforms: Bool = true
  ) {
    for item in 0..<count {
      work.readSequence(codes + item * length, item: item, transforms: transforms)
    }
    work.forward(1..<stages.count, count: count)
  }

  /// ∂ output / ∂ input of each sequence into `values`, (N, 4, L).
  func gradients(
    _ sequences: SequenceSet, output: Int, threads: Int, into values: UnsafeMutablePointer<Float>
  ) {
    nonisolated(unsafe) let values = values
    forEachBatch(sequences, threads: threads) { work, batch, codes in
      work.explain(output: output)
      forward(work, count: batch.count, codes: codes)
      work.backward(0..<stages.count, count: batch.count)
      for item in 0..<batch.count {
        turn(
          work.baseWorths(item: item), length: length, into: values + (batch.lowerBound + item) * 4 * length)
      }
    }
  }
}

/// (length, 4) → (4, length).
func turn(_ rows: UnsafePointer<Float>, length: Int, into columns: UnsafeMutablePointer<Float>) {
  let (a, c, g, t) = (columns, columns + length, columns + 2 * length, columns + 3 * length)
  for position in 0..<length {
    let row = UnsafeRawPointer(rows + 4 * position).loadUnaligned(as: SIMD4<Float>.self)
    (a[position], c[position], g[position], t[position]) = (row.x, row.y, row.z, row.w)
  }
}
