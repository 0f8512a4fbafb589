import Interpretation
import Motifs
import NeuralNetworks
import Runtime
import Sequences
import Statistics
import Testing

@Suite struct ExperimentTests {
  private let network: Network
  private let measure: ExperimentMeasure
  private let sequences = GoldenAttribution.sequences

  init() throws {
    network = try GoldenAttribution.network()
    measure = try ExperimentMeasure(network)
  }

  private func expect(_ effect: PairedEffect, _ golden: [Double], sign: Double = 1) {
    #expect(effect.differences.count == golden.count)
    for (value, golden) in zip(effect.differences, golden) { #expect(abs(sign * value - golden) < 1e-6) }
  }

  @Test func sitesAreTangermemes() throws {
    let site = try InsertedSite(letters: "TGTNTAC")
    let middle = try Marginalization([site], into: sequences, measure: measure)
    #expect(middle.rows.map(\.start) == [12])
    expect(middle.rows[0].effect, [0.0248376, 0.00572706, -0.04004344])
    let early = try Marginalization([site], into: sequences, starts: [4], measure: measure)
    expect(early.rows[0].effect, [0.01427136, -0.00485433, -0.04004344])
    let shap = try ExperimentMeasure(
      network, method: .attribution(.deepSHAP(reference: .zeros)))
    let attributed = try Marginalization(
      [try InsertedSite(letters: "TGTTTAC")], into: sequences, measure: shap)
    expect(attributed.rows[0].effect, [0.01115254, -0.0057164, -0.01978314])
  }

  @Test func spacingIsTangermemes() throws {
    let found = try SpacingExperiment(
      try InsertedSite(letters: "TGTT"), try InsertedSite(letters: "CACGA"), into: sequences,
      distances: [0, 3, 8], allStrands: false, measure: measure)
    let golden = [
      [-0.00135204, 0.005188, -0.00022151], [0.02885903, -0.00321204, -0.0195354],
      [-0.00576004, 0.00996898, -0.02574369],
    ]
    for (row, golden) in zip(found.rows, golden) { expect(row.both, golden) }
    for row in found.rows {
      let sum = row.firstAlone.effect.value + row.secondAlone.effect.value
      #expect(abs(row.interaction.value - (row.both.effect.value - sum)) < 1e-12)
    }
    let all = try SpacingExperiment(
      try InsertedSite(letters: "TGTT"), try InsertedSite(letters: "CACGA"), into: sequences,
      distances: [3], bothOrders: true, measure: measure)
    #expect(all.rows.count == 8)
    #expect(all.rows[0].both.differences == found.rows[1].both.differences)
  }

  @Test func ablationIsTangermemes() throws {
    let target = Ablation.Target("middle", places: Array(repeating: [10..<17], count: 3))
    let found = try Ablation([target], in: sequences, replacement: .unknown, measure: measure)
    expect(found.rows[0].loss, [0.00576004, 0.00485433, 0.02635958])
    let necessity = found.rows[0].loss.effect.value - found.rows[0].control.effect.value
    #expect(abs(found.rows[0].necessity.value - necessity) < 1e-12)
  }

  /// The mean over many shuffles of three bases is that over their six orders.
  @Test func shufflesAreUniform() throws {
    let target = Ablation.Target("three", places: Array(repeating: [13..<16], count: 3))
    let found = try Ablation([target], in: sequences, replacement: .shuffles(3000), measure: measure)
    let orders = [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]]
    for index in 0..<3 {
      let values = try orders.map { order -> Double in
        var codes = Array(sequences[index])
        codes.replaceSubrange(
          13..<16, with: order.map { sequences[index][sequences.starts[index] + 13 + $0] })
        return Double(try network.logits(of: SequenceSet(codes: codes, starts: [0, 30]))[0])
      }
      let own = Double(try network.logits(of: sequences)[index])
      let spread = (values.max()! - values.min()!) / 2
      let loss = own - values.reduce(0, +) / 6
      // Three standard errors at most.
      #expect(abs(found.rows[0].loss.differences[index] - loss) <= 3 * spread / 3000.0.squareRoot() + 1e-6)
    }
  }

  @Test func sitesOfMotifsAreTakenOutWhereTheyAre() throws {
    var codes = [UInt8](repeating: 0, count: 90)
    let letters = Nucleotide.codes("GCGTTTGCGC")!
    codes.replaceSubrange(40..<50, with: letters)
    let rows = letters.map { code in (0..<4).map { $0 == Int(code) ? 0.97 : 0.01 } }
    let motif = Motif(identifier: "m", frequencies: FrequencyMatrix(rows: rows))
    let set = SequenceSet(codes: codes, starts: [0, 30, 60, 90])
    let targets = Ablation.Target.sites(of: [motif], in: set, pValue: 1e-5)
    #expect(targets.map(\.places) == [[[], [10..<20], []]])
    let found = try Ablation(targets, in: set, measure: measure)
    #expect(found.rows.map(\.sequences) == [[1]])
    let none = try Ablation(
      [Ablation.Target("none", places: [[], [], []])], in: set, measure: measure)
    #expect(none.rows.isEmpty && none.absent == ["none"])
  }

  @Test func drawnSitesFollowTheMotif() throws {
    let frequencies = FrequencyMatrix(rows: [[0.7, 0.1, 0.1, 0.1], [0, 0.5, 0, 0.5]])
    let site = InsertedSite(Motif(identifier: "m", frequencies: frequencies))
    let drawn = (0..<4000).map(site.codes)
    #expect(abs(Double(drawn.count { $0[0] == 0 }) / 4000 - 0.7) < 0.03)
    #expect(drawn.allSatisfy { $0[1] == 1 || $0[1] == 3 })
    #expect(site.reversed.codes(7) == Nucleotide.reverseComplement(site.codes(7)))
    let consensus = InsertedSite(Motif(identifier: "m", frequencies: frequencies), isConsensus: true)
    #expect(consensus.codes(0) == [0, 1])
  }

  @Test func whatDoesNotFitIsRefused() throws {
    let site = try InsertedSite(letters: "TGTTTAC")
    #expect(throws: InputError.self) { try InsertedSite(letters: "NNN") }
    #expect(throws: InputError.self) { try InsertedSite(letters: "TGX!") }
    #expect(throws: InputError.self) {
      try Marginalization([site], into: sequences, starts: [24], measure: measure)
    }
    #expect(throws: InputError.self) { try Marginalization([site], into: SequenceSet(), measure: measure) }
    #expect(throws: InputError.self) {
      try SpacingExperiment(site, site, into: sequences, distances: [17], measure: measure)
    }
    #expect(throws: InputError.self) {
      try SpacingExperiment(site, site, into: sequences, distances: [Int.max], measure: measure)
    }
    #expect(throws: InputError.self) { try ExperimentMeasure(network, output: 1) }
    #expect(throws: InputError.self) { try SequenceSet.random(Int.max, length: 30) }
  }

  @Test func randomBackgroundsHaveTheirComposition() throws {
    let set = try SequenceSet.random(200, length: 100, gc: 0.3, seed: 4)
    let strong = Double(set.codes.count { $0 == 1 || $0 == 2 }) / 20_000
    #expect(abs(strong - 0.3) < 0.015)
    #expect(set.uniformLength == 100)
  }
}
