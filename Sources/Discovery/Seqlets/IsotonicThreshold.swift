/// The smallest sum from which on at most a share `rate` of the windows is expected to be chance.
///
/// Observed sums count 1, null values 0; a monotone fit to both (pool adjacent violators; Barlow et al. 1972) gives the share p of
/// observed ones at each sum, and 1 + f·(1 − 1/p) the share that is no chance, with f, between 0.95 and 1, the share of chance
/// where p is smallest (TF-MoDISco).
///
/// - Parameters:
///   - sums: observed, ascending.
///   - null: ascending.
/// - Returns: infinity if there are no sums; the largest sum at most.
package func isotonicThreshold(sums: [Double], null: [Double], falseDiscoveryRate rate: Double) -> Double {
  guard let largest = sums.last else { return .infinity }
  guard !null.isEmpty else { return sums[0] }
  let weight = Double(sums.count) / Double(null.count)
  // Blocks of the fit: weighted sum, weight, and how many observed sums have gone in up to their end.
  var blocks: [(sum: Double, weight: Double, taken: Int)] = []
  var (taken, nulls) = (0, 0)
  while taken < sums.count || nulls < null.count {
    let value = min(
      taken < sums.count ? sums[taken] : .infinity, nulls < null.count ? null[nulls] : .infinity)
    var block = (sum: 0.0, weight: 0.0, taken: 0)
    while taken < sums.count, sums[taken] == value {
      block.sum += 1
      block.weight += 1
      taken += 1
    }
    while nulls < null.count, null[nulls] == value {
      block.weight += weight
      nulls += 1
    }
    block.taken = taken
    while let last = blocks.last, last.sum * block.weight >= block.sum * last.weight {
      block.sum += last.sum
      block.weight += last.weight
      blocks.removeLast()
    }
    blocks.append(block)
  }
  func precision(_ block: (sum: Double, weight: Double, taken: Int)) -> Double {
    max(block.sum / block.weight, 1e-7)
  }
  let least = precision(blocks[0])
  let share = least < 1 ? min(1, max(0.95, 1 / (1 / least - 1))) : 1
  var first = 0
  for block in blocks {
    let found = min(1, max(0, 1 + share * (1 - 1 / precision(block))))
    if found >= 1 - rate, first < block.taken { return sums[first] }
    first = block.taken
  }
  return largest
}
