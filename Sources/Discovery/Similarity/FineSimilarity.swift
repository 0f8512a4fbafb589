import Foundation
import Runtime
import Statistics

extension CoarseNeighbors {
  /// The continuous Jaccard similarity of each seqlet and its neighbors, the best of both strands and all offsets at which they
  /// share at least `overlap` of their width, (N, K). Neighbors of each other are compared once for both.
  package func fineSimilarities(
    _ windows: AttributionWindows, overlap: Double, kernels: SimilarityKernels = .best
  ) -> [Float] {
    let padding = Int(Double(windows.width) * (1 - overlap))
    let group = 16
    return Array(unsafeUninitializedCapacity: indices.count) { buffer, filled in
      nonisolated(unsafe) let scores = buffer.baseAddress!
      let count = windows.count
      let empty = OffsetTable(length: windows.width, width: windows.width, padding: padding)
      let terms = empty.terms(windows, 0..<count)
      let coverage = Parallel.map((count + group - 1) / group) { task in
        var table = empty
        return (task * group..<min(count, (task + 1) * group)).flatMap { row in
          table.fill(windows, row)
          return table.coverage
        }
      }.flatMap { $0 }
      let covered = count == 0 ? 0 : coverage.count / count
      let mentions = mentions
      coverage.withUnsafeBufferPointer { coverage in
        nonisolated(unsafe) let coverage = coverage.baseAddress
        Parallel.forEach((count + group - 1) / group) { task in
          var table = empty
          // Where the row is in the list of each other, −1 if it is not.
          var back = [Int32](repeating: -1, count: count)
          for row in task * group..<min(count, (task + 1) * group) {
            table.fill(windows, row)
            let mentioned = mentions.starts[row]..<mentions.starts[row + 1]
            for mention in mentioned { back[Int(mentions.places[mention]) / size] = mentions.places[mention] }
            for place in row * size..<(row + 1) * size {
              let other = Int(indices[place])
              guard other >= row || back[other] < 0 else { continue }
              let pair = table.pair(
                terms, other, magnitude: windows.magnitudes[row], coverage: coverage! + other * covered,
                kernels: kernels)
              scores[place] = pair.there
              if back[other] >= 0 { scores[Int(back[other])] = pair.back }
            }
            for mention in mentioned { back[Int(mentions.places[mention]) / size] = -1 }
          }
        }
      }
      filled = indices.count
    }
  }

  /// The places at which each seqlet is in the lists, ascending: `places[starts[i]..<starts[i + 1]]` of seqlet i.
  private var mentions: (starts: [Int], places: [Int32]) {
    let count = size == 0 ? 0 : indices.count / size
    var next = [Int](repeating: 0, count: count + 1)
    for index in indices { next[Int(index) + 1] += 1 }
    for index in 0..<count { next[index + 1] += next[index] }
    let starts = next
    var places = [Int32](repeating: 0, count: indices.count)
    for (place, index) in indices.enumerated() {
      places[next[Int(index)]] = Int32(place)
      next[Int(index)] += 1
    }
    return (starts, places)
  }

  /// Spearman's rank correlation of each seqlet's coarse and fine similarities, over those that are not 0; not a number where one of
  /// them is constant.
  func rankCorrelations(with fine: [Float]) -> [Double] {
    Parallel.map(size == 0 ? 0 : indices.count / size) { row in
      let places = (row * size..<(row + 1) * size).filter { fine[$0] != 0 }
      return correlation(averageRanks(places.map { fine[$0] }), averageRanks(places.map { similarities[$0] }))
    }
  }
}

/// 1-based ranks, ties at their mean.
private func averageRanks(_ values: [Float]) -> [Double] {
  var keys = values.enumerated().map { UInt64(ordered($0.element)) << 32 | UInt64($0.offset) }
  KeySort.sort(&keys, from: 32)
  let order = keys.map { Int($0 & 0xFFFF_FFFF) }
  var ranks = [Double](repeating: 0, count: values.count)
  var start = 0
  while start < order.count {
    var end = start + 1
    while end < order.count, values[order[end]] == values[order[start]] { end += 1 }
    for place in start..<end { ranks[order[place]] = Double(start + end + 1) / 2 }
    start = end
  }
  return ranks
}

private func correlation(_ x: [Double], _ y: [Double]) -> Double {
  guard x.count > 1 else { return .nan }
  // Ranks of 1…n have the mean (n + 1) / 2.
  let mean = Double(x.count + 1) / 2
  var (xx, yy, xy) = (0.0, 0.0, 0.0)
  for (a, b) in zip(x, y) {
    xx += (a - mean) * (a - mean)
    yy += (b - mean) * (b - mean)
    xy += (a - mean) * (b - mean)
  }
  return xx > 0 && yy > 0 ? xy / (xx * yy).squareRoot() : .nan
}
