import Foundation
import Runtime

extension CoarseNeighbors {
  /// The continuous Jaccard similarity of each seqlet and its neighbors, the best of both strands and all offsets at which they
  /// share at least `overlap` of their width, (N, K).
  func fineSimilarities(
    _ windows: AttributionWindows, overlap: Double, kernels: SimilarityKernels = .best
  ) -> [Float] {
    let padding = Int(Double(windows.width) * (1 - overlap))
    let group = 16
    return Array(unsafeUninitializedCapacity: indices.count) { buffer, filled in
      nonisolated(unsafe) let scores = buffer.baseAddress!
      let empty = OffsetTable(length: windows.width, width: windows.width, padding: padding)
      let terms = empty.terms(windows, 0..<windows.count)
      Parallel.forEach((windows.count + group - 1) / group) { task in
        var table = empty
        for row in task * group..<min(windows.count, (task + 1) * group) {
          table.fill(windows, row)
          for place in row * size..<(row + 1) * size {
            scores[place] = table.match(terms, Int(indices[place]), kernels: kernels).score
          }
        }
      }
      filled = indices.count
    }
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
  let order = values.indices.sorted { values[$0] < values[$1] }
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
