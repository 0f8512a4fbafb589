import Runtime
import Sequences

extension NegativeTask {
  /// gkmSVM's `genNullSeqs`, version 0.83 (Ghandi et al. 2016): places drawn evenly over the genome, 5,000 at a time and at most
  /// 20 times for each positive; one that touches no peak and whose GC content and share of soft-masked bases are both
  /// within 0.02 of a positive's is taken for it.
  func drawAtRandom() throws -> [GenomicLocation] {
    let tolerance = 0.02
    let (batch, trials) = (5000, 20)
    let avoided = IntervalIndex(peaks)
    // Negatives do not overlap, so a tile of their length holds the start of one at most.
    var used: [Tile: Int] = [:]
    // Positives still without a negative by their GC content in steps of the tolerance.
    var open = [[(gc: Double, masked: Double)]](repeating: [], count: Int(1 / tolerance) + 2)
    for index in positives.indices {
      let gc = compositions[index].gc
      let masked = try maskedShare(positives[index])
      open[Int(gc / tolerance)] += Array(repeating: (gc, masked), count: options.ratio)
    }
    var ends: [Int] = []
    for chromosome in genome.chromosomes {
      ends.append((ends.last ?? 0) + max(0, chromosome.length - length + 1))
    }
    guard let places = ends.last, places > 0 else { return [] }
    var left = positives.count * options.ratio
    var drawn: [GenomicLocation] = []
    var random = CounterRandom(seed: options.seed, purpose: .sampling, epoch: 3)
    var tried = 0
    while left > 0, tried < trials * max(batch, positives.count * options.ratio) {
      tried += 1
      let place = random.below(places)
      let chromosome = ends.partitioningIndex { $0 > place }
      let start = place - (chromosome > 0 ? ends[chromosome - 1] : 0)
      let candidate = location(chromosome, start)
      guard !avoided.overlaps(candidate), !(options.blacklist?.overlaps(candidate) ?? false),
        !(-1...1).contains(where: { offset in
          used[Tile(chromosome: chromosome, number: start / length + offset)].map { abs($0 - start) < length }
            ?? false
        })
      else { continue }
      let composition = WindowComposition(try genome.codes(start..<start + length, ofChromosome: chromosome))
      guard mayUse(unknown: composition.counts[4]) else { continue }
      let masked = try maskedShare(candidate)
      let bin = Int(composition.gc / tolerance)
      for near in max(0, bin - 1)...bin + 1 {
        guard
          let match = open[near].firstIndex(where: {
            abs($0.gc - composition.gc) <= tolerance && abs($0.masked - masked) <= tolerance
          })
        else { continue }
        open[near].remove(at: match)
        used[Tile(chromosome: chromosome, number: start / length)] = start
        drawn.append(candidate)
        left -= 1
        break
      }
    }
    return drawn
  }

  private struct Tile: Hashable {
    var chromosome: Int
    var number: Int
  }

  private func maskedShare(_ location: GenomicLocation) throws -> Double {
    let number = genome.number(of: location.chromosome)!
    return try Double(genome.maskedBases(location.start..<location.end, ofChromosome: number))
      / Double(length)
  }
}
