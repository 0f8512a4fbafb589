/// Which seqlets hold each k-mer: seqlet j on its own strand as j, on the other as N + j.
struct KmerPostings: Sendable {
  private struct Posting {
    var target: Int32 = 0
    var weight: Float = 0
  }
  private let columns: KmerNumbers
  /// Where the list of each k-mer begins, and the end of the last.
  private let starts: [Int32]
  private let postings: [Posting]

  /// - Parameter entries: k-mers of each seqlet.
  init(_ entries: [[GappedKmers.Entry]]) {
    let columns = KmerNumbers(entries)
    // Counted at column + 2, so that after summing column + 1 holds where a list begins, and after filling where it ends.
    var starts = [Int32](repeating: 0, count: columns.count + 2)
    func forEach(_ body: (_ column: Int, _ target: Int, _ weight: Float) -> Void) {
      for (row, list) in entries.enumerated() {
        for entry in list {
          body(columns[entry.key]!, row, entry.weight)
          // No row asks for what is only on the other strand.
          if let column = columns[GappedKmers.reversed(entry.key)] {
            body(column, entries.count + row, entry.weight)
          }
        }
      }
    }
    forEach { column, _, _ in starts[column + 2] += 1 }
    for column in 2..<max(2, starts.count) { starts[column] += starts[column - 1] }
    var postings = [Posting](repeating: Posting(), count: Int(starts.last!))
    forEach { column, target, weight in
      postings[Int(starts[column + 1])] = Posting(target: Int32(target), weight: weight)
      starts[column + 1] += 1
    }
    self.columns = columns
    self.starts = starts
    self.postings = postings
  }

  /// products[t] = Σ over the k-mers that a row shares with target t.
  func multiply(_ row: [GappedKmers.Entry], into products: inout [Float]) {
    products.withUnsafeMutableBufferPointer { products in
      products.update(repeating: 0)
      postings.withUnsafeBufferPointer { postings in
        for entry in row {
          guard let column = columns[entry.key] else { continue }
          for posting in postings[Int(starts[column])..<Int(starts[column + 1])] {
            products[Int(posting.target)] += entry.weight * posting.weight
          }
        }
      }
    }
  }
}

/// Numbers for the k-mers that occur, in their order: a bit for each there can be, and how many come before every 64 of them.
private struct KmerNumbers: Sendable {
  private var bits = [UInt64](repeating: 0, count: 1 << (GappedKmers.bits - 6))
  private var before: [Int32] = []
  private(set) var count = 0

  init(_ entries: [[GappedKmers.Entry]]) {
    for list in entries { for entry in list { bits[Int(entry.key >> 6)] |= 1 << UInt64(entry.key & 63) } }
    before.reserveCapacity(bits.count)
    for word in bits {
      before.append(Int32(count))
      count += word.nonzeroBitCount
    }
  }

  subscript(key: UInt32) -> Int? {
    let word = bits[Int(key >> 6)]
    let bit: UInt64 = 1 << UInt64(key & 63)
    return word & bit == 0 ? nil : Int(before[Int(key >> 6)]) + (word & (bit - 1)).nonzeroBitCount
  }
}
