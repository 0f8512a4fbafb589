import Runtime

/// For each seqlet those it shares most gapped k-mers with, by the cosine of the better strand: a list with places for the same
/// number of neighbours each, itself among them.
package struct CoarseNeighbors {
  /// Neighbours of each seqlet, K.
  package let size: Int
  /// (N, K), the most similar first.
  package let indices: [Int32]
  /// Cosines, (N, K).
  package let similarities: [Float]

  /// The `limit` nearest neighbors of every seqlet, and itself.
  ///
  /// Exact: a posting list for each k-mer, products summed in the order of the k-mers.
  package init(_ seqlets: [Seqlet], of tracks: AttributionTracks, sign: Float, limit: Int) {
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
    let indices = UnsafeMutablePointer<Int32>.allocate(capacity: count * size)
    let similarities = UnsafeMutablePointer<Float>.allocate(capacity: count * size)
    defer {
      indices.deallocate()
      similarities.deallocate()
    }
    nonisolated(unsafe) let (targets, values) = (indices, similarities)
    Parallel.forEach((count + group - 1) / group) { task in
      var products = [Float](repeating: 0, count: 2 * count)
      var best = TopList(limit: size)
      for row in task * group..<min(count, (task + 1) * group) {
        postings.multiply(entries[row], into: &products)
        best.removeAll()
        products.withUnsafeBufferPointer { products in
          for other in 0..<count { best.add(other, max(products[other], products[count + other])) }
        }
        for (place, entry) in best.sorted().enumerated() {
          targets[row * size + place] = Int32(entry.index)
          values[row * size + place] = entry.score
        }
      }
    }
    self.indices = Array(UnsafeBufferPointer(start: indices, count: count * size))
    self.similarities = Array(UnsafeBufferPointer(start: similarities, count: count * size))
  }
}
