internal import CKernels
import Runtime

/// For each seqlet those it shares most gapped k-mers with, by the cosine of the better strand: a list with places for the same
/// number of neighbors each, itself among them.
package struct CoarseNeighbors {
  /// Neighbors of each seqlet, K.
  package let size: Int
  /// (N, K), the most similar first.
  package let indices: [Int32]
  /// Cosines, (N, K).
  package let similarities: [Float]

  /// The `limit` nearest neighbors of every seqlet, and itself.
  ///
  /// Exact: a posting list for each k-mer, products summed in the order of the k-mers. Seqlets that share their most common
  /// k-mer go through the lists together, `tile` others at a time, whose products stay in the second-level cache.
  package init(
    _ seqlets: [Seqlet], of tracks: AttributionTracks, sign: Float, limit: Int, tile: Int = 4096,
    kernels: SimilarityKernels = .best
  ) {
    let count = seqlets.count
    let size = min(limit + 1, count)
    self.size = size
    let group = 64
    let entries = Parallel.map((count + group - 1) / group) { task in
      let kmers = GappedKmers()
      return (task * group..<min(count, (task + 1) * group)).map {
        kmers.entries(seqlets[$0], of: tracks, sign: sign)
      }
    }.flatMap { $0 }
    let postings = KmerPostings(entries)
    let shared = Parallel.map(count) { postings.mostShared($0) }
    let rows = shared.indices.sorted { (shared[$0], $0) < (shared[$1], $1) }
    let indices = UnsafeMutablePointer<Int32>.allocate(capacity: count * size)
    let similarities = UnsafeMutablePointer<Float>.allocate(capacity: count * size)
    defer {
      indices.deallocate()
      similarities.deallocate()
    }
    nonisolated(unsafe) let (targets, values) = (indices, similarities)
    let width = Int(similarity_rows)
    Parallel.forEach((count + width - 1) / width) { task in
      let members = rows[task * width..<min(count, (task + 1) * width)]
      var block = postings.block(members)
      var best = members.map { _ in TopList(limit: size) }
      withUnsafeTemporaryAllocation(of: Float.self, capacity: 2 * min(tile, count) * width) { products in
        for first in stride(from: 0, to: count, by: tile) {
          let others = first..<min(count, first + tile)
          postings.multiply(
            &block, targets: 2 * others.lowerBound..<2 * others.upperBound, kernels: kernels, into: products)
          for member in best.indices {
            for other in others {
              let place = 2 * (other - first) * width + member
              best[member].add(other, max(products[place], products[place + width]))
            }
          }
        }
      }
      for (member, row) in members.enumerated() {
        for (place, entry) in best[member].sorted().enumerated() {
          targets[row * size + place] = Int32(entry.index)
          values[row * size + place] = entry.score
        }
      }
    }
    self.indices = Array(UnsafeBufferPointer(start: indices, count: count * size))
    self.similarities = Array(UnsafeBufferPointer(start: similarities, count: count * size))
  }
}
