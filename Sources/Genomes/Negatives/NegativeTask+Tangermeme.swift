import Runtime
import Sequences

extension NegativeTask {
  /// tangermeme's `extract_matching_loci`, version 1.6: chromosomes with peaks are cut into tiles; tiles that a peak touches
  /// are left out; each bin of GC content, 0.02 wide, gives as many tiles as there are peaks. Where a bin has too few, from
  /// the highest bin down, its neighbors make up for it: the one above, the one below, the second above, ….
  func drawTiles() throws -> [GenomicLocation] {
    let binCount = 51
    func bin(_ gc: Double) -> Int { Int(((gc + 0.01) / 0.02).rounded(.down)) }
    var wanted = [Int](repeating: 0, count: binCount)
    for composition in compositions
    where composition.unknown < options.maximumUnknown || composition.unknown == 0 {
      wanted[bin(composition.gc)] += options.ratio
    }
    var tiles = [[(chromosome: Int, start: Int)]](repeating: [], count: binCount)
    let taken = takenTiles()
    for chromosome in chromosomes {
      let name = genome.chromosomes[chromosome].name
      for tile in try genome.candidates(ofChromosome: chromosome, length: length, stride: length) {
        let start = Int(tile.start)
        guard mayUse(unknown: Int(tile.unknown)), !(taken[name]?.contains(start / length) ?? false),
          !(options.blacklist?.overlaps(start..<start + length, of: name) ?? false)
        else { continue }
        tiles[bin(Double(tile.gc) / Double(length))].append((chromosome, start))
      }
    }
    let chosen = Self.spread(wanted, over: tiles.map(\.count))
    return (0..<binCount).flatMap { bin in
      var random = CounterRandom(seed: options.seed, purpose: .sampling, epoch: 2, index: bin)
      let order = random.permutation(tiles[bin].count)
      return order.prefix(chosen[bin]).map { location(tiles[bin][$0].chromosome, tiles[bin][$0].start) }
    }
  }

  /// For each chromosome the numbers of the tiles that peaks touch; like tangermeme's, with the one that begins where a peak
  /// ends.
  private func takenTiles() -> [String: Set<Int>] {
    var taken: [String: Set<Int>] = [:]
    for peak in peaks {
      taken[peak.chromosome, default: []].formUnion(peak.start / length...peak.end / length)
    }
    return taken
  }

  /// How many tiles each bin gives.
  static func spread(_ wanted: [Int], over available: [Int]) -> [Int] {
    var chosen = zip(wanted, available).map { min($0, $1) }
    var left = zip(available, chosen).map { $0 - $1 }
    var missing = zip(wanted, chosen).map { $0 - $1 }
    for bin in wanted.indices.reversed() where missing[bin] > 0 {
      for offset in wanted.indices {
        for other in [bin + offset, bin - offset] where wanted.indices.contains(other) && missing[bin] > 0 {
          let count = min(left[other], missing[bin])
          left[other] -= count
          missing[bin] -= count
          chosen[other] += count
        }
      }
    }
    return chosen
  }
}
