import Runtime

/// For each seqlet those it shares most gapped k-mers with, by the cosine of the better strand: a list with places for the same
/// number of neighbours each, itself among them.
struct CoarseNeighbors {
  /// Neighbours of each seqlet, K.
  let size: Int
  /// (N, K), the most similar first.
  let indices: [Int32]
  /// Cosines, (N, K).
  let similarities: [Float]

  /// The `limit` nearest neighbours of every seqlet, and itself.
  ///
  /// Exact: a posting list for each k-mer, products summed in the order of the k-mers.
  init(_ seqlets: [Seqlet], of tracks: AttributionTracks, sign: Float, limit: Int) {
    let count = seqlets.count
    let size = min(limit + 1, count)
    self.size = size
    let group = 64
    let entries = Parallel.map((count + group - 1) / group) { task in
      var kmers = GappedKmers()
      return (task * group..<min(count, (task + 1) * group)).map {
        kmers.entries(seqlets[$0], of: tracks, sign: sign)
      }
    }.flatMap { $0 }
    let postings = Postings(entries)
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

/// Which seqlets hold each k-mer: seqlet j on its own strand as j, on the other as N + j.
private struct Postings: Sendable {
  private struct Posting {
    var target: Int32 = 0
    var weight: Float = 0
  }
  /// Where the list of each k-mer begins, and the end of the last.
  private let starts: [Int32]
  private let postings: [Posting]

  init(_ entries: [[GappedKmers.Entry]]) {
    // Two places on: counting fills starts[c + 2], the sums make starts[c + 1] the begin of c, filling moves it to its end.
    var starts = [Int32](repeating: 0, count: GappedKmers.columns + 2)
    Self.forEach(entries) { column, _, _ in starts[column + 2] += 1 }
    for column in 2..<starts.count { starts[column] += starts[column - 1] }
    var postings = [Posting](repeating: Posting(), count: Int(starts.last!))
    Self.forEach(entries) { column, target, weight in
      postings[Int(starts[column + 1])] = Posting(target: Int32(target), weight: weight)
      starts[column + 1] += 1
    }
    self.starts = starts
    self.postings = postings
  }

  /// products[t] = Σ over the k-mers that a row shares with target t.
  func multiply(_ row: [GappedKmers.Entry], into products: inout [Float]) {
    products.withUnsafeMutableBufferPointer { products in
      products.update(repeating: 0)
      postings.withUnsafeBufferPointer { postings in
        for entry in row {
          let column = GappedKmers.column(entry.key)
          for posting in postings[Int(starts[column])..<Int(starts[column + 1])] {
            products[Int(posting.target)] += entry.weight * posting.weight
          }
        }
      }
    }
  }

  private static func forEach(
    _ entries: [[GappedKmers.Entry]], _ body: (_ column: Int, _ target: Int, _ weight: Float) -> Void
  ) {
    for (row, list) in entries.enumerated() {
      for entry in list {
        body(GappedKmers.column(entry.key), row, entry.weight)
        body(GappedKmers.column(GappedKmers.reversed(entry.key)), entries.count + row, entry.weight)
      }
    }
  }
}
