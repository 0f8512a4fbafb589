import Interpretation
import NeuralNetworks
import Runtime
import Sequences
import Testing

@Suite struct RemovalTests {
  /// Silenced and disconnected filters in every convolution; each kernel table; N in the sequences.
  @Test(arguments: Architectures.all.indices, [1, 3, 13]) func losslessIsEqualToTheBit(
    _ index: Int, removing count: Int
  ) throws {
    let architecture = try Architecture(input: .dna(length: 100), layers: Architectures.all[index].layers)
    var network = Network(architecture: architecture, seed: 5)
    network.perturbBiases(seed: 5)
    var random = CounterRandom(seed: UInt64(count), purpose: .permutation, index: index)
    var expected: FilterSelection = [:]
    for layer in architecture.convolutions where !Architectures.all[index].tied.contains(layer) {
      guard case .convolution1D(let convolution) = architecture.layers[layer].kind else { continue }
      let filters = convolution.filters
      let dead = random.permutation(filters).prefix(min(count, filters - 1))
      for (rank, filter) in dead.enumerated() {
        if rank % 3 == 1 {
          network.disconnect(filter, layer: layer)
        } else {
          network.silence(filter, layer: layer)
        }
      }
      expected[layer] = Set(dead)
    }
    #expect(network.removableFilters() == expected)
    let smaller = try network.losslesslyPruned()
    #expect(smaller.parameters.count < network.parameters.count)
    let sequences = randomSequences(40, length: 100)
    for kernels in Kernels.available {
      let before = try network.logits(of: sequences, kernels: kernels).map(\.bitPattern)
      #expect(
        try smaller.logits(of: sequences, kernels: kernels).map(\.bitPattern) == before, "\(kernels.name)")
    }
  }

  /// Without dead filters nothing is removed; with nothing but dead ones the first stays.
  @Test func losslessKeepsWhatMatters() throws {
    var network = Network(architecture: try Preset.v3.architecture(length: 60), seed: 2)
    #expect(network.removableFilters().isEmpty)
    #expect(try network.losslesslyPruned().parameters == network.parameters)
    for filter in 0..<64 { network.silence(filter, layer: 0) }
    let smaller = try network.losslesslyPruned()
    #expect(smaller.architecture.shapes[0].channels == 1)
    let sequences = randomSequences(20, length: 60)
    #expect(try smaller.logits(of: sequences) == network.logits(of: sequences))
  }

  /// What a filter feeds is removed, so the filter is not needed any more.
  @Test func losslessFollowsChains() throws {
    var network = Network(architecture: try Preset.v4.architecture(length: 100), seed: 3)
    // Filters 5… of the second convolution die; filter 7 of the first feeds only those.
    for filter in 5..<32 { network.silence(filter, layer: 3) }
    let kernel = network.architecture.tensor(3, .kernel)!
    for tap in 0..<6 {
      for output in 0..<5 { network.parameters[kernel.offset + (tap * 64 + 7) * 32 + output] = 0 }
    }
    #expect(network.removableFilters() == [0: [7], 3: Set(5..<32)])
    let sequences = randomSequences(30, length: 100)
    #expect(try network.losslesslyPruned().logits(of: sequences) == network.logits(of: sequences))
  }

  /// A filter that an unknown base could make fire is not removed.
  @Test func unknownBasesCount() throws {
    var network = Network(input: .dna(length: 20), seed: 1) {
      Convolution1D(filters: 2, kernelSize: 3, activation: .relu)
      GlobalMaxPooling1D()
      Dense(1)
    }
    // All weights of filter 0 are −1 and its bias is 1: only N N N gives more than zero.
    for row in 0..<12 { network.parameters[row * 2] = -1 }
    network.parameters[24] = 1
    #expect(network.activationBounds(includesUnknown: false).layers[0][0] == 0...0)
    #expect(network.activationBounds(includesUnknown: true).layers[0][0].upperBound > 0.99)
    #expect(network.removableFilters().isEmpty)
  }

  /// Removing by hand: the same network written with fewer filters.
  @Test func removesWeightsOfTheRightChannels() throws {
    let network = Network(input: .dna(length: 12), seed: 9) {
      Convolution1D(filters: 3, kernelSize: 2, activation: .relu)
      MaxPooling1D(2)
      Convolution1D(filters: 4, kernelSize: 2, activation: .relu)
      Flatten()
      Dense(2)
    }
    let smaller = try network.removing(filters: [0: [1], 2: [0, 3]])
    let old = network.architecture.tensors
    let new = smaller.architecture.tensors
    #expect(new.map(\.shape) == [[2, 4, 2], [2], [2, 2, 2], [2], [8, 2], [2]])
    func before(_ tensor: Int, _ i: Int) -> Float { network.parameters[old[tensor].offset + i] }
    func after(_ tensor: Int, _ i: Int) -> Float { smaller.parameters[new[tensor].offset + i] }
    for tap in 0..<2 {
      for (input, from) in [0, 2].enumerated() {
        for (output, to) in [1, 2].enumerated() {
          #expect(after(2, (tap * 2 + input) * 2 + output) == before(2, (tap * 3 + from) * 4 + to))
        }
      }
    }
    // Four positions of four channels are left after the pooling; channels 1 and 2 stay.
    for position in 0..<4 {
      for (channel, from) in [1, 2].enumerated() {
        #expect(after(4, (position * 2 + channel) * 2) == before(4, (position * 4 + from) * 2))
      }
    }
  }

  /// A removed filter's constant goes into the next bias, for every way to the next layer.
  @Test(arguments: [0, 1, 2]) func constantsAreFolded(_ kind: Int) throws {
    let tail: [[Layer]] = [
      [.globalMaxPooling1D, .dense(Dense(2))],
      [.maxPooling1D(MaxPooling1D(2)), .flatten, .dense(Dense(2, useBias: false))],
      [
        .maxPooling1D(MaxPooling1D(3)),
        .convolution1D(Convolution1D(filters: 5, kernelSize: 2, useBias: false)),
        .globalAveragePooling1D, .dense(Dense(1)),
      ],
    ]
    let architecture = try Architecture(
      input: .dna(length: 30),
      layers: [.convolution1D(Convolution1D(filters: 4, kernelSize: 5, activation: .relu))] + tail[kind])
    var network = Network(architecture: architecture, seed: 4)
    // Filter 2 gives 0.75 everywhere.
    for row in 0..<20 { network.parameters[row * 4 + 2] = 0 }
    network.parameters[80 + 2] = 0.75
    let features = kind == 1 ? 13 : 1
    let consumer = [2, 3, 2][kind]
    let smaller = try network.removing(
      filters: [0: [2]],
      standIns: [consumer: [2: StandIn(constants: Array(repeating: 0.75, count: features))]])
    let sequences = randomSequences(25, length: 30)
    for (a, b) in try zip(network.logits(of: sequences), smaller.logits(of: sequences)) {
      #expect(abs(a - b) < 1e-6)
    }
    let without = try network.removing(filters: [0: [2]])
    #expect(
      try zip(network.logits(of: sequences), without.logits(of: sequences)).contains { abs($0 - $1) > 1e-3 })
  }

  @Test func impossibleRemovalsAreRefused() throws {
    let network = Network(architecture: try Preset.v3.architecture(length: 50))
    #expect(throws: InputError.self) { try network.removing(filters: [0: [64]]) }
    #expect(throws: InputError.self) { try network.removing(filters: [0: Set(0..<64)]) }
    #expect(throws: InputError.self) { try network.removing(filters: [1: [0]]) }
  }

  /// Bases cannot be removed, and what sees one alone cannot either; nor can what the network gives or a softmax shares out.
  @Test func someFiltersStay() throws {
    let tails: [[Layer]] = [
      [.softmax, .globalMaxPooling1D, .dense(Dense(1))],
      [.globalMaxPooling1D],
    ]
    for groups in [4, 1] {
      for tail in groups == 4 ? [[.globalMaxPooling1D, .dense(Dense(1))]] : tails {
        let first = Layer(Convolution1D(filters: 16, kernelSize: 6, groups: groups))
        let network = Network(
          architecture: try Architecture(input: .dna(length: 100), layers: [first] + tail))
        #expect(network.prunableConvolutions.isEmpty)
        #expect(network.removableFilters().isEmpty)
        #expect(throws: InputError.self) { try network.removing(filters: [0: [0]]) }
      }
    }
  }
}
