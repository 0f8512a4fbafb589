import Foundation
import Motifs
import Runtime
import Sequences
import Statistics
import Testing

@Suite("Best hits") struct BestHitTests {
  @Test("are the best of all windows", arguments: ScanKernels.available, [false, true])
  func definition(kernels: ScanKernels, bothStrands: Bool) {
    let lengths = [0, 3, 12, 63, 64, 65, 101, 128, 129, 400]
    var sequences = lengths.map { ScanCases.codes($0, seed: UInt64($0)) }
    sequences.append([UInt8](repeating: 4, count: 50))
    sequences.append([UInt8](repeating: 0, count: 90))
    let set = SequenceSet(sequences)
    let matrices = [1, 3, 8, 12, 24, 40].map { ScanCases.weights(width: $0, seed: 7, forbidden: $0 == 8) }
    let finder = BestHitFinder(
      set, widths: matrices.map(\.width), bothStrands: bothStrands, seed: 1, kernels: kernels)
    for weights in matrices {
      let best = finder.bestHits(weights)
      for (index, codes) in sequences.enumerated() {
        let windows = ScanCases.windows([weights.summable], [codes], bothStrands: bothStrands) { _, _, _ in
          true
        }
        let score = windows.map(\.score).max() ?? -.infinity
        #expect(best.scores[index] == score, "sequence \(index), width \(weights.width)")
        let ties = windows.filter { $0.score == score }
        #expect(
          windows.isEmpty
            ? best.starts[index] == -1
            : ties.contains { $0.start == best.starts[index] && $0.strand == best.strands[index] })
      }
    }
  }

  @Test("windows of the same bases in another order score the same, and so do both strands")
  func equalScores() {
    // Every position has the same weights, so the order of bases is nothing; as doubles, sums of these differ.
    let column = [0.1, 0.7, 0.7 / 3, 1.0 / 3]
    let weights = WeightMatrix(rows: (0..<9).map { _ in column })
    let bases: [UInt8] = [0, 1, 2, 3, 0, 2, 2, 1, 3]
    let words = (UInt64(0)..<64).map { seed in
      var random = CounterRandom(seed: seed, purpose: .simulation)
      return random.permutation(9).map { bases[$0] }
    }
    let sums = words.map { word -> Double in word.indices.reduce(0.0) { $0 + weights[$1, Int(word[$1])] } }
    #expect(Set(sums).count > 1, "sums of doubles that differ")
    let set = SequenceSet(words)
    let best = BestHitFinder(set, widths: [9], bothStrands: false).bestHits(weights)
    #expect(Set(best.scores).count == 1)
    #expect(zip(best.scores, sums).allSatisfy { abs($0 - $1) < 1e-8 })
    let half = RankTest(positives: Array(best.scores[..<32]), negatives: Array(best.scores[32...]))
    #expect(half?.auroc == 0.5 && half?.pValue == 1)
    // All windows of a sequence tie, whichever strand: each is drawn sometimes.
    let palindrome = WeightMatrix(rows: [column, column.reversed()])
    let repeated = SequenceSet((0..<200).map { _ in [0, 3, 0, 3, 0, 3] })
    let drawn = BestHitFinder(repeated, widths: [2], seed: 3).bestHits(palindrome)
    #expect(Set(drawn.strands).count == 2)
  }

  @Test("a tie is drawn at random, the same for the same seed")
  func ties() {
    let set = SequenceSet((0..<300).map { _ in [UInt8](repeating: 0, count: 40) })
    let weights = ScanCases.weights(width: 5, seed: 1)
    let starts = { (seed: UInt64) in
      BestHitFinder(set, widths: [5], bothStrands: false, seed: seed).bestHits(weights).starts
    }
    #expect(starts(1) == starts(1))
    #expect(starts(1) != starts(2))
    #expect(Set(starts(1)).count == 36)
  }
}

@Suite("Enrichment") struct EnrichmentTests {
  /// AUROC from scikit-learn, p from scipy.stats.mannwhitneyu(alternative="greater"), method "exact" for the first and
  /// "asymptotic" for the others:
  ///
  ///     cases = [([3, 5, 8, 13], [1, 2, 4, 9, 6]), ([1, 2, 2, 3, 5, 5], [2, 2, 1, 0, 5]),
  ///       ([i % 17 + 3 for i in range(60)], [i * 7 % 19 for i in range(80)]),
  ///       ([i + 1000 for i in range(3000)], list(range(3000)))]
  ///     print(roc_auc_score([1] * len(p) + [0] * len(n), p + n), np.log10(mannwhitneyu(p, n, ...).pvalue))
  @Test("AUROC and Mann–Whitney p as scikit-learn and scipy have them", arguments: [0, 1, 2, 3])
  func ranks(index: Int) throws {
    let cases: [(positives: [Int], negatives: [Int], auroc: Double, log10P: Double)] = [
      ([3, 5, 8, 13], [1, 2, 4, 9, 6], 0.7, -0.685397197146745),
      ([1, 2, 2, 3, 5, 5], [2, 2, 1, 0, 5], 0.6833333333333333, -0.7640774704986162),
      ((0..<60).map { $0 % 17 + 3 }, (0..<80).map { $0 * 7 % 19 }, 0.5809375, -1.2931498451356165),
      ((0..<3000).map { $0 + 1000 }, Array(0..<3000), 0.7777777777777778, -303.51372876308795),
    ]
    let (positives, negatives, auroc, log10P) = cases[index]
    let test = try #require(
      RankTest(positives: positives.map(Double.init), negatives: negatives.map(Double.init)))
    #expect(abs(test.auroc - auroc) < 1e-12)
    #expect(abs(test.log10PValue - log10P) < 1e-9 * abs(log10P))
  }

  @Test("a group without scores has no test; equal scores say nothing")
  func degenerate() throws {
    #expect(RankTest(positives: [], negatives: [1]) == nil)
    // log 2 + log 8 and log 4 + log 4 are equal, 0.1 + 0.2 + 0.3 in another order too; what differs by more is not.
    let (sums, others) = ([log(2.0) + log(8.0), 0.1 + (0.2 + 0.3)], [log(4.0) + log(4.0), 0.1 + 0.2 + 0.3])
    #expect(sums != others && RankTest(positives: sums, negatives: others)?.auroc == 0.5)
    #expect(RankTest(positives: [1 + 1e-6], negatives: [1])?.auroc == 1)
    #expect(RankTest(positives: [-.infinity], negatives: [-.infinity])?.auroc == 0.5)
    let test = try #require(RankTest(positives: [2, 2, 2], negatives: [2, 2]))
    #expect(test.auroc == 0.5 && test.pValue == 1)
  }

  static func best(_ starts: [Int], scores: [Double]? = nil) -> BestHits {
    BestHits(
      scores: scores ?? starts.map { _ in 9 }, starts: starts, strands: starts.map { _ in .forward })
  }

  /// log10 of the binomial tails: scipy.stats.binom.logsf(k - 1, n, p) / log(10), and for the last one mpmath with
  /// 60 digits (the tail underflows in scipy).
  @Test("binomial and normal tails", arguments: [0, 1, 2, 3, 4])
  func tails(index: Int) {
    let cases: [(k: Int, n: Int, p: Double, log10P: Double)] = [
      (3, 10, 0.2, -0.49187382555021), (60, 100, 0.3, -9.289886883410977), (0, 5, 0.5, 0), (10, 10, 0.1, -10),
      (4000, 40000, 0.05, -360.6992239160548),
    ]
    let (k, n, p, log10P) = cases[index]
    #expect(abs(BinomialTail.log10UpperTail(k, of: n, probability: p) - log10P) < 1e-9 * max(1, abs(log10P)))
    // scipy.stats.norm.logsf(z) / log(10)
    let normal = [
      -2: -0.009994379534108703, 3: -2.869699035929369, 29: -184.48283244871536, 31: -210.56940093220396,
      80: -1392.0445898436028,
    ]
    for (z, log10P) in normal { #expect(abs(NormalTail.log10UpperTail(Double(z)) / log10P - 1) < 1e-8) }
  }

  @Test("central region with the best p-value, adjusted for the regions tried")
  func central() throws {
    // Length 20, width 5: 16 starts, the middle between 7 and 8; regions of 2, 4, …, 14 starts.
    let starts = [7, 8, 8, 7, 6, 9, 0, 15, 3, 7]
    let result = try #require(CentralEnrichment(Self.best(starts), length: 20, width: 5))
    var best = (p: 2.0, width: 0)
    for width in stride(from: 2, through: 14, by: 2) {
      let inside = starts.count { abs(2 * $0 - 15) < width }
      // P(X ≥ inside) by the definition.
      let p = (inside...10).reduce(0.0) { sum, k in
        var ways = 1.0
        for i in 0..<k { ways *= Double(10 - i) / Double(i + 1) }
        let share = Double(width) / 16
        return sum + ways * pow(share, Double(k)) * pow(1 - share, Double(10 - k))
      }
      if p < best.p { best = (p, width) }
    }
    #expect(result.regionWidth == best.width && result.hits == 10)
    #expect(result.hitsInRegion == starts.count { abs(2 * $0 - 15) < best.width })
    #expect(abs(result.pValue - (1 - pow(1 - best.p, 7))) < 1e-12)
    // Hits below the cut do not count.
    let scores = [9, 9, 9, 9, 1, 1, 1, 1, 1, 9.0]
    #expect(CentralEnrichment(Self.best(starts, scores: scores), length: 20, width: 5)?.hits == 5)
    #expect(CentralEnrichment(Self.best([]), length: 20, width: 5) == nil)
    #expect(CentralEnrichment(Self.best([0]), length: 5, width: 5) == nil)
  }

  @Test("finds the planted motif, and that it is in the middle")
  func planted() throws {
    var random = CounterRandom(seed: 3, purpose: .simulation)
    var positives: [[UInt8]] = [], negatives: [[UInt8]] = []
    for index in 0..<120 {
      negatives.append(ScanCases.codes(80, seed: UInt64(index + 1000)))
      var codes = ScanCases.codes(80, seed: UInt64(index))
      for (place, row) in Motif.foxo1.frequencies.rows.enumerated() {
        var draw = random.uniform(), base = 0
        while base < 3, draw >= row[base] { draw -= row[base]; base += 1 }
        codes[34 + place] = UInt8(base)
      }
      positives.append(codes)
    }
    let other = WeightMatrix(unchecked: Motif.foxo1.weights().rows.reversed().flatMap { $0 })
    let results = try MotifEnrichment.test(
      [Motif.foxo1.weights(), other], positives: SequenceSet(positives), negatives: SequenceSet(negatives))
    #expect(results[0].rank.auroc > 0.75 && results[0].qValue < 1e-10)
    #expect(results[1].rank.auroc < 0.65)
    let central = try #require(results[0].central)
    #expect(central.pValue < 1e-10 && central.regionWidth < 8)
    #expect(throws: InputError.self) {
      try MotifEnrichment.test([other], positives: SequenceSet(), negatives: SequenceSet(negatives))
    }
  }
}
