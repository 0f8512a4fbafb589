internal import CKernels
import Runtime
import Statistics

/// Which seqlets hold each k-mer: seqlet j on its own strand as 2j, on the other as 2j + 1.
struct KmerPostings: Sendable {
  private let entries: [[GappedKmers.Entry]]
  /// Numbers of the k-mers of each seqlet.
  private let columns: [[Int32]]
  /// Where the list of each k-mer begins, and the end of the last.
  private let starts: [Int32]
  private let postings: [similarity_posting]

  /// - Parameter entries: k-mers of each seqlet.
  init(_ entries: [[GappedKmers.Entry]]) {
    let numbers = KmerNumbers(entries)
    let columns = Parallel.map(entries.count) { row in entries[row].map { numbers[$0.key]! } }
    // −1 for what is on the other strand alone, which no row asks for.
    let reversed = Parallel.map(entries.count) { row in
      entries[row].map { numbers[GappedKmers.reversed($0.key)] ?? -1 }
    }
    // Counted at column + 2, so that after summing column + 1 holds where a list begins, and after filling where it ends.
    var starts = [Int32](repeating: 0, count: numbers.count + 2)
    func forEach(_ body: (_ column: Int, _ target: Int, _ weight: Float) -> Void) {
      for row in entries.indices {
        for (entry, (column, other)) in zip(entries[row], zip(columns[row], reversed[row])) {
          body(Int(column), 2 * row, entry.weight)
          if other >= 0 { body(Int(other), 2 * row + 1, entry.weight) }
        }
      }
    }
    forEach { column, _, _ in starts[column + 2] += 1 }
    for column in 2..<max(2, starts.count) { starts[column] += starts[column - 1] }
    var postings = [similarity_posting](
      repeating: similarity_posting(target: 0, weight: 0), count: Int(starts.last!))
    forEach { column, target, weight in
      postings[Int(starts[column + 1])] = similarity_posting(target: Int32(target), weight: weight)
      starts[column + 1] += 1
    }
    self.entries = entries
    self.columns = columns
    self.starts = starts
    self.postings = postings
  }

  /// The k-mer of a row that most seqlets have. Rows that share it share many others.
  func mostShared(_ row: Int) -> Int {
    columns[row].lazy.map(Int.init).max {
      (starts[$0 + 1] - starts[$0], $1) < (starts[$1 + 1] - starts[$1], $0)
    } ?? 0
  }

  /// The k-mers of several rows, one after the other, and the weight that each row gives them.
  struct Block {
    fileprivate var lists: [(next: Int, end: Int)] = []
    /// (k-mers, similarity_rows).
    fileprivate var weights: [Float] = []
  }

  /// At most `similarity_rows` rows.
  func block(_ rows: some Collection<Int>) -> Block {
    // Column, row and bits of the weight in one number; rows ascend already.
    var taken: [UInt64] = []
    taken.reserveCapacity(rows.count * GappedKmers.kept)
    for (place, row) in rows.enumerated() {
      for (column, entry) in zip(columns[row], entries[row]) {
        taken.append((UInt64(column) << 8 | UInt64(place)) << 32 | UInt64(entry.weight.bitPattern))
      }
    }
    KeySort.sort(&taken, from: 40)
    var block = Block()
    let width = Int(similarity_rows)
    var last = -1
    for entry in taken {
      let (column, row) = (Int(entry >> 40), Int(entry >> 32 & 255))
      if column != last {
        block.lists.append((Int(starts[column]), Int(starts[column + 1])))
        block.weights.append(contentsOf: repeatElement(0, count: width))
        last = column
      }
      block.weights[block.weights.count - width + row] = Float(bitPattern: UInt32(truncatingIfNeeded: entry))
    }
    return block
  }

  /// products[t − first, r] = Σ over the k-mers, in their order, that row r shares with target t. The targets of one call begin where
  /// those of the call before end.
  func multiply(
    _ block: inout Block, targets: Range<Int>, kernels: SimilarityKernels,
    into products: UnsafeMutableBufferPointer<Float>
  ) {
    let width = Int(similarity_rows)
    products.update(repeating: 0)
    let (first, end) = (Int32(targets.lowerBound), Int32(targets.upperBound))
    postings.withUnsafeBufferPointer { postings in
      block.weights.withUnsafeBufferPointer { weights in
        for k in block.lists.indices {
          let (next, listEnd) = block.lists[k]
          guard next < listEnd else { continue }
          block.lists[k].next += Int(
            kernels.table.pointee.accumulate(
              Int64(listEnd - next), postings.baseAddress! + next, weights.baseAddress! + k * width, first,
              end,
              products.baseAddress!))
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
      if word != 0 { count += word.nonzeroBitCount }
    }
  }

  subscript(key: UInt32) -> Int32? {
    let word = bits[Int(key >> 6)]
    let bit: UInt64 = 1 << UInt64(key & 63)
    return word & bit == 0 ? nil : before[Int(key >> 6)] + Int32((word & (bit - 1)).nonzeroBitCount)
  }
}
