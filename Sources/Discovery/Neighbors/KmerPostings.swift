internal import CKernels
import Runtime
import Statistics

/// Which seqlets hold each k-mer: seqlet j on its own strand as 2j, on the other as 2j + 1.
struct KmerPostings: Sendable {
  private let columns: KmerNumbers
  /// Where the list of each k-mer begins, and the end of the last.
  private let starts: [Int32]
  private let postings: [similarity_posting]

  /// - Parameter entries: k-mers of each seqlet.
  init(_ entries: [[GappedKmers.Entry]]) {
    let columns = KmerNumbers(entries)
    // Counted at column + 2, so that after summing column + 1 holds where a list begins, and after filling where it ends.
    var starts = [Int32](repeating: 0, count: columns.count + 2)
    func forEach(_ body: (_ column: Int, _ target: Int, _ weight: Float) -> Void) {
      // Looked up by all threads, some thousand rows at a time so that not all are kept.
      let part = 4096
      for first in stride(from: 0, to: entries.count, by: part) {
        let found = Parallel.map(min(part, entries.count - first)) { row in
          entries[first + row].map { (columns[$0.key]!, columns[GappedKmers.reversed($0.key)]) }
        }
        for (row, list) in found.enumerated() {
          for (entry, (column, reversed)) in zip(entries[first + row], list) {
            body(column, 2 * (first + row), entry.weight)
            // No row asks for what is only on the other strand.
            if let reversed { body(reversed, 2 * (first + row) + 1, entry.weight) }
          }
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
    self.columns = columns
    self.starts = starts
    self.postings = postings
  }

  /// The k-mer of a row that most seqlets have. Rows that share it share many others.
  func mostShared(_ row: [GappedKmers.Entry]) -> Int {
    row.map { columns[$0.key]! }.max {
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
  func block(_ rows: [[GappedKmers.Entry]]) -> Block {
    // Column, row and bits of the weight in one number, which sorts by column and row.
    var taken: [UInt64] = []
    taken.reserveCapacity(rows.count * GappedKmers.kept)
    for (row, entries) in rows.enumerated() {
      for entry in entries {
        let place = UInt64(columns[entry.key]!) << 8 | UInt64(row)
        taken.append(place << 32 | UInt64(entry.weight.bitPattern))
      }
    }
    KeySort.sort(&taken)
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

  subscript(key: UInt32) -> Int? {
    let word = bits[Int(key >> 6)]
    let bit: UInt64 = 1 << UInt64(key & 63)
    return word & bit == 0 ? nil : Int(before[Int(key >> 6)]) + (word & (bit - 1)).nonzeroBitCount
  }
}
