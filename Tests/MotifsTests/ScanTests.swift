import Motifs
import Runtime
import Sequences
import Testing

@Suite("Scanning") struct ScanTests {
  /// Lengths about the block of 64 positions, the empty one, and one long enough for several chunks.
  static let lengths = [0, 1, 11, 12, 63, 64, 65, 128, 200, 1000]

  @Test("finds what the definition finds, by score", arguments: ScanKernels.available)
  func byScore(kernels: ScanKernels) {
    let sequences = Self.lengths.map { ScanCases.codes($0, seed: UInt64($0)) }
    let matrices = [1, 2, 3, 4, 7, 12, 13, 24, 40, 70].map {
      ScanCases.weights(width: $0, seed: 3, forbidden: $0 % 2 == 0)
    }
    for bothStrands in [false, true] {
      for cut in [-30.0, -8, 0, 4, 9] {
        let motifs = matrices.map {
          ScanMotif(identifier: "m", weights: $0, threshold: .score(cut), step: 0.05)
        }
        let scanner = MotifScanner(motifs, bothStrands: bothStrands, kernels: kernels)
        let expected = ScanCases.windows(matrices, sequences, bothStrands: bothStrands) { $2 >= cut }
        #expect(scanner.hits(in: SequenceSet(sequences)).map(\.window) == expected, "cut \(cut)")
      }
    }
  }

  @Test("finds what the definition finds, by p-value", arguments: ScanKernels.available)
  func byPValue(kernels: ScanKernels) {
    let step = 0.01
    let sequences = Self.lengths.map { ScanCases.codes($0, seed: UInt64($0 + 1)) }
    let matrices = [3, 6, 12, 20].map { ScanCases.weights(width: $0, seed: 4, forbidden: $0 == 6) }
    let units = matrices.map { $0.values.map { $0 / step }.map { $0.rounded() } }
    let distributions = matrices.map { ScoreDistribution($0, step: step) }
    for pValue in [1, 0.3, 0.01, 1e-4] {
      let motifs = matrices.map {
        ScanMotif(identifier: "m", weights: $0, threshold: .pValue(pValue), step: step)
      }
      let hits = MotifScanner(motifs, bothStrands: true, kernels: kernels).hits(in: SequenceSet(sequences))
      func p(_ motif: Int, _ word: [UInt8]) -> Double {
        let sum = word.enumerated().reduce(0) { $0 + units[motif][4 * $1.offset + Int($1.element)] }
        return sum > -.infinity ? distributions[motif].pValue(units: Int(sum)) : 1
      }
      let expected = ScanCases.windows(matrices, sequences) { motif, word, score in
        score > -.infinity && p(motif, word) <= pValue
      }
      #expect(hits.map(\.window) == expected, "p ≤ \(pValue)")
      for hit in hits.prefix(500) {
        let window = Array(sequences[hit.sequence][hit.start..<hit.start + matrices[hit.motif].width])
        let word = hit.strand == .forward ? window : Nucleotide.reverseComplement(window)
        #expect(hit.pValue == p(hit.motif, word))
      }
    }
  }

  @Test("finds the same across the seams of chunks", arguments: ScanKernels.available)
  func seams(kernels: ScanKernels) {
    let codes = ScanCases.codes(3 * 65_536 + 77, seed: 9, rare: 5000)
    let weights = [5, 31].map { ScanCases.weights(width: $0, seed: 5) }
    let motifs = weights.map { ScanMotif(identifier: "m", weights: $0, threshold: .pValue(1e-3), step: 0.05) }
    let hits = MotifScanner(motifs, bothStrands: true, kernels: kernels).hits(in: SequenceSet([codes]))
    #expect(hits.count > 500)
    // Pieces that no chunk cuts: each with the look-ahead of the widest motif.
    var pieces: [[UInt8]] = [], firsts: [Int] = []
    for first in stride(from: 0, to: codes.count, by: 10_000) {
      firsts.append(first)
      pieces.append(Array(codes[first..<min(codes.count, first + 10_000 + 30)]))
    }
    let whole = MotifScanner(motifs, bothStrands: true, kernels: kernels).hits(in: SequenceSet(pieces))
    let expected = whole.filter { $0.start < 10_000 }.map {
      ($0.motif, $0.start + firsts[$0.sequence], $0.score)
    }
    #expect(hits.map(\.start) == expected.map(\.1))
    #expect(hits.map(\.motif) == expected.map(\.0))
    #expect(hits.map(\.score) == expected.map(\.2))
  }

  @Test("does not depend on the number of threads")
  func threads() {
    let codes = ScanCases.codes(300_000, seed: 2)
    let motif = ScanMotif(.foxo1, threshold: .pValue(1e-3))
    let scanner = MotifScanner([motif])
    let before = Parallel.threads
    defer { Parallel.threads = before }
    Parallel.threads = 1
    let alone = scanner.hits(in: SequenceSet([codes]))
    Parallel.threads = 3
    #expect(scanner.hits(in: SequenceSet([codes])) == alone)
  }

  @Test("a threshold that no word reaches gives no hit")
  func unreachable() {
    let weights = ScanCases.weights(width: 4, seed: 1)
    let sequences = SequenceSet([ScanCases.codes(5000, seed: 1)])
    let rare = ScanMotif(identifier: "m", weights: weights, threshold: .pValue(1e-4))
    #expect(rare.scoreCut == nil)
    let high = ScanMotif(identifier: "m", weights: weights, threshold: .score(100))
    #expect(MotifScanner([rare, high]).hits(in: sequences).isEmpty)
  }
}
