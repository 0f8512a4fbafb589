import NeuralNetworks
import Runtime
import Sequences
import Testing

/// The reference's gradients are those of its own outputs.
@Suite struct ReferenceGradientTests {
  private static let step = 1e-6

  @Test(arguments: layerCases + normalizationCases) func parametersByFiniteDifferences(_ test: NetworkCase) {
    var reference = ReferenceNetwork(test.network())
    let x = ReferenceActivations(oneHot: (0..<3).map { Array(test.sequences(3)[$0]) })
    let seed = test.seeds(3).map(Double.init)
    let gradients = reference.backward(
      reference.forward(x, dropoutKey: dropoutKey), seed: seed, dropoutKey: dropoutKey
    ).parameters
    let trainable = test.architecture.tensors.filter(\.isTrainable).flatMap(\.range)
    for i in trainable {
      let difference = centralDifference { step in
        reference.parameters[i] += step
        defer { reference.parameters[i] -= step }
        return dot(reference.outputs(reference.forward(x, dropoutKey: dropoutKey)), seed)
      }
      #expect(abs(gradients[i] - difference) < 1e-7, "parameter \(i)")
    }
  }

  @Test(arguments: layerCases + normalizationCases) func inputByFiniteDifferences(_ test: NetworkCase) {
    let reference = ReferenceNetwork(test.network())
    var x = ReferenceActivations(oneHot: (0..<2).map { Array(test.sequences(2)[$0]) })
    // Off the corners of the one-hot cube, where maxima tie.
    var random = CounterRandom(seed: 5, purpose: .sampling)
    for i in x.values.indices { x.values[i] += 0.1 * random.uniform() }
    let seed = test.seeds(2).map(Double.init)
    let gradient = reference.backward(
      reference.forward(x, dropoutKey: dropoutKey), seed: seed, dropoutKey: dropoutKey
    ).activations[0]
    for i in x.values.indices {
      let difference = centralDifference { step in
        var moved = x
        moved.values[i] += step
        return dot(reference.outputs(reference.forward(moved, dropoutKey: dropoutKey)), seed)
      }
      #expect(abs(gradient.values[i] - difference) < 1e-7, "input \(i)")
    }
  }

  @Test(arguments: normalizationCases) func normalizedByRunningStatistics(_ test: NetworkCase) {
    var reference = ReferenceNetwork(test.network())
    let x = ReferenceActivations(oneHot: (0..<2).map { Array(test.sequences(2)[$0]) })
    let seed = test.seeds(2).map(Double.init)
    let gradients = reference.backward(reference.forward(x), seed: seed).parameters
    for i in test.architecture.tensors.filter(\.isTrainable).flatMap(\.range) {
      let difference = centralDifference { step in
        reference.parameters[i] += step
        defer { reference.parameters[i] -= step }
        return dot(reference.outputs(reference.forward(x)), seed)
      }
      #expect(abs(gradients[i] - difference) < 1e-7, "parameter \(i)")
    }
  }

  private func centralDifference(_ f: (Double) -> Double) -> Double {
    (f(Self.step) - f(-Self.step)) / (2 * Self.step)
  }

  private func dot(_ a: [Double], _ b: [Double]) -> Double { zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } }
}
