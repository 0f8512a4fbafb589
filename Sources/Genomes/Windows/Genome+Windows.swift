import Runtime
import Sequences

extension Genome {
  /// Cuts windows around intervals: `[c − w/2, c + w/2 + w mod 2)` for the center c, as tangermeme's `extract_loci` does
  /// (version 1.6; divisions round down).
  ///
  /// Windows that reach beyond a chromosome's end are left out and counted, also those that only the jitter could bring
  /// there, so that which are left out does not depend on chance.
  /// - Throws: `InputError` naming file and line of an interval whose chromosome is not in the genome or, where summits are
  ///   asked for, that has none; if the blacklist names no chromosome of the genome; and if no window is left.
  public func windows(around file: IntervalFile, _ options: WindowOptions) throws -> Windows {
    let (placed, counts) = try place(around: file, options)
    return try cut(placed, counts, options, file: file.path)
  }

  /// Where a window lies, and the numbers of its chromosome and of its interval.
  typealias PlacedWindow = (location: GenomicLocation, chromosome: Int, source: Int)

  /// Where windows lie, before their bases are known.
  func place(around file: IntervalFile, _ options: WindowOptions) throws -> (
    windows: [PlacedWindow], counts: WindowCounts
  ) {
    precondition(options.length > 0 && options.jitter >= 0, "windows have a length")
    try options.blacklist?.requireChromosomes(of: self)
    var counts = WindowCounts(intervals: file.intervals.count)
    var placed = [PlacedWindow](largePagesFor: file.intervals.count)
    var centers: Set<GenomicLocation> = []
    var lookup = ChromosomeLookup(self)
    for number in file.intervals.indices {
      let chromosome = file.intervals[number].location.chromosome
      guard let chromosomeNumber = lookup.number(of: chromosome) else {
        throw unknownChromosome(chromosome, file: file.path, line: file.intervals[number].line)
      }
      let center = try center(of: file.intervals[number], options.center, file: file.path)
      let start = center - options.length / 2
      let end = start + options.length
      if options.keepsOnlyFirstOfCenter,
        !centers.insert(GenomicLocation(chromosome: chromosome, start: center, end: center)).inserted
      {
        counts.duplicates += 1
        continue
      }
      let reach = max(0, start - options.jitter)..<max(0, end + options.jitter)
      let length = chromosomes[chromosomeNumber].length
      if start - options.jitter < 0 || end + options.jitter > length {
        counts.beyondEnd += 1
      } else if options.blacklist?.overlaps(reach, of: chromosome) ?? false {
        counts.blacklisted += 1
      } else {
        let shift = shift(ofWindow: number, options)
        placed.append(
          (
            GenomicLocation(chromosome: chromosome, start: start + shift, end: end + shift), chromosomeNumber,
            number
          ))
      }
    }
    return (placed, counts)
  }

  private func center(of interval: GenomicInterval, _ center: WindowOptions.Center, file: String) throws
    -> Int
  {
    switch center {
    case .middles: return interval.middle
    case .automatic: return interval.summit ?? interval.middle
    case .summits:
      guard let summit = interval.summit else {
        throw InputError(
          file: file, line: interval.line,
          "the interval has no summit; expected narrowPeak with the summit in column 10")
      }
      return summit
    }
  }

  private func shift(ofWindow number: Int, _ options: WindowOptions) -> Int {
    guard options.jitter > 0 else { return 0 }
    var random = CounterRandom(seed: options.seed, purpose: .augmentation, index: number)
    return random.below(2 * options.jitter + 1) - options.jitter
  }

  /// Reads the windows and leaves out those with too many unknown bases.
  private func cut(
    _ placed: [PlacedWindow], _ counts: WindowCounts, _ options: WindowOptions, file: String
  ) throws -> Windows {
    var counts = counts
    let length = options.length
    let (codes, kept) = try windows(placed.count, length: length) {
      (placed[$0].chromosome, placed[$0].location.start)
    } keeping: {
      options.accepts($0)
    }
    counts.unknown = placed.count - kept.count
    counts.kept = kept.count
    try counts.requireAny(file: file)
    if kept.count == placed.count, !options.bothStrands {
      let sequences = SequenceSet(
        codes: codes, starts: Array(stride(from: 0, through: codes.count, by: length)),
        names: Parallel.map(placed.count) { placed[$0].location.name })
      return Windows(
        sequences: sequences, locations: placed.map(\.location), sources: placed.map(\.source), counts: counts
      )
    }
    var windows = Windows(sequences: SequenceSet(), locations: [], sources: [], counts: counts)
    let strands = options.strands
    windows.sequences.reserveCapacity(
      sequences: kept.count * strands.count, bases: kept.count * strands.count * length)
    for index in kept {
      let forward = codes[index * length..<(index + 1) * length]
      for strand in strands {
        var location = placed[index].location
        location.strand = strand
        if strand == .reverse {
          windows.sequences.append(Nucleotide.reverseComplement(forward), name: location.name)
        } else {
          windows.sequences.append(forward, name: location.name)
        }
        windows.locations.append(location)
        windows.sources.append(placed[index].source)
      }
    }
    return windows
  }

  /// The bases of locations of one length on the forward strand, end to end; several threads read.
  ///
  /// - Throws: `InputError` if the file is damaged at one of them; the first in order is named.
  /// - Precondition: all lie within their chromosomes.
  func codes(of locations: [GenomicLocation], length: Int) throws -> [UInt8] {
    try windows(locations.count, length: length) {
      (number(of: locations[$0].chromosome)!, locations[$0].start)
    } keeping: { _ in
      true
    }.codes
  }

  /// - Parameters:
  ///   - place: the chromosome's number and the first base of each.
  ///   - keeps: whether one with these codes is to be among those kept.
  /// - Returns: The codes of all, end to end, and the numbers of those kept.
  private func windows(
    _ count: Int, length: Int, at place: @Sendable (Int) -> (chromosome: Int, start: Int),
    keeping keeps: @Sendable (UnsafeBufferPointer<UInt8>) -> Bool
  ) throws -> (codes: [UInt8], kept: [Int]) {
    let share = 256
    var kept: [Int] = []
    let codes = try [UInt8](unsafeUninitializedCapacity: count * length) { buffer, filled in
      LargePages.advise(UnsafeRawBufferPointer(buffer))
      nonisolated(unsafe) let codes = buffer
      kept = try Parallel.tryMap((count + share - 1) / share) { part in
        try (part * share..<min(count, (part + 1) * share)).filter { index in
          let (chromosome, start) = place(index)
          let window = UnsafeMutableBufferPointer(rebasing: codes[index * length..<(index + 1) * length])
          try read(start..<start + length, ofChromosome: chromosome, into: window)
          return keeps(UnsafeBufferPointer(window))
        }
      }.flatMap { $0 }
      filled = count * length
    }
    return (codes, kept)
  }
}
