import Sequences

/// What was scanned.
public struct ScanSummary: Equatable, Sendable {
  public var sequences = 0
  public var bases = 0
  /// For each motif, the windows without an unknown base, both strands counted where both were scanned.
  public var windows: [Int]
}

extension MotifScanner {
  /// Scans all that a reader gives, in memory that does not grow with the input.
  ///
  /// - Parameters:
  ///   - progress: Is told how many bases are done, now and then.
  ///   - body: Is handed each hit in order, with the name of its sequence (`seq1`, … where there is none) and the
  ///     bases of the window on the forward strand.
  /// - Throws: What the reader or `body` throws.
  public func scan(
    _ reader: any SequenceStream, progress: (Int) -> Void = { _ in },
    _ body: (MotifHit, _ sequence: String, _ window: ArraySlice<UInt8>) throws -> Void
  ) throws -> ScanSummary {
    try scan(reader, batch: batchSize, progress: progress, body)
  }

  /// - Parameter batch: Bases read before they are scanned.
  package func scan(
    _ reader: any SequenceStream, batch: Int, progress: (Int) -> Void = { _ in },
    _ body: (MotifHit, _ sequence: String, _ window: ArraySlice<UInt8>) throws -> Void
  ) throws -> ScanSummary {
    var summary = ScanSummary(windows: [])
    var counts = noWindows
    var buffer: [UInt8] = []
    var runs: [ScanSegment] = [], names: [String] = []
    var isOpen = false

    /// Scans what is there, and keeps what the next bases are needed for.
    func flush() throws {
      if isOpen { runs[runs.count - 1].starts = max(0, runs[runs.count - 1].range.count - lookAhead) }
      let results = buffer.withUnsafeBufferPointer { scan(runs, of: $0) }
      for result in results { for width in counts.indices { counts[width] += result.windows[width] } }
      var run = 0
      for result in results {
        for hit in result.hits {
          while runs[run].sequence < hit.sequence { run += 1 }
          let first = runs[run].range.lowerBound + hit.start - runs[run].offset
          try body(hit, names[run], buffer[first..<first + motifs[hit.motif].width])
        }
      }
      if isOpen {
        var last = runs[runs.count - 1]
        let rest = last.range.lowerBound + last.starts..<last.range.upperBound
        buffer.removeSubrange(..<rest.lowerBound)
        last.offset += last.starts
        last.range = 0..<rest.count
        (runs, names) = ([last], [names[names.count - 1]])
      } else {
        buffer.removeAll(keepingCapacity: true)
        (runs, names) = ([], [])
      }
    }

    var base = 0
    while let part = try reader.nextPart(upTo: batch, into: &buffer) {
      if isOpen {
        runs[runs.count - 1].range = runs[runs.count - 1].range.lowerBound..<buffer.count
      } else {
        runs.append(
          ScanSegment(sequence: summary.sequences, offset: 0, range: base..<buffer.count, starts: 0))
        names.append(part.name ?? "seq\(summary.sequences + 1)")
        summary.sequences += 1
      }
      summary.bases += buffer.count - base
      isOpen = !part.endsRecord
      if part.endsRecord { runs[runs.count - 1].starts = runs[runs.count - 1].range.count }
      if buffer.count >= batch + lookAhead {
        try flush()
        progress(summary.bases)
      }
      base = buffer.count
    }
    try flush()
    summary.windows = windowCounts(counts)
    return summary
  }
}
