import Foundation
import Motifs
import Runtime
import Sequences
import Testing

@Suite("Thresholds") struct ThresholdTestTests {
  /// scipy.stats.fisher_exact([[a, m − a], [b, n − b]], alternative="greater"), logarithm; the last from
  /// scipy.stats.hypergeom.logsf(a − 1, m + n, m, a + b) / log(10).
  @Test("Fisher's exact test as scipy has it", arguments: [0, 1, 2, 3, 4])
  func fisher(index: Int) {
    let cases: [(a: Int, b: Int, m: Int, n: Int, log10P: Double)] = [
      (8, 2, 10, 15, -2.826319337888541), (3, 3, 5, 5, -0.13188759656362772),
      (10, 0, 10, 10, -5.266598551124125),
      (30, 20, 100, 100, -1.1511745495634542),
      (900, 100, 2000, 2000, -208.00757309888496),
    ]
    let (a, b, m, n, log10P) = cases[index]
    let found = FisherTest(positives: m, negatives: n).log10UpperTail(positives: a, negatives: b)
    #expect(abs(found - log10P) <= 1e-9 * max(1, abs(log10P)), "\(found)")
  }

  @Test("the best of all thresholds, adjusted for their number")
  func best() throws {
    let positives: [Double] = [9, 8, 8, 7, 5, 4, 1, -.infinity]
    let negatives: [Double] = [8, 4, 3, 3, 2, 1, 0, 0.5]
    let test = try #require(ThresholdTest(positives: positives, negatives: negatives))
    let fisher = FisherTest(positives: 8, negatives: 8)
    let scores = Set(positives + negatives).filter(\.isFinite)
    let smallest = scores.map { score in
      (
        score,
        fisher.log10UpperTail(
          positives: positives.count { $0 >= score }, negatives: negatives.count { $0 >= score })
      )
    }.min { ($0.1, -$0.0) < ($1.1, -$1.0) }!
    #expect(test.score == smallest.0 && test.thresholds == scores.count)
    #expect(test.positives == positives.count { $0 >= test.score })
    #expect(test.negatives == negatives.count { $0 >= test.score })
    #expect(abs(test.pValue - (1 - pow(1 - pow(10, smallest.1), Double(scores.count)))) < 1e-12)
    #expect(ThresholdTest(positives: [], negatives: [1]) == nil)
    #expect(ThresholdTest(positives: [-.infinity], negatives: [-.infinity]) == nil)
    let none = try #require(ThresholdTest(positives: [-.infinity], negatives: [1, 2]))
    #expect(none.pValue == 1 && none.positives == 0 && none.negatives == 2)
  }
}

@Suite("Best hits of a scanner") struct ScannerBestHitTests {
  @Test("are the best of all its hits, where they pass", arguments: [1.0, 1e-2])
  func best(pValue: Double) {
    let sequences = (0..<40).map { ScanCases.codes(60, seed: UInt64($0)) } + [[0, 1], []]
    let set = SequenceSet(sequences)
    let motifs = [5, 9].map {
      ScanMotif(
        identifier: "\($0)", weights: ScanCases.weights(width: $0, seed: 3), threshold: .pValue(pValue))
    }
    let scanner = MotifScanner(motifs)
    let all = scanner.hits(in: set)
    let best = scanner.bestHits(in: set)
    #expect(!best.isEmpty)
    for (sequence, motif) in sequences.indices.flatMap({ s in motifs.indices.map { (s, $0) } }) {
      let hits = all.filter { $0.sequence == sequence && $0.motif == motif }
      let found = best.filter { $0.sequence == sequence && $0.motif == motif }
      #expect(found.count == min(1, hits.count))
      #expect(
        found.first.map { hit in hits.contains(hit) && hits.allSatisfy { $0.score <= hit.score + 1e-8 } }
          ?? true)
    }
  }
}

@Suite("Spacing") struct MotifSpacingTests {
  static func weights(_ word: [UInt8]) -> WeightMatrix {
    WeightMatrix(rows: word.map { base in (0..<4).map { $0 == Int(base) ? 1.9 : -6.0 } })
  }

  @Test("a planted distance is found, whichever strand the pair lies on")
  func planted() throws {
    let (first, second): ([UInt8], [UInt8]) = ([0, 0, 2, 1, 3, 0, 1, 1], [3, 3, 1, 2, 2, 0, 3])
    let sequences = (0..<60).map { index -> [UInt8] in
      var codes = ScanCases.codes(120, seed: UInt64(index), rare: 1_000_000)
      // Primary, five bases, the reverse complement of the secondary.
      let pair = first + Array(codes[0..<5]) + Nucleotide.reverseComplement(second)
      let place = 20 + index % 40
      codes.replaceSubrange(
        place..<place + pair.count, with: index % 2 == 0 ? pair : Nucleotide.reverseComplement(pair))
      return codes
    }
    let set = SequenceSet(sequences)
    let results = MotifSpacing.test(
      [Self.weights(first), Self.weights(second)], minimumScores: [10, 8], in: set, largestGap: 20)
    let found = try #require(results[0][1])
    #expect(found.side == .downstream && !found.isSameStrand && found.gap == 5)
    #expect(found.count >= 55 && found.log10PValue < -50 && found.expected < 2)
    // With both sides free there are 100 starts on two strands.
    #expect(abs(found.expected - Double(found.sequences) / 200) < 1e-9)
    // Seen from the secondary motif, the primary one lies downstream as well: the pair is inverted.
    let other = try #require(results[1][0])
    #expect(other.side == .downstream && !other.isSameStrand && other.gap == 5)
    // Where nothing was planted, nothing is found.
    let random = SequenceSet((0..<60).map { ScanCases.codes(120, seed: UInt64($0 + 500), rare: 1_000_000) })
    let none = MotifSpacing.test(
      [Self.weights([0, 1, 2]), Self.weights([3, 3, 1])], minimumScores: [3, 3], in: random)
    #expect(none[0][1].map { $0.log10PValue > -2 } ?? true)
  }
}
