import NeuralNetworks
import Sequences
import Testing

/// The engine computes what the reference does, with every instruction set of this machine.
@Suite struct EngineAgreementTests {
  private static let count = 4

  @Test(arguments: layerCases + engineCases) func fused(_ test: NetworkCase) {
    compare(test, isFused: true)
  }

  @Test(arguments: normalizationCases) func normalizedByRunningStatistics(_ test: NetworkCase) {
    compare(test, isFused: false)
  }

  /// Looser: four sequences make small variances, and what a mean takes away again (a bias) has no gradient but rounding.
  @Test(arguments: normalizationCases) func normalizedByTheMinibatch(_ test: NetworkCase) {
    compare(test, isFused: true, tolerance: 2e-4)
  }

  @Test(arguments: layerCases + engineCases) func layerByLayer(_ test: NetworkCase) {
    compare(test, isFused: false)
  }

  @Test(arguments: layerCases, [true, false]) func withoutUnknownBases(_ test: NetworkCase, _ isFused: Bool) {
    compare(test, isFused: isFused, unknown: false)
  }

  /// Dropout is there in the fused engine only: layer by layer is for reading a trained network.
  private func compare(_ test: NetworkCase, isFused: Bool, unknown: Bool = true, tolerance: Double = 1e-5) {
    let key = isFused ? Optional(dropoutKey) : nil
    let network = test.network()
    let sequences = test.sequences(Self.count, unknown: unknown)
    let reference = ReferenceNetwork(network)
    let pass = reference.forward(
      ReferenceActivations(oneHot: (0..<Self.count).map { Array(sequences[$0]) }), dropoutKey: key)
    let expected = reference.backward(
      pass, seed: seedActivations(test, Self.count), dropoutKey: key)
    for kernels in Kernels.available {
      let probe = network.probe(
        sequences, seed: test.seeds(Self.count), isFused: isFused, kernels: kernels, dropoutKey: key)
      expectClose(probe.outputs, pass.last!.values, tolerance: tolerance, "\(kernels.name): outputs")
      for tensor in network.architecture.tensors {
        expectClose(
          probe.parameterGradients[tensor.range], expected.parameters[tensor.range],
          tolerance: tolerance,
          "\(kernels.name): gradient of \(tensor.name)")
      }
      if !isFused {
        expectClose(
          probe.inputGradient, expected.inputs[0].values, tolerance: tolerance,
          "\(kernels.name): gradient of the input")
      }
    }
  }
}

/// Every value within `tolerance` of the largest.
func expectClose(
  _ values: some Collection<Float>, _ expected: some Collection<Double>, tolerance: Double = 1e-5,
  _ name: String, sourceLocation: SourceLocation = #_sourceLocation
) {
  #expect(values.count == expected.count, "\(name)", sourceLocation: sourceLocation)
  let scale = expected.reduce(0.01) { max($0, abs($1)) }
  let worst = zip(values, expected).map { abs(Double($0) - $1) }.max() ?? 0
  #expect(
    worst <= tolerance * scale, "\(name) differs by \(worst / scale) of its maximum",
    sourceLocation: sourceLocation)
}

/// Prediction folds batch normalisation into the layer before it: the outputs stay.
@Test(arguments: normalizationCases) func foldedNormalization(_ test: NetworkCase) {
  let network = test.network()
  let sequences = test.sequences(5)
  let reference = ReferenceNetwork(network)
  let pass = reference.forward(ReferenceActivations(oneHot: (0..<5).map { Array(sequences[$0]) }))
  expectClose(network.logits(sequences), pass.last!.values, "outputs")
}
