import Evaluation
import Motifs
import NeuralNetworks
import Sequences
import Statistics
import Testing

private func foxo1(jitter: Int = 0) throws -> PlantedSimulation {
  try PlantedSimulation(frequencies: Motif.foxo1.frequencies.rows, jitter: jitter)
}

@Suite struct PositionKnowledgeTests {
  @Test(arguments: [
    (Preset.v1, 0, 88, 1), (.v2, 0, 88, 1), (.v3, 6, 82, 2), (.v4, 12, 76, 4), (.v5, 20, 68, 8),
  ]) func presets(preset: Preset, first: Int, last: Int, step: Int) throws {
    let model = try foxo1()
    let knowledge = PositionKnowledge.network(try preset.architecture(length: 100), in: model)
    #expect(knowledge.starts == Array(stride(from: first, through: last, by: step)))
    #expect(knowledge.starts.contains(model.center))
    let weight = 1 / Double(knowledge.starts.count)
    #expect(knowledge.weights.allSatisfy { abs($0 - weight) < 1e-15 })
  }

  @Test func fieldOfTheLastConvolution() throws {
    #expect(
      LastField(try Preset.v5.architecture(length: 100)) == LastField(size: 45, stride: 8, units: 7))
    let padded = try Architecture(
      input: .dna(length: 50),
      layers: [
        .convolution1D(Convolution1D(filters: 2, kernelSize: 5, padding: .same)),
        .maxPooling1D(MaxPooling1D(3)),
        .convolution1D(Convolution1D(filters: 2, kernelSize: 3, padding: .same, dilation: 2)),
        .globalMaxPooling1D, .dense(Dense(1)),
      ])
    #expect(LastField(padded) == LastField(first: -8, size: 19, stride: 3, units: 16))
    let flat = try Architecture(
      input: .dna(length: 100),
      layers: [.convolution1D(Convolution1D(filters: 2, kernelSize: 12)), .flatten, .dense(Dense(1))])
    #expect(LastField(flat) == nil)
    #expect(PositionKnowledge.network(flat, in: try foxo1()).starts == [44])
  }

  @Test func jitterWidensTheCandidates() throws {
    let v5 = try Preset.v5.architecture(length: 100)
    // Three phases of eight, each with its own windows; the nearest offsets to 16.5 are 19, 20 and 13.
    let three = PositionKnowledge.network(v5, in: try foxo1(jitter: 1))
    let expected: [Int] = (0..<7).flatMap { (unit: Int) -> [Int] in [13, 19, 20].map { $0 + 8 * unit } }
      .sorted()
    #expect(three.starts == expected)
    #expect(three.weights.allSatisfy { abs($0 - 1.0 / 21) < 1e-15 })
    // All phases: nothing is left but the range of the starts.
    let all = PositionKnowledge.network(v5, in: try foxo1(jitter: 40))
    #expect(all.starts == Array(4...84))
    #expect(PositionKnowledge.everything(try foxo1(jitter: 2)).starts == [42, 43, 44, 45, 46])
  }
}

@Suite struct CeilingTests {
  /// 200,000 sequences a class by numpy, log-likelihood ratio of the mixture over the windows, threshold 0.
  static let known: [(Preset?, Int, Double)] = [
    (.v1, 89, 0.8443), (.v2, 89, 0.8443), (.v3, 39, 0.8817), (.v4, 17, 0.9141), (.v5, 7, 0.9408),
    (nil, 1, 0.9781),
  ]

  @Test func ceilingsOfTheExercise() throws {
    let model = try foxo1()
    let knowledge = try Self.known.map { preset, _, _ in
      try preset.map { PositionKnowledge.network(try $0.architecture(length: 100), in: model) }
        ?? .everything(model)
    }
    let ceilings = Ceiling.measure(model, knowledge: knowledge, sequencesPerClass: 10_000)
    for (ceiling, (preset, windows, accuracy)) in zip(ceilings, Self.known) {
      #expect(ceiling.windows == windows)
      let error = (accuracy * (1 - accuracy) * (1 / 20_000 + 1 / 400_000)).squareRoot()
      #expect(
        abs(ceiling.accuracy.value - accuracy) < 4 * error, "\(preset as Any) \(ceiling.accuracy.value)")
      #expect(ceiling.accuracy.low < ceiling.accuracy.value && ceiling.accuracy.value < ceiling.accuracy.high)
    }
  }

  /// A site of three positions in six bases: few enough sequences to add up the accuracy over all of them.
  @Test(arguments: [0, 1], [false, true])
  func agreesWithListingAllSequences(jitter: Int, knowing: Bool) throws {
    let motif: [[Double]] = [[0.7, 0.1, 0.1, 0.1], [0, 0.5, 0.25, 0.25], [0.1, 0.2, 0.3, 0.4]]
    let model = try PlantedSimulation(frequencies: motif, length: 6, jitter: jitter)
    let knowledge: PositionKnowledge = knowing ? .everything(model) : .nothing(model)
    var exact = 0.0
    for word in 0..<4096 {
      let bases = (0..<6).map { word >> (2 * $0) & 3 }
      let ratio = { (start: Int) in (0..<3).reduce(1.0) { $0 * motif[$1][bases[start + $1]] * 4 } }
      let believed = zip(knowledge.starts, knowledge.weights).reduce(0.0) { $0 + $1.1 * ratio($1.0) }
      let planted = model.starts.reduce(0.0) { $0 + ratio($1) } / Double(model.starts.count)
      exact += (believed > 1 ? planted : 1) / 2 / 4096
    }
    let measured = Ceiling.measure(model, knowledge: [knowledge], sequencesPerClass: 20_000, seed: 3)[0]
    #expect(abs(measured.accuracy.value - exact) < 4 * measured.standardError, "\(measured) \(exact)")
  }

  @Test func independentOfThreads() throws {
    let model = try foxo1(jitter: 3)
    let one = Ceiling.measure(model, knowledge: [.nothing(model)], sequencesPerClass: 5000, threads: 1)
    #expect(
      Ceiling.measure(model, knowledge: [.nothing(model)], sequencesPerClass: 5000, threads: 3) == one)
    #expect(Ceiling.measure(model, knowledge: [.nothing(model)], sequencesPerClass: 5000, seed: 1) != one)
  }
}
