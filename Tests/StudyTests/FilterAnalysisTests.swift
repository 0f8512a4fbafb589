import Interpretation
import Motifs
import NeuralNetworks
import Runtime
import Sequences
import Statistics
import Study
import Testing

/// What a study, `motifkit filters` and the history of a training say of filters.
@Suite struct FilterAnalysisTests {
  /// Two filters of width 4 with batch normalization after them; the first answers to TATA, the second the less the
  /// more its weights are met, since its γ is negative.
  private static func network() throws -> Network {
    let architecture = try Architecture(
      input: .dna(length: 20),
      layers: [
        .convolution1D(Convolution1D(filters: 2, kernelSize: 4)), .batchNormalization(BatchNormalization()),
        .activation(ActivationLayer(.relu)), .globalMaxPooling1D, .dense(Dense(1)),
      ])
    var network = Network(architecture: architecture, seed: 1)
    func set(_ layer: Int, _ name: TensorRole, _ values: [Float]) {
      let tensor = architecture.tensor(layer, name)!
      network.parameters.replaceSubrange(tensor.offset..<tensor.offset + tensor.count, with: values)
    }
    let word = [3, 0, 3, 0]
    let kernel = (0..<4).flatMap { position in
      (0..<4).flatMap { base -> [Float] in [word[position] == base ? 1 : -1, word[position] == base ? -1 : 1]
      }
    }
    set(0, .kernel, kernel)
    set(0, .bias, [0, 0])
    set(1, .scale, [3, -2])
    set(1, .shift, [0, 0])
    set(1, .mean, [0, 0])
    set(1, .variance, [0.25, 0.25])
    return network
  }

  /// Half of the sequences have TATA in the middle.
  private static func sequences() throws -> LabeledSequences {
    var random = CounterRandom(seed: 5, purpose: .simulation)
    var set = LabeledSequences(SequenceSet())
    for index in 0..<60 {
      var codes = (0..<20).map { _ in UInt8(random.below(4)) }
      if index % 2 == 0 { codes.replaceSubrange(8..<12, with: [3, 0, 3, 0]) }
      set = set.joined(
        with: LabeledSequences(
          SequenceSet(codes: codes, starts: [0, 20], names: ["s\(index)"]), label: index % 2 == 0 ? 1 : 0))
    }
    return set
  }

  private static let targets = [
    Motif(
      identifier: "TATA.1", name: "TATA",
      frequencies: CountMatrix(rows: [[0, 0, 0, 9], [9, 0, 0, 0], [0, 0, 0, 9], [9, 0, 0, 0]]).frequencies()),
    Motif(
      identifier: "CCGG.1",
      frequencies: CountMatrix(rows: [[0, 9, 0, 0], [0, 9, 0, 0], [0, 0, 9, 0], [0, 0, 9, 0]]).frequencies()),
  ]

  @Test("weights have the normalization folded in, with its sign") func weightsAreFolded() throws {
    let analysis = try FilterAnalysis(Self.network(), on: Self.sequences(), targets: [])
    // γ / √(variance + ε): 3 / √0.251 and −2 / √0.251.
    let scale = BatchNormalization().epsilon
    let first = 3 / (0.25 + Double(scale)).squareRoot()
    #expect(abs(analysis.weights[0][0][3] - first) < 1e-4 && abs(analysis.weights[0][0][0] + first) < 1e-4)
    let second = 2 / (0.25 + Double(scale)).squareRoot()
    #expect(abs(analysis.weights[1][1][0] - second) < 1e-4 && abs(analysis.weights[1][1][1] + second) < 1e-4)
  }

  @Test("names, information and enrichment belong to the motif that the rule found") func names() throws {
    let analysis = try FilterAnalysis(
      Self.network(), on: Self.sequences(), targets: Self.targets, null: .synthetic(seed: 0))
    let reading = analysis.readings[0]
    #expect(analysis.filters == 2 && reading.rule == .halfMax && reading.motifs.count == 2)
    let best = try #require(reading.best[0])
    #expect(best.target.identifier == "TATA.1" && best.match.offset == 0 && best.match.overlap == 4)
    #expect(reading.byMatch.first == 0)
    let enrichment = try #require(reading.enrichment[0])
    #expect(enrichment.rank.auroc > 0.8)
    #expect(abs(analysis.namingRule.greatestEValue - 0.025) < 1e-12)
    // E counts both targets.
    #expect(abs(best.match.eValue - 2 * best.match.pValue) < 1e-12)
    #expect((reading.names[0] != nil) == (best.match.eValue <= 0.025))
  }

  @Test("nothing to compare with names nothing") func noTargets() throws {
    let analysis = try FilterAnalysis(Self.network(), on: Self.sequences(), targets: [])
    #expect(analysis.readings[0].best.allSatisfy { $0 == nil } && analysis.null.isEmpty)
    #expect(analysis.readings[0].names.allSatisfy { $0 == nil })
  }

  @Test("trimming shortens what is compared, named and written") func trimming() throws {
    let (network, sequences) = (try Self.network(), try Self.sequences())
    let whole = try FilterAnalysis(network, on: sequences, targets: Self.targets).readings[0]
    let bits = whole.motifs[1].informationContent
    let cut = try #require(bits.max()) - 1e-9
    let trimmed = try FilterAnalysis(network, on: sequences, targets: Self.targets, trim: cut).readings[0]
    let range = try #require(whole.motifs[1].trimmed(below: cut))
    #expect(trimmed.trimmed[1]?.width == range.count && range.count < 4)
    #expect(trimmed.consensus(1) == String(Array(whole.consensus(1))[range]))
    #expect(abs(trimmed.information[1] - bits[range].reduce(0, +)) < 1e-12)
    let none = try FilterAnalysis(network, on: sequences, targets: Self.targets, trim: 3).readings[0]
    #expect(none.trimmed.allSatisfy { $0 == nil } && none.ranking.isEmpty && none.consensus(0).isEmpty)
  }

  @Test("the seed is that of the enrichment") func seed() throws {
    let (network, sequences) = (try Self.network(), try Self.sequences())
    func central(_ seed: UInt64) throws -> [MotifEnrichment?] {
      try FilterAnalysis(network, on: sequences, targets: [], seed: seed).readings[0].enrichment
    }
    let motifs = try FilterAnalysis(network, on: sequences, targets: []).readings[0].trimmed
    func part(_ label: UInt8) -> SequenceSet {
      sequences.sequences.subset(sequences.labels.indices.filter { sequences.labels[$0] == label })
    }
    for seed in [UInt64(1), 9] {
      let expected = try MotifEnrichment.test(
        motifs.compactMap { $0?.weights() }, positives: part(1), negatives: part(0), seed: seed)
      let found = try central(seed).compactMap { $0 }
      #expect(found.map(\.central?.hitsInRegion) == expected.map(\.central?.hitsInRegion))
      #expect(found.map(\.central?.log10PValue) == expected.map(\.central?.log10PValue))
    }
  }
}
