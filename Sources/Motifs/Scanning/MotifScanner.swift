import CKernels
import Runtime
import Sequences

/// Finds the sites of any number of motifs in sequences of any length.
///
/// A window is scored where it holds no unknown base; lower case counts as upper case. Hits come in order of
/// sequence, start, motif, strand (forward first), and do not depend on the number of threads or on how the
/// sequences were cut into chunks.
public struct MotifScanner: Sendable {
  public let motifs: [ScanMotif]
  public let bothStrands: Bool
  let kernels: ScanKernels
  /// (motif, strand) ascending; those that can hit nothing are left out.
  private let patterns: [(motif: Int, pattern: ScanPattern)]
  /// The different widths, and the place of each motif's among them.
  private let widths: [Int]
  private let widthOfMotif: [Int]
  /// Bases that a stream is read ahead by: fewer where the hits that are expected would fill the memory.
  let batchSize: Int

  public init(_ motifs: [ScanMotif], bothStrands: Bool = true) {
    self.init(motifs, bothStrands: bothStrands, kernels: .best)
  }

  package init(_ motifs: [ScanMotif], bothStrands: Bool, kernels: ScanKernels) {
    self.motifs = motifs
    self.bothStrands = bothStrands
    self.kernels = kernels
    patterns = motifs.enumerated().flatMap { index, motif in
      (bothStrands ? [false, true] : [false]).compactMap { isReverse in
        motif.pattern(isReverse: isReverse, kernels: kernels).map { (index, $0) }
      }
    }
    let widths = Array(Set(motifs.map(\.width))).sorted()
    self.widths = widths
    widthOfMotif = motifs.map { widths.firstIndex(of: $0.width)! }
    let hitsPerBase = motifs.reduce(1e-9) { $0 + $1.hitProbability * (bothStrands ? 2 : 1) }
    batchSize = min(1 << 22, max(1 << 12, Int(1e6 / hitsPerBase)))
  }

  /// Bases after the last start of a segment that the widest motif may need.
  var lookAhead: Int { max(0, (widths.last ?? 1) - 1) }

  /// All hits in a set of sequences.
  public func hits(in set: SequenceSet, threads: Int = Parallel.threads) -> [MotifHit] {
    let runs = (0..<set.count).map { sequence in
      let range = set.starts[sequence]..<set.starts[sequence + 1]
      return ScanSegment(sequence: sequence, offset: 0, range: range, starts: range.count)
    }
    return set.codes.withUnsafeBufferPointer { scan(runs, of: $0, threads: threads).flatMap(\.hits) }
  }

  /// What one chunk gave.
  struct ChunkResult: Sendable {
    var hits: [MotifHit] = []
    /// Windows without an unknown base, one strand, for each different width.
    var windows: [Int]
  }

  func windowCounts(_ counts: [Int]) -> [Int] { widthOfMotif.map { counts[$0] * (bothStrands ? 2 : 1) } }
  var noWindows: [Int] { [Int](repeating: 0, count: widths.count) }

  /// Scans segments of a buffer in chunks of a fixed size, several at a time; results in order.
  func scan(
    _ runs: [ScanSegment], of buffer: UnsafeBufferPointer<UInt8>, threads: Int = Parallel.threads
  ) -> [ChunkResult] {
    let chunks = plan(runs)
    nonisolated(unsafe) let buffer = buffer
    return Parallel.map(chunks.count, threads: threads) { scan(chunk: chunks[$0], of: buffer) }
  }

  /// Cuts long segments and gathers short ones: no more than 1,024 blocks of 64 positions in a chunk, except for
  /// look-ahead; fewer where a batch is small, so that several threads have work.
  private func plan(_ runs: [ScanSegment]) -> [[ScanSegment]] {
    let capacity = min(1024, max(8, batchSize / 64 / 16))
    var chunks: [[ScanSegment]] = [], chunk: [ScanSegment] = []
    var free = capacity
    for run in runs {
      var rest = run
      while rest.starts > 0 {
        var part = rest
        part.starts = min(rest.starts, 64 * free)
        let length = min(rest.range.count, part.starts + lookAhead)
        part.range = rest.range.lowerBound..<rest.range.lowerBound + length
        chunk.append(part)
        free -= PackedChunk.blocks(for: length)
        if free <= 0 {
          chunks.append(chunk)
          chunk = []
          free = capacity
        }
        rest.starts -= part.starts
        rest.offset += part.starts
        rest.range = rest.range.lowerBound + part.starts..<rest.range.upperBound
      }
    }
    if !chunk.isEmpty { chunks.append(chunk) }
    return chunks
  }

  private func scan(chunk segments: [ScanSegment], of buffer: UnsafeBufferPointer<UInt8>) -> ChunkResult {
    let chunk = PackedChunk(segments, of: buffer, margin: lookAhead + 8, kernels: kernels)
    let valid = widths.map(chunk.valid(width:))
    var result = ChunkResult(windows: valid.map { $0.reduce(0) { $0 + $1.nonzeroBitCount } })
    var found: [(position: UInt32, pattern: Int, score: scan_score)] = []
    withUnsafeTemporaryAllocation(of: UInt32.self, capacity: 64 * chunk.blocks) { positions in
      withUnsafeTemporaryAllocation(of: scan_score.self, capacity: 64 * chunk.blocks) { scores in
        for (number, (motif, pattern)) in patterns.enumerated() {
          let count = kernels.table.pointee.candidates(
            chunk.index, Int64(chunk.blocks), pattern.tables, Int32(pattern.lookups),
            valid[widthOfMotif[motif]],
            positions.baseAddress!)
          guard count > 0 else { continue }
          let kept = motifs[motif].withMatrix(isReverse: pattern.isReverse) { matrix in
            ck_scan_verify(
              chunk.codes, matrix, motifs[motif].minimumScore, motifs[motif].minimumUnits, count,
              positions.baseAddress!, scores.baseAddress!)
          }
          for hit in 0..<Int(kept) { found.append((positions[hit], number, scores[hit])) }
        }
      }
    }
    if patterns.count > 1 { found.sort { ($0.position, $0.pattern) < ($1.position, $1.pattern) } }
    var segment = 0
    result.hits = found.map { position, number, score in
      let (motif, pattern) = patterns[number]
      segment = chunk.segment(at: Int(position), from: segment)
      return MotifHit(
        motif: motif, sequence: segments[segment].sequence,
        start: segments[segment].offset + Int(position) - 64 * chunk.firstBlocks[segment],
        strand: pattern.isReverse ? .reverse : .forward, score: score.score,
        pValue: motifs[motif].pValue(of: score))
    }
    return result
  }
}

extension ScanMotif {
  /// The matrix as the kernels take it.
  func withMatrix<Result>(isReverse: Bool, _ body: (UnsafePointer<scan_matrix>) -> Result) -> Result {
    weights.values.withUnsafeBufferPointer { weights in
      units.withUnsafeBufferPointer { units in
        var matrix = scan_matrix(
          weights: weights.baseAddress!, units: units.baseAddress!, width: Int32(width),
          reverse: isReverse ? 1 : 0)
        return withUnsafePointer(to: &matrix, body)
      }
    }
  }
}
