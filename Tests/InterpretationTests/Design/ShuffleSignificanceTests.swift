import Interpretation
import NeuralNetworks
import Runtime
import Sequences
import Statistics
import Testing

@Suite struct ShuffleSignificanceTests {
  @Test func ranksEndEarlyAndAreTheFormulas() {
    var rank = SequentialPValue(enough: 3, limit: 10)
    for isAsLarge in [false, true, false, true, false, true, true, true] { rank.add(isAsLarge: isAsLarge) }
    #expect(rank.isDone && rank.draws == 6 && rank.value == 3.0 / 6)
    var rare = SequentialPValue(enough: 3, limit: 10)
    for number in 0..<12 { rare.add(isAsLarge: number == 4) }
    #expect(rare.isDone && rare.draws == 10 && rare.value == 2.0 / 11)
  }

  /// Of draws from the same distribution a p-value of p or less comes in a share of p at most.
  @Test func pValuesAreValid() {
    var random = CounterRandom(seed: 2, purpose: .sampling)
    let values = (0..<4000).map { _ -> Double in
      let own = random.uniform()
      var rank = SequentialPValue(enough: 5, limit: 99)
      while !rank.isDone { rank.add(isAsLarge: random.uniform() >= own) }
      return rank.value
    }
    for level in [0.01, 0.05, 0.1, 0.5] {
      let share = Double(values.count { $0 <= level }) / 4000
      #expect(share <= level + 3 * (level * (1 - level) / 4000).squareRoot(), "\(level)")
    }
  }

  @Test func outputsRankAmongTheirShuffles() throws {
    let network = try GoldenAttribution.network()
    let sequences = GoldenAttribution.sequences
    let ranks = try network.shufflePValues(of: sequences, enough: 4, limit: 60, seed: 3)
    let own = try network.logits(of: sequences)
    let shuffled = try (0..<60).map {
      try network.logits(of: sequences.shuffled(order: 2, seed: 3, copy: $0))
    }
    for (index, rank) in ranks.enumerated() {
      var expected = SequentialPValue(enough: 4, limit: 60)
      for copy in 0..<60 { expected.add(isAsLarge: shuffled[copy][index] >= own[index]) }
      #expect(rank == expected)
    }
    let second = try network.shufflePValues(
      of: sequences.subset([1]), enough: 4, limit: 60, seed: 3, first: 1, threads: 1)
    #expect(second == [ranks[1]])
  }

  @Test func positionsRankAmongControls() throws {
    let significance = PositionSignificance(values: [3, -0.5, 0, -9], controls: [1, -2, 0.5, -3, 0])
    let sixths: [Double] = [2, 5, 6, 1]
    #expect(significance.pValues == sixths.map { $0 / 6 })
    #expect(significance.qValues == FalseDiscovery.benjaminiHochberg(significance.pValues))
    let network = try GoldenAttribution.network()
    let found = try network.significance(
      of: .attribution(.gradient), of: GoldenAttribution.sequences, shuffles: 4)
    #expect(found.pValues.count == 90 && found.pValues.allSatisfy { $0 >= 1.0 / 361 && $0 <= 1 })
    #expect(throws: InputError.self) {
      try network.significance(of: .attribution(.gradient), of: SequenceSet(), shuffles: 4)
    }
  }
}
