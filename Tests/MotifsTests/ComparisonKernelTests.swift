import Motifs
import Runtime
import Sequences
import Testing

@Suite struct ComparisonKernelTests {
  @Test("the value at a rank is that of the sorted values", arguments: ComparisonKernels.available)
  func select(kernels: ComparisonKernels) {
    var random = CounterRandom(seed: 5, purpose: .simulation)
    for count in [1, 2, 7, 512, 513, 5000, 40_000] {
      let cases: [[Double]] = [
        (0..<count).map { _ in random.uniform() - 0.5 },
        (0..<count).map { _ in Double(random.below(5)) },
        (0..<count).map { $0 == 0 ? 1e9 : random.uniform() * 1e-9 },
        [Double](repeating: 2, count: count),
      ]
      for values in cases {
        let sorted = values.sorted()
        for rank in Set([0, count / 3, (count - 1) / 2, count / 2, count - 1]) {
          #expect(kernels.select(values, rank: rank) == sorted[rank], "\(count) values, rank \(rank)")
        }
      }
    }
  }

  @Test func histogram() {
    var random = CounterRandom(seed: 6, purpose: .simulation)
    for (count, lowest) in [(0, 0), (3, -100), (8, 0), (1001, -100), (70_001, -50), (300_000, -3)] {
      let bins = (0..<count).map { _ in Int8(lowest + (random.below(3) == 0 ? 0 : random.below(101))) }
      var expected = [Int](repeating: 0, count: 128)
      for bin in bins { expected[Int(bin) - lowest] += 1 }
      #expect(ComparisonKernels.histogram(bins, lowest: lowest) == expected)
    }
  }

  @Test("every instruction set and any number of threads give the same bits") func sameEverywhere() throws {
    let queries = SyntheticMotifs.collection(seed: 1, count: 8)
    // More columns than a sample is taken of.
    let targets = SyntheticMotifs.collection(seed: 2, count: 260)
    for mode in Comparison.Mode.allCases {
      let comparison = Comparison(mode: mode, threshold: .pValue(0.2))
      let expected = try comparison.compare(queries, targets, null: .targets, threads: 1)
      #expect(expected.matches.count > 50)
      #expect(try comparison.compare(queries, targets, null: .targets, threads: 3) == expected)
      for kernels in ComparisonKernels.available {
        #expect(
          try comparison.compare(queries, targets, null: .targets, threads: 1, kernels: kernels) == expected,
          "\(kernels)")
      }
    }
  }

  @Test("estimates leave no trace where many columns are equal or nearly so") func ties() throws {
    let rows: [[Double]] = [
      [1, 0, 0, 0], [0, 0, 0, 1], [0.25, 0.25, 0.25, 0.25], [0.7, 0.1, 0.1, 0.1], [0, 0.5, 0.5, 0],
    ]
    var random = CounterRandom(seed: 3, purpose: .simulation)
    let targets = (0..<500).map { index in
      let off = Double(index % 3) * 1e-8
      let columns = (0..<12).map { _ in
        let row = rows[min(random.below(9), 4)]
        return [row[0] * (1 - off) + off, row[1] * (1 - off), row[2] * (1 - off), row[3] * (1 - off)]
      }
      return Motif(identifier: "tied\(index)", frequencies: FrequencyMatrix(rows: columns))
    }
    for comparison in [
      Comparison(threshold: .pValue(1)), Comparison(mode: .lite, threshold: .pValue(1)),
      Comparison(threshold: .pValue(1), bothStrands: false),
    ] {
      let queries = Array(targets[..<4]) + [.foxo1]
      let results = try ComparisonKernels.available.map {
        try comparison.compare(queries, targets, null: .targets, threads: 1, kernels: $0).matches
      }
      #expect(results.allSatisfy { $0 == results[0] })
      // A motif in the database is its own best match.
      for query in 0..<4 {
        let own = results[0].first { $0.query == query && $0.target == query }
        let best = results[0].first { $0.query == query }
        #expect(own?.pValue == best?.pValue)
      }
    }
  }

  @Test("a short query on long targets, and targets that are very long") func lengths() throws {
    let long = Motif(
      identifier: "long",
      frequencies: FrequencyMatrix(rows: (0..<300).map { Motif.foxo1.frequencies.row($0 * 7 % 12) }))
    let result = try Comparison(threshold: .pValue(1)).compare(
      [Motif.foxo1[4..<8], .foxo1], [long, .foxo1, Motif.foxo1[3..<4]])
    #expect(result.matches.count == 6)
    #expect(result.matches.allSatisfy { $0.pValue >= 0 && $0.pValue <= 1 && $0.overlap >= 1 })
    let best = try #require(result.matches.first { $0.query == 0 && $0.target == 1 })
    #expect((best.offset, best.overlap, best.orientation) == (4, 4, .forward))
    let wide = try Comparison().compare([long, .foxo1], [.foxo1])
    #expect(wide.skippedQueries == [0])
    #expect(wide.matches.map(\.query) == [1])
  }

  @Test func whatModesDoNotHave() {
    let motif = [Motif.foxo1]
    var zero = Motif.foxo1
    zero.frequencies = FrequencyMatrix(rows: [[1, 0, 0, 0]])
    #expect(throws: InputError.self) { try Comparison(mode: .lite, distance: .pearson).compare(motif, motif) }
    #expect(throws: InputError.self) { try Comparison(mode: .lite, minimumOverlap: 3).compare(motif, motif) }
    #expect(throws: InputError.self) { try Comparison().compare([], motif) }
    #expect(throws: InputError.self) { try Comparison().compare(motif, []) }
    #expect(throws: InputError.self) {
      try Comparison(distance: .allr, pseudocount: 0).compare([zero], motif)
    }
    #expect(throws: InputError.self) { try Comparison(pseudocount: .nan).compare(motif, motif) }
  }
}
