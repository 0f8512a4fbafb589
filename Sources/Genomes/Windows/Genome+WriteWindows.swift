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
    try AtomicFile.write(path: path) { opened in
      nonisolated(unsafe) let output = opened
      var made: ArraySlice<Records> = []
      for first in stride(from: 0, to: parts, by: abreast) {
        // One task writes what was made before, while the others make more.
        made = try Parallel.tryMap(1 + min(abreast, parts - first)) { [made] task in
          guard task > 0 else {
            for records in made { try output.write(records.text) }
            return Records()
          }
          let start = (first + task - 1) * share
          return try records(of: placed[start..<min(placed.count, start + share)], options)
        }.dropFirst()
        counts.kept += made.reduce(0) { $0 + $1.windows }
      }
      for records in made { try output.write(records.text) }
      counts.unknown = placed.count - counts.kept
      try counts.requireAny(file: file.path)
    }
    return counts
  }

  /// FASTA records of some windows.
  private struct Records: Sendable {
    var text: [UInt8] = []
    var windows = 0
  }

  /// Records of the windows that have few enough unknown bases.
  private func records(of placed: ArraySlice<PlacedWindow>, _ options: WindowOptions) throws -> Records {
    var records = Records()
    records.text.reserveCapacity(placed.count * options.strands.count * (options.length + 48))
    var codes = [UInt8](repeating: 0, count: options.length)
    for window in placed {
      var location = window.location
      try codes.withUnsafeMutableBufferPointer {
        try read(location.start..<location.end, ofChromosome: window.chromosome, into: $0)
      }
      guard codes.withUnsafeBufferPointer(options.accepts) else { continue }
      records.windows += 1
      for strand in options.strands {
        location.strand = strand
        records.text.append(UInt8(ascii: ">"))
        records.text.append(contentsOf: location.name.utf8)
        records.text.append(10)
        Nucleotide.append(strand == .reverse ? Nucleotide.reverseComplement(codes) : codes, to: &records.text)
        records.text.append(10)
      }
    }
    return records
  }
}
