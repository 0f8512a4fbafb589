import Interpretation
import NeuralNetworks
import Runtime
import Sequences
import Testing

/// Explanations in fused stages, on every instruction set, and layer by layer against a textbook's in Double.
@Suite struct AttributionPlanTests {
  private static let twoStrands = "the better strand"

  /// Networks that have a plan: channels that fill no block, paddings, windows of every size, dense layers after each passage.
  static let stacks: [(name: String, layers: [Layer])] = [
    ("v5", Preset.v5.layers), ("v1", Preset.v1.layers),
    ("DeepSTARR, a quarter as wide", quarter(Preset.deepstarr.layers)),
    ("Zeng", Preset.zeng2016.layers),
    (
      twoStrands,
      [
        convolution(16, 24, padding: .same, strands: .maximum), .globalMaxPooling1D,
        .dense(Dense(32, activation: .relu)), .dropout(Dropout(0.5)), .dense(Dense(1)),
      ]
    ),
    (
      "every window that touches",
      [
        convolution(10, 9, padding: .full), .maxPooling1D(MaxPooling1D(3)), convolution(7, 4, padding: .full),
        .globalMaxPooling1D, .dense(Dense(2)),
      ]
    ),
    (
      "mean over positions",
      [
        convolution(19, 7, padding: .same), .maxPooling1D(MaxPooling1D(3)), convolution(35, 4),
        .globalAveragePooling1D,
        .dropout(Dropout(0.2)), .dense(Dense(5, activation: .relu)), .dense(Dense(2)),
      ]
    ),
    (
      "ReLU after the maximum, two maxima, both strands",
      [
        convolution(9, 6, strands: .concatenation, .linear), .maxPooling1D(MaxPooling1D(2)),
        .activation(ActivationLayer(.relu)), convolution(70, 3, padding: .same),
        .maxPooling1D(MaxPooling1D(2)),
        .maxPooling1D(MaxPooling1D(3)), convolution(17, 2, .linear), .flatten, .dense(Dense(3)),
      ]
    ),
    (
      "a wide window", [convolution(33, 13), .maxPooling1D(MaxPooling1D(11)), .flatten, .dense(Dense(2))]
    ),
  ]

  private static func convolution(
    _ filters: Int, _ size: Int, padding: Padding = .valid, strands: StrandMerge? = nil,
    _ activation: Activation = .relu
  ) -> Layer {
    .convolution1D(
      Convolution1D(
        filters: filters, kernelSize: size, padding: padding, reverseComplement: strands,
        activation: activation))
  }

  private static func quarter(_ layers: [Layer]) -> [Layer] {
    layers.enumerated().map { index, layer in
      switch layer.kind {
      case .convolution1D(var convolution):
        convolution.filters /= 4
        return .convolution1D(convolution)
      case .dense(var dense) where index < layers.count - 1:
        dense.units /= 4
        return .dense(dense)
      default: return layer
      }
    }
  }

  private static func network(_ index: Int) throws -> Network {
    var network = Network(
      architecture: try Architecture(input: .dna(length: 90), layers: stacks[index].layers), seed: 31)
    network.perturbBiases(seed: 31)
    return network
  }

  /// The largest difference as a share of the largest value.
  private static func difference(_ a: [Float], _ b: [Float]) -> Float {
    guard a.count == b.count, a.allSatisfy(\.isFinite) else { return .infinity }
    let most = b.reduce(0) { max($0, abs($1)) }
    return zip(a, b).reduce(0) { max($0, abs($1.0 - $1.1)) } / most
  }

  private static let sequences = randomSequences(5, length: 90, seed: 8)
  /// Other sequences as references; some windows are the same in both.
  private static let references: SequenceSet = {
    var codes = randomSequences(7, length: 90, seed: 9).codes
    for i in sequences.codes.indices where i % 90 < 20 { codes[i] = sequences.codes[i] }
    return SequenceSet(codes: codes, starts: (0...7).map { $0 * 90 })
  }()

  /// Repeats of 1, 2, 3, 4, 7 and 24 bases beside others, and unknown bases on both sides.
  private static let repeats: SequenceSet = {
    var codes = randomSequences(7, length: 90, seed: 10, unknown: false).codes
    for (sequence, period) in [1, 2, 3, 4, 7, 24].enumerated() {
      let first = sequence * 90 + (period < 4 ? 20 : 0)
      for i in first + period..<first + 70 { codes[i] = codes[i - period] }
    }
    for i in 540..<630 where i < 565 || i >= 600 { codes[i] = Nucleotide.unknown }
    return SequenceSet(codes: codes, starts: (0...7).map { $0 * 90 })
  }()

  private static var routes: [(name: String, route: AttributionRoute)] {
    [("layers", .layerwise)] + Kernels.available.map { ($0.name, .planned($0)) }
  }

  private static let methods: [AttributionMethod] = [
    .gradient, .mutagenesis, .integratedGradients(steps: 11),
    .integratedGradients(steps: 30, reference: .given(references)), .deepSHAP(reference: .zeros),
    .deepSHAP(reference: .dinucleotideShuffles(3)), .deepSHAP(reference: .given(references)),
  ]

  @Test(arguments: stacks.indices) func routesAgreeWithTheReference(_ index: Int) throws {
    try Self.compareRoutes(index, Self.sequences, Self.methods)
  }

  /// Where bases repeat, windows are equal and the first of them is the maximum, whatever product computes them.
  @Test(arguments: stacks.indices) func repeatsAreDecidedAsInTheReference(_ index: Int) throws {
    try Self.compareRoutes(index, Self.repeats, Self.methods)
    try Self.compareMaps(index, Self.repeats)
  }

  private static func compareRoutes(_ index: Int, _ sequences: SequenceSet, _ methods: [AttributionMethod])
    throws
  {
    let network = try Self.network(index)
    for method in methods {
      // The better of two strands has a rule in fused stages only: `bothStrandsAddUp`.
      if case .deepSHAP = method, Self.stacks[index].name == Self.twoStrands { continue }
      var options = AttributionOptions()
      options.isHypothetical = true
      let found = try Self.routes.map { name, route in
        options.route = route
        return (name, try network.attributions(method, of: sequences, options: options).values)
      }
      var compared = 0
      for sequence in 0..<sequences.count {
        guard let expected = try Self.expected(method, sequences, sequence, network) else { continue }
        compared += 1
        for (name, values) in found {
          let part = values[sequence * 360..<sequence * 360 + 360]
          let difference = Self.difference(Array(part), expected)
          #expect(
            difference < Self.rounding(method, name),
            "\(Self.stacks[index].name), \(method.name), \(name), sequence \(sequence): \(difference)")
        }
      }
      #expect(compared > 0)
    }
  }

  /// Outputs that hardly differ are subtracted by brute force, and small differences divided by small ones in DeepLIFT.
  private static func rounding(_ method: AttributionMethod, _ route: String) -> Float {
    switch method {
    case .mutagenesis where route == "layers", .deepSHAP: 5e-5
    default: 1e-5
    }
  }

  /// (4, L) in Double; nil where rounding to Float could take another turn.
  private static func expected(
    _ method: AttributionMethod, _ sequences: SequenceSet, _ index: Int, _ network: Network
  ) throws -> [Float]? {
    var reference = ReferenceExplanation(network, output: 0)
    let codes = Array(sequences[index])
    var rows: [Double]
    switch method {
    case .gradient, .inputXGradient: rows = reference.gradient(codes)
    case .mutagenesis:
      // Of all other methods a mutant for every base would take too long.
      if index > 0 { return nil }
      rows = reference.mutagenesis(codes)
    case .integratedGradients(let steps, let kind):
      let start = try ReferenceSource(kind, of: sequences, seed: 0).codes(index, copy: 0, by: .init())
      rows = reference.integratedGradients(codes, from: start, steps: steps)
      if reference.margin < 5e-7 { return nil }
    case .smoothGrad, .guidedBackpropagation, .expectedGradients, .exactIntegratedGradients, .occlusion,
      .masking, .deletion, .insertion:
      // Layer by layer alone.
      return nil
    case .deepSHAP(let kind, _):
      let source = try ReferenceSource(kind, of: sequences, seed: 0)
      rows = [Double](repeating: 0, count: 4 * codes.count)
      for copy in 0..<source.count {
        let values = reference.deepLIFT(codes, from: source.codes(index, copy: copy, by: .init()))
        for i in rows.indices { rows[i] += values[i] / Double(source.count) }
      }
    }
    return (0..<4).flatMap { base in codes.indices.map { Float(rows[4 * $0 + base]) } }
  }

  @Test(arguments: stacks.indices) func mapsAgreeWithLayers(_ index: Int) throws {
    try Self.compareMaps(index, Self.sequences)
  }

  private static func compareMaps(_ index: Int, _ sequences: SequenceSet) throws {
    let network = try Self.network(index)
    for layer in network.architecture.convolutions {
      for method in ClassActivationMethod.allCases where method.usesGradients {
        func maps(_ route: AttributionRoute) throws -> [Float] {
          try network.classActivationMaps(
            method, of: sequences, layer: layer, output: 0, isRectified: false, threads: 2, route: route
          ).values
        }
        let expected = try maps(.layerwise)
        for kernels in Kernels.available {
          let difference = Self.difference(try maps(.planned(kernels)), expected)
          #expect(difference < 2e-5, "\(Self.stacks[index].name), \(method), \(kernels.name): \(difference)")
        }
      }
    }
  }

  /// The better of two strands is a maximum of two, so the values add up.
  @Test func bothStrandsAddUp() throws {
    let network = Network(input: .dna(length: 60), seed: 4) {
      Convolution1D(filters: 5, kernelSize: 8, padding: .same, reverseComplement: .maximum, activation: .relu)
      GlobalMaxPooling1D()
      Dense(3, activation: .relu)
      Dense(1)
    }
    let sequences = randomSequences(4, length: 60, unknown: false)
    for kernels in Kernels.available {
      var options = AttributionOptions()
      options.route = .planned(kernels)
      let method = AttributionMethod.deepSHAP(reference: .dinucleotideShuffles(4))
      let result = try network.attributions(method, of: sequences, options: options)
      #expect(result.residuals.allSatisfy { abs($0) < 1e-5 } && result.values.contains { $0 != 0 })
      #expect(result.withoutContrast.isEmpty)
    }
  }

  @Test func shufflesOfOneBaseSayNothing() throws {
    let network = Network(input: .dna(length: 30), seed: 4) {
      Convolution1D(filters: 5, kernelSize: 8, activation: .relu)
      GlobalMaxPooling1D()
      Dense(1)
    }
    let codes = [UInt8](repeating: 2, count: 30) + randomSequences(1, length: 30, unknown: false).codes
    let result = try network.attributions(.deepSHAP(), of: SequenceSet(codes: codes, starts: [0, 30, 60]))
    #expect(result.withoutContrast == [0])
    #expect(result.standardErrors.count == 60 && result.standardErrors[..<30].allSatisfy { $0 == 0 })
  }

  /// Sequences beside others that differ in no base, one, one that is or becomes unknown, two, and all: in whole passes and in
  /// updates on every instruction set.
  @Test(arguments: stacks.indices) func pairsAgreeWithWholePasses(_ index: Int) throws {
    let network = try Self.network(index)
    var (first, second): ([UInt8], [UInt8]) = ([], [])
    func add(_ change: (inout [UInt8]) -> Void) {
      var codes = Array(Self.references[first.count / 90 % 7])
      first += codes
      change(&codes)
      second += codes
    }
    add { _ in }
    for position in stride(from: 0, to: 90, by: 7) {
      for step: UInt8 in 1...3 { add { $0[position] = $0[position] < 4 ? ($0[position] + step) % 4 : step } }
    }
    add { $0[40] = Nucleotide.unknown }
    add { $0[89] = Nucleotide.unknown }
    add { ($0[10], $0[80]) = (($0[10] + 1) % 4, ($0[80] + 1) % 4) }
    add { $0.reverse() }
    let starts = Array(stride(from: 0, through: first.count, by: 90))
    let pair = (SequenceSet(codes: first, starts: starts), SequenceSet(codes: second, starts: starts))
    let expected = try network.pairedLogits(pair.0, pair.1, route: .layerwise)
    #expect(expected.first == (try network.logits(of: pair.0)))
    for (name, route) in Self.routes {
      let found = try network.pairedLogits(pair.0, pair.1, route: route, threads: 3)
      #expect(Self.difference(found.first, expected.first) < 1e-5, "\(name)")
      #expect(Self.difference(found.second, expected.second) < 1e-5, "\(name)")
      #expect(
        found.first[..<network.architecture.outputCount] == found.second[..<network.architecture.outputCount])
    }
  }

  @Test func threadsDoNotMatter() throws {
    let network = try Self.network(2)
    for method in AttributionMethod.all {
      let one = try network.attributions(method, of: Self.sequences, threads: 1)
      let three = try network.attributions(method, of: Self.sequences, threads: 3)
      #expect(one.values == three.values && one.standardErrors == three.standardErrors)
    }
  }
}
