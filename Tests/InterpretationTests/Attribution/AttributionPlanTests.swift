import Interpretation
import NeuralNetworks
import Runtime
import Sequences
import Testing

/// Explanations in fused stages against the same layer by layer, on every instruction set.
@Suite
struct AttributionPlanTests {
  /// Networks that have a plan: channels that fill no block, paddings, windows of every size, dense layers after each passage.
  static let stacks: [(name: String, layers: [Layer])] = [
    ("v5", Preset.v5.layers), ("v1", Preset.v1.layers), ("DeepSTARR", Preset.deepstarr.layers),
    ("Zeng", Preset.zeng2016.layers), ("the better strand", Preset.deepbind.layers),
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
    var codes = randomSequences(5, length: 90, seed: 9).codes
    for i in codes.indices where i % 90 < 20 { codes[i] = sequences.codes[i] }
    return SequenceSet(codes: codes, starts: (0...5).map { $0 * 90 })
  }()

  @Test(arguments: stacks.indices) func planAgreesWithLayers(_ index: Int) throws {
    let network = try Self.network(index)
    let name = Self.stacks[index].name
    let methods: [AttributionMethod] = [
      .gradient, .mutagenesis, .integratedGradients(steps: 21),
      .integratedGradients(steps: 70, reference: .dinucleotideShuffles(2)), .deepSHAP(reference: .zeros),
      .deepSHAP(reference: .dinucleotideShuffles(3)), .deepSHAP(reference: .given(Self.references)),
    ]
    for method in methods {
      var options = AttributionOptions()
      options.isHypothetical = true
      options.route = .layerwise
      let expected = try network.attributions(method, of: Self.sequences, options: options)
      for kernels in Kernels.available {
        options.route = .planned(kernels)
        let found = try network.attributions(method, of: Self.sequences, options: options)
        let difference = Self.difference(found.values, expected.values)
        #expect(difference < 2e-5, "\(name), \(method.name), \(kernels.name): \(difference)")
        if !expected.standardErrors.isEmpty {
          #expect(Self.difference(found.standardErrors, expected.standardErrors) < 1e-3)
        }
      }
    }
  }

  @Test(arguments: stacks.indices) func mapsAgreeWithLayers(_ index: Int) throws {
    let network = try Self.network(index)
    for layer in network.architecture.convolutions {
      for method in ClassActivationMethod.allCases {
        func maps(_ route: AttributionRoute) throws -> [Float] {
          try network.classActivationMaps(
            method, of: Self.sequences, layer: layer, output: 0, isRectified: false, threads: 2, route: route
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

  @Test func threadsDoNotMatter() throws {
    let network = try Self.network(2)
    for method in AttributionMethod.all {
      let one = try network.attributions(method, of: Self.sequences, threads: 1)
      let three = try network.attributions(method, of: Self.sequences, threads: 3)
      #expect(one.values == three.values && one.standardErrors == three.standardErrors)
    }
  }
}
