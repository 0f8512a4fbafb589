import CKernels
import Runtime
import Sequences

extension MotifScanner {
  /// The best window of each sequence for each motif, where it passes the motif's threshold: at most one hit for a sequence
  /// and a motif, in order of sequence and motif.
  ///
  /// - Parameter seed: For the choice among equally good windows.
  public func bestHits(in set: SequenceSet, seed: UInt64 = 0) -> [MotifHit] {
    let finder = BestHitFinder(set, widths: motifs.map(\.width), bothStrands: bothStrands, seed: seed)
    let found = Parallel.map(motifs.count) { motif -> [MotifHit] in
      let best = finder.bestHits(motifs[motif].weights)
      return best.starts.indices.compactMap { sequence in
        guard best.starts[sequence] >= 0 else { return nil }
        return hit(motif, sequence, best.starts[sequence], best.strands[sequence], in: set)
      }
    }
    return found.flatMap { $0 }.sorted { ($0.sequence, $0.motif) < ($1.sequence, $1.motif) }
  }

  private func hit(
    _ motif: Int, _ sequence: Int, _ start: Int, _ strand: Strand, in set: SequenceSet
  ) -> MotifHit? {
    let score = set.codes.withUnsafeBufferPointer { codes in
      motifs[motif].withMatrix(isReverse: strand == .reverse) {
        ck_scan_window(codes.baseAddress! + set.starts[sequence] + start, $0)
      }
    }
    guard motifs[motif].isHit(score) else { return nil }
    return MotifHit(
      motif: motif, sequence: sequence, start: start, strand: strand, score: score.score,
      pValue: motifs[motif].pValue(of: score))
  }
}

extension MotifScanner {
  /// What is scanned in a set of sequences.
  public func summary(of set: SequenceSet) -> ScanSummary {
    var runs: [Int: Int] = [:]
    for sequence in 0..<set.count {
      for run in set[sequence].split(separator: Nucleotide.unknown) { runs[run.count, default: 0] += 1 }
    }
    let windows = motifs.map { motif in
      runs.reduce(0) { $0 + max(0, $1.key - motif.width + 1) * $1.value } * (bothStrands ? 2 : 1)
    }
    return ScanSummary(sequences: set.count, bases: set.codes.count, windows: windows)
  }
}
