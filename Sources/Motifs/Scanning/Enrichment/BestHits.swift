import CKernels
import Runtime
import Sequences

/// One window of one sequence.
public struct BestHit: Equatable, Sendable {
  /// Index of the sequence.
  public let sequence: Int
  /// 0-based position of the first base on the forward strand.
  public let start: Int
  public let strand: Strand
  public let score: Double
}

/// The best window of each sequence for one motif.
public struct BestHits: Equatable, Sendable {
  /// The highest score, to 2⁻³² bits a position, so that equal scores are equal numbers; −∞ for a sequence without a window of known bases.
  public var scores: [Double]
  /// 0-based position of its first base on the forward strand; −1 without a window. Among equally good windows one
  /// is drawn at random.
  public var starts: [Int]
  /// The strand it lies on.
  public var strands: [Strand]

  /// The highest of all, in the first sequence that has it; `nil` without a window.
  public var best: BestHit? {
    guard let sequence = scores.indices.min(by: { scores[$0] > scores[$1] }), starts[sequence] >= 0 else {
      return nil
    }
    return BestHit(
      sequence: sequence, start: starts[sequence], strand: strands[sequence], score: scores[sequence])
  }

  package init(scores: [Double], starts: [Int], strands: [Strand]) {
    self.scores = scores
    self.starts = starts
    self.strands = strands
  }
}

/// Sequences laid out for asking for the best windows of many motifs.
///
/// Takes about two and a quarter bytes a base.
public struct BestHitFinder: Sendable {
  private let chunk: PackedChunk
  private let lengths: [Int]
  private let bothStrands: Bool
  private let seed: UInt64
  private let kernels: ScanKernels
  /// Windows of known bases, for each width asked for so far.
  private let valid: [Int: [UInt64]]

  /// - Parameters:
  ///   - widths: Of the motifs that will be asked for.
  ///   - seed: For the choice among equally good windows.
  public init(
    _ set: SequenceSet, widths: some Sequence<Int>, bothStrands: Bool = true, seed: UInt64 = 0,
    threads: Int = Parallel.threads
  ) {
    self.init(
      set, widths: widths, bothStrands: bothStrands, seed: seed, kernels: .best, threads: threads)
  }

  package init(
    _ set: SequenceSet, widths: some Sequence<Int>, bothStrands: Bool, seed: UInt64, kernels: ScanKernels,
    threads: Int = Parallel.threads
  ) {
    let widths = Array(Set(widths)).sorted()
    let segments = (0..<set.count).map { sequence in
      let range = set.starts[sequence]..<set.starts[sequence + 1]
      return ScanSegment(sequence: sequence, offset: 0, range: range, starts: range.count)
    }
    let chunk = set.codes.withUnsafeBufferPointer {
      PackedChunk(segments, of: $0, margin: (widths.last ?? 1) + 8, kernels: kernels)
    }
    let masks = Parallel.map(widths.count, threads: threads) { chunk.valid(width: widths[$0]) }
    valid = Dictionary(uniqueKeysWithValues: zip(widths, masks))
    lengths = segments.map(\.range.count)
    self.chunk = chunk
    self.bothStrands = bothStrands
    self.seed = seed
    self.kernels = kernels
  }

  /// The best window of every sequence. Safe to call from several threads.
  ///
  /// - Parameter weights: Finite, or −∞ for a base that must not occur; of one of the widths announced.
  public func bestHits(_ weights: WeightMatrix) -> BestHits {
    guard let valid = valid[weights.width] else { preconditionFailure("a width that was announced") }
    let weights = weights.summable
    let count = lengths.count
    var best = BestHits(
      scores: Array(repeating: -.infinity, count: count), starts: Array(repeating: -1, count: count),
      strands: Array(repeating: .forward, count: count))
    let strands: [Strand] = bothStrands ? [.forward, .reverse] : [.forward]
    let patterns = strands.map {
      ScanPattern(bestOf: weights.values, isReverse: $0 == .reverse, kernels: kernels)
    }
    let room = 64 * (lengths.map(PackedChunk.blocks(for:)).max() ?? 0)
    // The kernels score in units as well; nobody asks for them here.
    let units = [Int32](repeating: 0, count: weights.values.count)
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: room) { bounds in
      withUnsafeTemporaryAllocation(of: UInt32.self, capacity: 2 * room) { positions in
        weights.values.withUnsafeBufferPointer { weights in
          units.withUnsafeBufferPointer { units in
            var matrix = scan_matrix(
              weights: weights.baseAddress!, units: units.baseAddress!, width: Int32(weights.count / 4),
              reverse: 0)
            for sequence in 0..<count {
              let first = chunk.firstBlocks[sequence]
              var kept = 0, forward = 0
              for (strand, pattern) in zip(strands, patterns) {
                let out = positions.baseAddress! + kept
                let near = nearest(pattern, valid, first, lengths[sequence], bounds.baseAddress!, out)
                guard near > 0 else { break }
                matrix.reverse = strand == .reverse ? 1 : 0
                var score = 0.0
                let ties = chunk.codes.withUnsafeBufferPointer {
                  Int(ck_scan_keep_best($0.baseAddress! + 64 * first, &matrix, near, out, &score))
                }
                if kept > 0, score < best.scores[sequence] { continue }
                if kept > 0, score > best.scores[sequence] {
                  positions.baseAddress!.update(from: out, count: ties)
                  (kept, forward) = (0, 0)
                }
                best.scores[sequence] = score
                kept += ties
                if strand == .forward { forward = ties }
              }
              guard kept > 0 else { continue }
              let choice = kept == 1 ? 0 : choose(kept, sequence)
              best.starts[sequence] = Int(positions[choice])
              best.strands[sequence] = choice < forward ? .forward : .reverse
            }
          }
        }
      }
    }
    return best
  }

  private func nearest(
    _ pattern: ScanPattern, _ valid: [UInt64], _ first: Int, _ length: Int,
    _ bounds: UnsafeMutablePointer<UInt8>,
    _ positions: UnsafeMutablePointer<UInt32>
  ) -> Int64 {
    chunk.index.withUnsafeBufferPointer { index in
      valid.withUnsafeBufferPointer { valid in
        kernels.table.pointee.nearest(
          index.baseAddress! + 64 * first, Int64(PackedChunk.blocks(for: length)), pattern.tables,
          Int32(pattern.lookups), valid.baseAddress! + first, bounds, positions)
      }
    }
  }

  private func choose(_ count: Int, _ sequence: Int) -> Int {
    var random = CounterRandom(seed: seed, purpose: .sampling, index: sequence)
    return random.below(count)
  }
}
