import Interpretation
import NeuralNetworks
import Runtime
import Sequences
import Testing

/// The network, sequences and references of Golden/attributions.py.
enum GoldenAttribution {
  static let length = 30

  private static func codes(_ range: Range<Int>) -> [UInt8] {
    range.map { (i: Int) -> UInt8 in
      let mixed: Int = i * i * 31 + i * 17 + (i >> 3) * 5 + (i >> 5) * 3
      return UInt8(mixed % 97 % 4)
    }
  }

  static let sequences = SequenceSet(codes: codes(0..<90), starts: [0, 30, 60, 90])
  static let references = SequenceSet(codes: codes(90..<180), starts: [0, 30, 60, 90])

  static func network() throws -> Network {
    let architecture = try Architecture(
      input: .dna(length: length),
      layers: [
        .convolution1D(Convolution1D(filters: 6, kernelSize: 5, activation: .relu)),
        .maxPooling1D(MaxPooling1D(2)),
        .convolution1D(Convolution1D(filters: 5, kernelSize: 4, activation: .relu)), .globalMaxPooling1D,
        .dense(Dense(3, activation: .relu)), .dense(Dense(1)),
      ])
    let numbers = (0..<architecture.parameterCount).map { Float(sine(0.7 * Double($0) + 1) * 0.4) }
    return Network(architecture: architecture, parameters: numbers)
  }

  /// Whether values agree with what a `show` of the script printed.
  static func agrees(_ values: [Float], total: Double, picks: [Double]) -> Bool {
    let sum = values.reduce(0) { $0 + Double(abs($1)) }
    let step = values.count / 11
    let close = picks.enumerated().allSatisfy { abs(Double(values[$0 * step]) - $1) < 2e-6 + 2e-5 * abs($1) }
    return abs(sum - total) < 1e-4 * total && close
  }
}

@Suite struct AttributionTests {
  private let network: Network
  private let sequences = GoldenAttribution.sequences

  init() throws { network = try GoldenAttribution.network() }

  @Test func gradientAgreesWithPyTorch() throws {
    let logits = try network.logits(of: sequences)
    for (logit, golden) in zip(logits, [0.0997341126203537, 0.09882839769124985, 0.13401751220226288]) {
      #expect(abs(Double(logit) - golden) < 1e-6)
    }
    let gradient = try network.attributions(.gradient, of: sequences)
    #expect(
      GoldenAttribution.agrees(
        gradient.values, total: 3.116029,
        picks: [
          0, 0.0080378717, 0.020264186, 0.0013228275, -0.015409018, -0.0098666102, 0.0011160135, 0,
          -0.020093393, -0.013076794, -0.0087074628, 0.0049565411,
        ]))
    let present = try network.attributions(.inputXGradient, of: sequences)
    for (index, isThere) in gradient.oneHot.enumerated() {
      #expect(present.values[index] == (isThere == 1 ? gradient.values[index] : 0))
    }
    #expect(present.scores.count == 90 && gradient.scores == present.scores)
  }

  @Test func integratedGradientsAgreeWithCaptum() throws {
    let result = try network.attributions(.integratedGradients(), of: sequences)
    #expect(
      GoldenAttribution.agrees(
        result.values, total: 0.3482706,
        picks: [0, -0.0005893007, 0, 0, 0, 0, 0, 0, -0.010577094, 0, 0, 0.0078996327]))
  }

  @Test func deepLIFTAgreesWithTangermeme() throws {
    let zeros = try network.attributions(.deepSHAP(reference: .zeros), of: sequences)
    #expect(
      GoldenAttribution.agrees(
        zeros.values, total: 0.4379118,
        picks: [0, -0.0014328799, 0, 0, 0, 0, 0, 0, -0.0091795791, 0, 0, 0.015480507]))
    let method = AttributionMethod.deepSHAP(reference: .given(GoldenAttribution.references))
    let given = try network.attributions(method, of: sequences)
    #expect(
      GoldenAttribution.agrees(
        given.values, total: 0.35774776,
        picks: [0, 0.0083135879, 0, 0, 0, 0, 0, 0, -0.015777374, 0, 0, 0]))
    var options = AttributionOptions()
    options.isHypothetical = true
    let all = try network.attributions(method, of: sequences, options: options)
    #expect(
      GoldenAttribution.agrees(
        all.values, total: 1.6555963,
        picks: [
          0, 0.0083135879, 0.040600132, 0, -0.016046792, -0.018571708, -0.015372677, 0, -0.015777374,
          0.0012612916, -0.0053506615, 0,
        ]))
    #expect((zeros.residuals + given.residuals).allSatisfy { abs($0) < 1e-6 })
    #expect(all.scores == given.scores)
  }

  /// Against central differences of logits of inputs that are not one-hot.
  @Test(arguments: Architectures.all.indices) func gradientAgreesWithDifferences(_ index: Int) throws {
    let architecture = try Architecture(input: .dna(length: 100), layers: Architectures.all[index].layers)
    var network = Network(architecture: architecture, seed: 21)
    network.perturbBiases(seed: 21)
    let one = randomSequences(1, length: 100, seed: 5)
    let gradient = try network.attributions(.gradient, of: one)
    let last = architecture.layers.count - 1
    let places = (0..<40).map { ($0 * 7 % 100, $0 % 4) }
    let step: Float = 1.0 / 256
    let values = network.trace(
      count: 2 * places.count,
      input: { item, values in
        let (position, base) = places[item / 2]
        values = (0..<400).map { Int(one.codes[$0 / 4]) == $0 % 4 ? 1 : 0 }
        values[4 * position + base] += item % 2 == 0 ? step : -step
      }
    ) { trace, indices in
      let outputs = trace.output(layer: last)
      return (0..<indices.count).map { outputs[$0 * outputs.count / indices.count] }
    }.flatMap { $0 }
    var agreeing = 0
    for (number, (position, base)) in places.enumerated() {
      let difference = (values[2 * number] - values[2 * number + 1]) / (2 * step)
      // A kink of ReLU or a change of winner inside the step makes a few differ.
      if abs(difference - gradient[0, base, position]) < 2e-3 { agreeing += 1 }
    }
    #expect(agreeing >= places.count - 4, "\(Architectures.all[index].name)")
  }

  /// Attributions add up to the change of the logit, for shuffles too and whatever the number of threads.
  @Test(arguments: [
    AttributionMethod.integratedGradients(steps: 400, reference: .dinucleotideShuffles(3)),
    .deepSHAP(reference: .dinucleotideShuffles(3)),
  ]) func attributionsAddUp(_ method: AttributionMethod) throws {
    var options = AttributionOptions()
    let result = try network.attributions(method, of: sequences, options: options)
    #expect(result.residuals.allSatisfy { abs($0) < 2e-3 })
    let again = try network.attributions(method, of: sequences, options: options, threads: 1)
    #expect(again.values == result.values)
    options.seed = 1
    #expect(try network.attributions(method, of: sequences, options: options).values != result.values)
  }

  /// DeepLIFT adds up through every kind of layer it has rules for.
  @Test func deepLIFTThroughOtherLayers() throws {
    let method = AttributionMethod.deepSHAP(reference: .dinucleotideShuffles(2))
    for (name, layers, _) in Architectures.all where name != "the better strand" {
      var network = Network(
        architecture: try Architecture(input: .dna(length: 100), layers: layers), seed: 22)
      network.perturbBiases(seed: 22)
      let result = try network.attributions(
        method, of: randomSequences(3, length: 100, unknown: false))
      #expect(result.residuals.allSatisfy { abs($0) < 1e-4 }, "\(name)")
    }
    let residual = Network(input: .dna(length: 40), seed: 2) {
      Convolution1D(filters: 8, kernelSize: 5, padding: .same, activation: .relu)
      Residual {
        Convolution1D(filters: 8, kernelSize: 3, padding: .same)
        BatchNormalization()
        ActivationLayer(.gelu)
      }
      GlobalMaxPooling1D()
      Dense(1)
    }
    let result = try residual.attributions(
      method, of: randomSequences(3, length: 40, unknown: false))
    #expect(result.residuals.allSatisfy { abs($0) < 1e-5 })
    let softmax = Network(input: .dna(length: 40)) {
      Convolution1D(filters: 2, kernelSize: 40)
      Flatten()
      Softmax()
    }
    let shares = try softmax.attributions(method, of: randomSequences(3, length: 40, unknown: false))
    #expect(shares.residuals.allSatisfy { abs($0) < 1e-5 } && shares.values.contains { $0 != 0 })
    let normalized = Network(input: .dna(length: 40)) {
      Convolution1D(filters: 2, kernelSize: 40)
      LayerNormalization()
      Flatten()
      Dense(1)
    }
    #expect(throws: InputError.self) {
      try normalized.attributions(.deepSHAP(), of: randomSequences(1, length: 40))
    }
  }

  /// Every single mutant written out.
  @Test func mutagenesisByHand() throws {
    var options = AttributionOptions()
    options.isHypothetical = true
    let effects = try network.attributions(.mutagenesis, of: sequences, options: options)
    let before = try network.logits(of: sequences)
    for (sequence, position) in [(0, 0), (1, 13), (2, 29), (2, 7)] {
      var changes = try (0..<4).map { base in
        var codes = Array(sequences[sequence])
        codes[position] = UInt8(base)
        return try network.logits(of: SequenceSet(codes: codes, starts: [0, 30]))[0] - before[sequence]
      }
      #expect(changes[Int(sequences[sequence][sequence * 30 + position])] == 0)
      let mean = changes.reduce(0, +) / 4
      changes = changes.map { $0 - mean }
      for base in 0..<4 { #expect(abs(effects[sequence, base, position] - changes[base]) < 1e-6) }
    }
    let present = try network.attributions(.mutagenesis, of: sequences)
    #expect(present.scores == effects.scores)
  }

  @Test func baseMeansAreSubtracted() throws {
    var options = AttributionOptions()
    options.subtractsBaseMeans = true
    let corrected = try network.attributions(.gradient, of: sequences, options: options)
    let plain = try network.attributions(.gradient, of: sequences)
    for place in 0..<90 {
      let (sequence, position) = (place / 30, place % 30)
      let row = (0..<4).map { plain[sequence, $0, position] }
      let mean = row.reduce(0, +) / 4
      for base in 0..<4 { #expect(abs(corrected[sequence, base, position] - (row[base] - mean)) < 1e-7) }
    }
  }

  @Test func wrongInputIsRefused() throws {
    var options = AttributionOptions()
    options.output = 1
    #expect(throws: InputError.self) { try network.attributions(.gradient, of: sequences, options: options) }
    options.output = 0
    #expect(throws: InputError.self) {
      try network.attributions(.deepSHAP(reference: .dinucleotideShuffles(0)), of: sequences)
    }
    #expect(throws: InputError.self) {
      try network.attributions(.integratedGradients(steps: 0), of: sequences)
    }
    options.subtractsBaseMeans = true
    #expect(throws: InputError.self) {
      try network.attributions(.mutagenesis, of: sequences, options: options)
    }
    #expect(throws: InputError.self) {
      try network.attributions(.gradient, of: randomSequences(2, length: 31))
    }
  }
}
