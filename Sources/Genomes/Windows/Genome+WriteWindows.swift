import Runtime
import Sequences

extension Genome {
  /// Cuts windows as `windows(around:_:)` does and writes them as FASTA without keeping them in memory.
  ///
  /// - Throws: `InputError` as `windows(around:_:)` does, and if the file cannot be written.
  /// - Returns: what became of the intervals.
  public func writeFASTA(around file: IntervalFile, _ options: WindowOptions, to path: String) throws
    -> WindowCounts
  {
    let (placed, before) = try place(around: file, options)
    var counts = before
    // About 128 KB each: they stay in the processor's cache until they are written.
    let share = max(1, (1 << 17) / options.length)
    let parts = (placed.count + share - 1) / share
    let abreast = 8 * Parallel.threads
    try AtomicFile.write(path: path) { output in
      for first in stride(from: 0, to: parts, by: abreast) {
        let texts = try Parallel.tryMap(min(abreast, parts - first)) { part in
          let start = (first + part) * share
          return try fasta(placed[start..<min(placed.count, start + share)], options)
        }
        for text in texts {
          counts.kept += text.kept
          try output.write(text.bytes)
        }
      }
      counts.unknown = placed.count - counts.kept
      try counts.requireAny(file: file.path)
    }
    return counts
  }

  /// Records of the windows that have few enough unknown bases.
  private func fasta(_ placed: ArraySlice<PlacedWindow>, _ options: WindowOptions) throws -> (
    bytes: [UInt8], kept: Int
  ) {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(placed.count * options.strands.count * (options.length + 48))
    var codes = [UInt8](repeating: 0, count: options.length)
    var kept = 0
    for window in placed {
      var location = window.location
      try codes.withUnsafeMutableBufferPointer {
        try read(location.start..<location.end, ofChromosome: number(of: location.chromosome)!, into: $0)
      }
      guard options.accepts(codes[...]) else { continue }
      kept += 1
      for strand in options.strands {
        location.strand = strand
        bytes.append(UInt8(ascii: ">"))
        bytes.append(contentsOf: location.name.utf8)
        bytes.append(10)
        Nucleotide.append(strand == .reverse ? Nucleotide.reverseComplement(codes) : codes, to: &bytes)
        bytes.append(10)
      }
    }
    return (bytes, kept)
  }
}
