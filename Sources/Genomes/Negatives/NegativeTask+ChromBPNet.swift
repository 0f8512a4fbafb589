import Runtime
import Sequences

extension NegativeTask {
  /// chrombpnet's `prep nonpeaks`, version 1.0: candidates are windows at regular steps that stay half a window away from
  /// peaks and blacklist; each peak takes one of its own chromosome at random that no other took, with its GC content
  /// rounded to 0.01, which is moved by ±0.01 at random while there is none.
  ///
  /// chrombpnet steps by 1000 for windows of 2114; shorter windows step by half their length.
  func drawByChromosome() throws -> [GenomicLocation] {
    let step = min(1000, max(1, length / 2))
    let avoided = IntervalIndex(peaks, margin: length / 2)
    return try chromosomes.flatMap { chromosome in
      let name = genome.chromosomes[chromosome].name
      var bins = [[Int]](repeating: [], count: 101)
      for candidate in try genome.candidates(ofChromosome: chromosome, length: length, stride: step)
      where mayUse(unknown: Int(candidate.unknown)) {
        let start = Int(candidate.start)
        let isTaken =
          avoided.overlaps(start..<start + length, of: name)
          || options.blacklist?.overlaps(max(0, start - length / 2)..<start + length + length / 2, of: name)
            ?? false
        if !isTaken { bins[Self.percent(Double(candidate.gc) / Double(length))].append(start) }
      }
      var random = CounterRandom(seed: options.seed, purpose: .sampling, epoch: 1, index: chromosome)
      var left = bins.reduce(0) { $0 + $1.count }
      var drawn: [GenomicLocation] = []
      for index in positives.indices where positives[index].chromosome == name {
        for _ in 0..<min(options.ratio, left) {
          var bin = Self.percent(compositions[index].gc)
          while bins[bin].isEmpty { bin = min(100, max(0, bin + (random.below(2) == 0 ? 1 : -1))) }
          let chosen = random.below(bins[bin].count)
          bins[bin].swapAt(chosen, bins[bin].count - 1)
          drawn.append(location(chromosome, bins[bin].removeLast()))
          left -= 1
        }
      }
      return drawn
    }
  }

  /// A share in hundredths, of two equally near ones the even one, as Python rounds.
  private static func percent(_ share: Double) -> Int { Int((100 * share).rounded(.toNearestOrEven)) }
}
