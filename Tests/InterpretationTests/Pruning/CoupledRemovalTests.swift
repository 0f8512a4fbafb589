import Interpretation
import NeuralNetworks
import Runtime
import Sequences
import Testing

/// Filters that can only be removed together: through skips, gates, groups and recurrent layers.
@Suite struct CoupledRemovalTests {
  struct Case: Sendable {
    let name: String
    let layers: [Layer]
    var outputs: [String]?
    /// What is asked for, and all that goes.
    let asked, coupled: FilterSelection

    func network() throws -> Network {
      let architecture = try Architecture(input: .dna(length: 60), layers: layers, outputs: outputs)
      var network = Network(architecture: architecture, seed: 5)
      network.perturbBiases(seed: 5)
      return network
    }
  }

  private static func convolution(
    _ filters: Int, _ size: Int, padding: Padding = .same, dilation: Int = 1, groups: Int = 1
  ) -> Layer {
    Layer(
      Convolution1D(
        filters: filters, kernelSize: size, padding: padding, dilation: dilation, groups: groups,
        activation: .relu))
  }

  private static let logit: [Layer] = [.globalMaxPooling1D, .dense(Dense(1))]

  static let cases: [Case] = [
    Case(
      name: "a residual block",
      layers: [
        convolution(16, 5), convolution(20, 3), convolution(16, 3), .addition(Addition(layers: 2)),
        convolution(12, 3),
      ] + logit, asked: [0: [3, 15]], coupled: [0: [3, 15], 2: [3, 15]]),
    Case(
      name: "profile and counts",
      layers: [
        convolution(8, 7), convolution(8, 3, dilation: 2), .addition(Addition(layers: 1)),
        convolution(8, 3, dilation: 4), Layer.addition(Addition(layers: 1)).named("trunk"),
        TransposedConvolution1D(filters: 2, kernelSize: 5, padding: .same).named("profile"),
        Layer(GlobalAveragePooling1D()).taking("trunk"), Dense(2).named("counts"),
      ], outputs: ["profile", "counts"], asked: [1: [5]], coupled: [0: [5], 1: [5], 3: [5]]),
    Case(
      name: "a cropped skip",
      layers: [
        convolution(8, 5, padding: .valid).named("a"),
        convolution(8, 3, padding: .valid, dilation: 2).named("b"),
        Cropping1D(left: 2, right: 2).taking("a").named("c"), Addition().taking("b", "c"),
        convolution(6, 3, padding: .valid),
      ] + logit, asked: [0: [0]], coupled: [0: [0], 1: [0]]),
    Case(
      name: "squeeze and excitation",
      layers: [
        convolution(8, 7).named("a"), Layer(GlobalAveragePooling1D()), .dense(Dense(4, activation: .relu)),
        Dense(8, activation: .sigmoid).named("gate"), Multiplication().taking("a", "gate"),
      ] + logit, asked: [0: [2, 3]], coupled: [0: [2, 3]]),
    Case(
      name: "groups",
      layers: [
        convolution(16, 6), Layer(MaxPooling1D(2)), convolution(24, 3, groups: 4), convolution(18, 2),
      ] + logit, asked: [0: [5]], coupled: [0: [4, 5, 6, 7], 2: Set(6..<12)]),
    Case(
      name: "depthwise",
      layers: [convolution(8, 6), convolution(16, 3, groups: 8), convolution(5, 1)] + logit,
      asked: [1: [4]], coupled: [0: [2], 1: [4, 5]]),
    Case(
      name: "recurrent layers",
      layers: [
        convolution(8, 7), Layer(MaxPooling1D(4)),
        Layer(Recurrent(.lstm, units: 5, direction: .both, returnsSequences: true)),
        Layer(Recurrent(.gru, units: 4)), .dense(Dense(1)),
      ], asked: [0: [1, 6]], coupled: [0: [1, 6]]),
    Case(
      name: "a GRU that resets before",
      layers: [
        convolution(8, 7), Layer(MaxPooling1D(4)),
        Layer(Recurrent(.gru, units: 5, direction: .both, resetsAfter: false)), .dense(Dense(2)),
      ], asked: [0: [7]], coupled: [0: [7]]),
  ]

  @Test(arguments: cases.indices) func whatGoesTogether(_ index: Int) throws {
    let one = Self.cases[index]
    let network = try one.network()
    #expect(try network.coupled(to: one.asked) == one.coupled, "\(one.name)")
    let smaller = try network.removing(filters: one.asked)
    for (layer, filters) in one.coupled {
      let channels = network.architecture.shapes[layer].channels
      #expect(smaller.architecture.shapes[layer].channels == channels - filters.count, "\(one.name)")
    }
    #expect(smaller.architecture.outputCount == network.architecture.outputCount)
  }

  /// Silent in all layers that give them, the filters are found, and without them every output is equal to the last bit.
  @Test(arguments: cases.indices) func losslessIsEqualToTheBit(_ index: Int) throws {
    let one = Self.cases[index]
    var network = try one.network()
    for (layer, filters) in one.coupled { for filter in filters { network.silence(filter, layer: layer) } }
    #expect(network.removableFilters() == one.coupled, "\(one.name)")
    let smaller = try network.losslesslyPruned()
    let sequences = randomSequences(24, length: 60)
    for kernels in Kernels.available {
      let before = try network.logits(of: sequences, kernels: kernels).map(\.bitPattern)
      #expect(
        try smaller.logits(of: sequences, kernels: kernels).map(\.bitPattern) == before,
        "\(one.name), \(kernels.name)")
    }
    guard one.coupled.count > 1 else { return }
    // One of the layers still gives them something.
    var half = try one.network()
    for filter in one.coupled.min(by: { $0.key < $1.key })!.value {
      half.silence(filter, layer: one.coupled.keys.min()!)
    }
    #expect(half.removableFilters().isEmpty, "\(one.name)")
  }

  /// Filters that give 0.75 everywhere go first, and what takes them takes over the constant: through `valid` convolutions,
  /// whatever comes next.
  @Test(arguments: [
    "a cropped skip", "squeeze and excitation", "recurrent layers", "a GRU that resets before",
  ])
  func constantsAreTakenOver(_ name: String) throws {
    let one = try #require(Self.cases.first { $0.name == name })
    var network = try one.network()
    for (layer, filters) in one.coupled {
      let (kernel, bias) = (
        network.architecture.tensor(layer, .kernel)!, network.architecture.tensor(layer, .bias)!
      )
      for filter in filters {
        for place in stride(from: kernel.offset + filter, to: kernel.range.upperBound, by: kernel.shape[2]) {
          network.parameters[place] = 0
        }
        network.parameters[bias.offset + filter] = 0.75
      }
    }
    let sequences = randomSequences(24, length: 60)
    let outputs = network.architecture.outputCount
    let names = (0..<outputs).map { "\($0)" }
    let set = try DataSet(
      sequences, targets: Targets(outputs: outputs, values: (0..<24 * outputs).map { Float($0 % 3) }),
      objective: Objective(loss: .meanSquaredError, columns: names, outputs: names))
    var pruning = Pruning()
    pruning.keep = .count(8 - one.coupled[0]!.count)
    let smaller = try network.pruned(pruning, on: set)
    #expect(smaller.removed == one.coupled)
    // The gate of a channel varies where the channel does not, so a constant does not tell all of it.
    let tolerance: Float = name == "squeeze and excitation" ? 0.2 : 1e-5
    for (a, b) in zip(try network.logits(of: sequences), try smaller.network.logits(of: sequences)) {
      #expect(abs(a - b) < tolerance, "\(name)")
    }
    let bare = try network.removing(filters: one.asked).logits(of: sequences)
    #expect(zip(bare, try network.logits(of: sequences)).contains { abs($0 - $1) > 1e-3 })
  }

  /// A unit of a recurrent layer that goes with a filter is one that nothing listens to any more.
  @Test func unitsOfRecurrentLayersGoToo() throws {
    for cell in Recurrent.Cell.allCases {
      let layers: [Layer] = [
        Self.convolution(6, 5), Layer(MaxPooling1D(6)),
        Layer(Recurrent(cell, units: 6, returnsSequences: true)),
        .addition(Addition(layers: 1)), .flatten, .dense(Dense(2)),
      ]
      let network = try Case(name: "", layers: layers, asked: [:], coupled: [:]).network()
      let smaller = try network.removing(filters: [0: [4]])
      #expect(smaller.architecture.shapes[2].channels == 5)
      var deaf = network
      let state = network.architecture.tensor(2, .recurrent)!
      let width = state.shape[1]
      for column in 0..<width { deaf.parameters[state.offset + 4 * width + column] = 0 }
      let kernel = network.architecture.tensor(2, .kernel)!
      for column in 0..<width { deaf.parameters[kernel.offset + 4 * width + column] = 0 }
      let dense = network.architecture.tensor(5, .kernel)!
      for row in stride(from: 4, to: dense.shape[0], by: 6) {
        for unit in 0..<2 { deaf.parameters[dense.offset + row * 2 + unit] = 0 }
      }
      let sequences = randomSequences(10, length: 60)
      #expect(try smaller.logits(of: sequences) == deaf.logits(of: sequences))
      #expect(network.removableFilters().isEmpty)
    }
  }

  /// Scale and shift of a removed channel go with it, and the normalization is over those that stay.
  @Test func layerNormalizationIsOverWhatStays() throws {
    let layers: [Layer] = [Self.convolution(5, 4), Layer(LayerNormalization())] + Self.logit
    var network = try Case(name: "", layers: layers, asked: [:], coupled: [:]).network()
    network.silence(2, layer: 0)
    // Always zero before the normalization, but the others' mean and variance know of it.
    #expect(network.removableFilters().isEmpty)
    let smaller = try network.removing(filters: [0: [2]])
    for role in [TensorRole.scale, .shift] {
      let (old, new) = (network.architecture.tensor(1, role)!, smaller.architecture.tensor(1, role)!)
      #expect(
        Array(smaller.parameters[new.range])
          == [0, 1, 3, 4].map { network.parameters[old.offset + $0] })
    }
  }

  @Test func theLastOneStays() throws {
    let network = try Self.cases[4].network()
    #expect(throws: InputError.self) { try network.removing(filters: [0: [0, 4, 8, 12]]) }
    #expect(throws: InputError.self) { try network.removing(filters: [2: [24]]) }
  }
}
