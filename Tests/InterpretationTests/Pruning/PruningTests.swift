import Foundation
import Interpretation
import Motifs
import NeuralNetworks
import Runtime
import Sequences
import Testing

@Suite struct PruningTests {
  private func network(_ preset: Preset = .v2, length: Int = 60, seed: UInt64 = 3) throws -> Network {
    var network = Network(architecture: try preset.architecture(length: length), seed: seed)
    network.perturbBiases(seed: seed)
    return network
  }

  private func loss(_ network: Network, _ set: DataSet) throws -> Double {
    try zip(network.logits(of: set.sequences), set.labels).reduce(0) { sum, pair in
      let z = Double(pair.0)
      return sum - log(Activation.sigmoid.value(pair.1 == 1 ? z : -z))
    } / Double(set.count)
  }

  /// Influence: the loss of the network whose filter is a constant, made by hand.
  @Test func influenceIsTheRiseOfTheLoss() throws {
    let network = try network()
    let set = try randomData(80, length: 60)
    let influence = try network.filterInfluence(on: set)
    let means = try network.trace(of: set.sequences, blockSize: 100) { trace, _ in trace.output(layer: 1) }[0]
    let dense = network.architecture.tensor(2, .kernel)!.offset
    let bias = network.architecture.tensor(2, .bias)!.offset
    for filter in [0, 17, 63] {
      let mean = stride(from: filter, to: means.count, by: 64).reduce(0) { $0 + Double(means[$1]) } / 80
      var without = network
      without.parameters[bias] += Float(mean * Double(network.parameters[dense + filter]))
      without.parameters[dense + filter] = 0
      let rise = try loss(without, set) - loss(network, set)
      #expect(abs(influence[filter] - rise) < 1e-6)
    }
  }

  /// APoZ counts zeros; magnitudes and distances of weights, in a later layer too.
  @Test(arguments: [0, 3]) func otherCriteriaByHand(_ layer: Int) throws {
    let network = try network(.v3)
    let set = try randomData(20, length: 60)
    let activations = try network.trace(of: set.sequences) { trace, _ in trace.output(layer: layer) }[0]
    let kernel = network.architecture.tensor(layer, .kernel)!
    let filters = kernel.shape[2]
    func weights(_ filter: Int) -> [Double] {
      stride(from: filter, to: kernel.count, by: filters).map {
        Double(network.parameters[kernel.offset + $0])
      }
    }
    let apoz = try network.filterImportance(.apoz, layer: layer, on: set)
    let l1 = try network.filterImportance(.magnitudeL1, layer: layer, on: set)
    let l2 = try network.filterImportance(.magnitude, layer: layer, on: set)
    let fpgm = try network.filterImportance(.fpgm, layer: layer, on: set)
    for filter in [0, 5, filters - 1] {
      let values = stride(from: filter, to: activations.count, by: filters).map { activations[$0] }
      let active = Double(values.filter { $0 > 0 }.count) / Double(values.count)
      #expect(abs(apoz[filter] - active) < 1e-9)
      #expect(abs(l1[filter] - weights(filter).reduce(0) { $0 + abs($1) }) < 1e-9)
      #expect(abs(l2[filter] - weights(filter).reduce(0) { $0 + $1 * $1 }.squareRoot()) < 1e-9)
      let distances = (0..<filters).map { other in
        zip(weights(filter), weights(other)).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }.squareRoot()
      }
      #expect(abs(fpgm[filter] - distances.reduce(0, +)) < 1e-6)
    }
  }

  /// A filter that is another one scaled is replaced by it without loss, for every way to the next layer.
  @Test func duplicatesAreReplacedByTheirLike() throws {
    for kind in 0..<3 {
      let tail: [[Layer]] = [
        [.globalMaxPooling1D, .dense(Dense(1))],
        [.maxPooling1D(MaxPooling1D(2)), .flatten, .dense(Dense(1, useBias: false))],
        [
          .maxPooling1D(MaxPooling1D(2)),
          .convolution1D(Convolution1D(filters: 4, kernelSize: 3, activation: .relu)), .globalMaxPooling1D,
          .dense(Dense(1)),
        ],
      ]
      let architecture = try Architecture(
        input: .dna(length: 30),
        layers: [.convolution1D(Convolution1D(filters: 6, kernelSize: 5, activation: .relu))] + tail[kind])
      var network = Network(architecture: architecture, seed: 12)
      network.perturbBiases(seed: 12)
      // Filter 4 is twice filter 1.
      for row in 0..<20 { network.parameters[row * 6 + 4] = 2 * network.parameters[row * 6 + 1] }
      network.parameters[120 + 4] = 2 * network.parameters[120 + 1]
      let set = try randomData(60, length: 30)
      var pruning = Pruning()
      pruning.criterion = .redundancy
      pruning.keep = .count(5)
      let smaller = try network.pruned(pruning, on: set)
      #expect(smaller.network.architecture.shapes[0].channels == 5)
      #expect(smaller.removed[0] == [1] || smaller.removed[0] == [4])
      for (a, b) in try zip(network.logits(of: set.sequences), smaller.network.logits(of: set.sequences)) {
        #expect(abs(a - b) < 2e-5)
      }
    }
  }

  /// v2 on sequences of 40 bases with FOXO1 in their middle.
  private func trainedNetwork() throws -> (Network, train: DataSet, test: DataSet) {
    let halves = try PlantedSimulation(
      frequencies: Motif.foxo1.frequencies.rows, count: 1200, length: 40, jitter: 0, seed: 1
    ).run().halves(seed: 1)
    let (train, test) = (try DataSet(halves.train.labeled), try DataSet(halves.test.labeled))
    var options = TrainingOptions()
    options.batchSize = 32
    options.epochs = 8
    let network = try Network(architecture: Preset.v2.architecture(length: 40), seed: 1)
    return (try network.fineTuned(on: train, options: options), train, test)
  }

  /// A trained network keeps its accuracy with an eighth of its filters.
  @Test func prunedNetworksStillWork() throws {
    let (network, train, test) = try trainedNetwork()
    var options = TrainingOptions()
    options.batchSize = 32
    options.epochs = 2
    var pruning = Pruning()
    pruning.keep = .share(0.125)
    let smaller = try network.pruned(pruning, on: train).network
    let before = try network.measured(on: test)
    let after = try smaller.measured(on: test)
    let accuracy = try #require(before.accuracy)
    #expect(accuracy > 0.8 && after.accuracy! > accuracy - 0.05)
    #expect(before.filters == [64] && after.filters == [8] && after.parameters < before.parameters / 7)
    let tuned = try smaller.fineTuned(on: train, options: options)
    #expect(try #require(tuned.measured(on: test).accuracy) > accuracy - 0.04)
    #expect(
      tuned.parameters
        == (try smaller.fineTuned(on: train, options: options, threads: 1)).parameters)
  }

  /// The chosen network is good enough, and the one with a filter fewer was tried and is not.
  @Test func theSmallestGoodNetwork() throws {
    let (network, train, test) = try trainedNetwork()
    var options = TrainingOptions()
    options.batchSize = 32
    options.epochs = 2
    func curve(_ metric: Metric, drop: Double) throws -> PruningCurve {
      try PruningCurve(
        network, Pruning(), on: train, testedOn: test, metric: metric, drop: drop, options: options)
    }
    for metric in [Metric(.accuracy), .loss] {
      let found = try curve(metric, drop: 0.02)
      let chosen = found.smallest.filters[0]
      #expect(chosen < 64)
      let logits = try found.smallest.network.logits(of: test.sequences)
      let value = try #require(ObjectiveMetrics.values(logits: logits, on: test)[metric])
      let whole = found.original.tuned
      #expect(metric.isLowerBetter ? value <= whole + 0.02 : value >= whole - 0.02)
      let below = found.steps.filter { $0.filters[0] < chosen }
      #expect(chosen == 1 || below.contains { $0.filters[0] == chosen - 1 })
      #expect(below.allSatisfy { metric.isLowerBetter ? $0.tuned > whole + 0.02 : $0.tuned < whole - 0.02 })
    }
    #expect(
      throws: InputError(
        "pearson does not judge this objective; expected one of loss, accuracy, auroc, auprc")
    ) {
      try curve(Metric(.pearson), drop: 0)
    }
  }

  @Test func whatToKeep() throws {
    #expect(Pruning.Keep.share(0.5).number(of: 7) == 4 && Pruning.Keep.share(0).number(of: 7) == 1)
    #expect(Pruning.Keep.count(9).number(of: 7) == 7 && Pruning.Keep.count(3).number(of: 7) == 3)
    let network = try network(.v3)
    var pruning = Pruning()
    pruning.layers = [0, 3]
    pruning.keep = .share(0.25)
    pruning.criterion = .magnitude
    let smaller = try network.pruned(pruning, on: randomData(10, length: 60))
    #expect(smaller.removed[0]?.count == 48 && smaller.removed[3]?.count == 24)
    #expect(
      smaller.network.architecture.convolutions.map { smaller.network.architecture.shapes[$0].channels } == [
        16, 8,
      ])
  }

  @Test func wrongInputIsRefused() throws {
    let short = try randomData(4, length: 59)
    #expect(throws: InputError.self) { try network().filterInfluence(on: short) }
    #expect(throws: InputError.self) { try network().measured(on: short) }
    let data = try randomData(4, length: 60)
    #expect(throws: InputError.self) { try network().filterImportance(.apoz, layer: 1, on: data) }
    let classes = try DataSet(data.sequences, labels: data.labels, classes: ["a", "b"])
    #expect(throws: InputError.self) { try network().filterInfluence(on: classes) }
    let open = Network(input: .dna(length: 60)) { Convolution1D(filters: 1, kernelSize: 60) }
    #expect(throws: InputError.self) { try open.filterInfluence(on: data) }
  }

  /// Large activations that differ little: every filter is lifted by 30, and the dense layer takes it off again.
  @Test(arguments: [10, 80]) func activationsFarFromZero(sequences count: Int) throws {
    var network = try network(.v1)
    let sequences = try randomData(count, length: 60)
    var pruning = Pruning()
    pruning.keep = .count(32)
    let expected = try loss(network.pruned(pruning, on: sequences).network, sequences)
    let (bias, kernel) = (network.architecture.tensor(0, .bias)!, network.architecture.tensor(2, .kernel)!)
    for index in bias.range { network.parameters[index] += 30 }
    let sum = kernel.range.reduce(0) { $0 + network.parameters[$1] }
    network.parameters[network.architecture.tensor(2, .bias)!.offset] -= 30 * sum
    let lifted = try loss(network.pruned(pruning, on: sequences).network, sequences)
    #expect(abs(lifted - expected) < 0.05)
  }
}
