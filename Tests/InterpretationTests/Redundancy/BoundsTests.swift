import Interpretation
import NeuralNetworks
import Sequences
import Testing

@Suite struct BoundsTests {
  /// Every output of every layer stays within its bounds.
  @Test(arguments: Architectures.all.indices) func boundsHold(_ index: Int) throws {
    let architecture = try Architecture(input: .dna(length: 100), layers: Architectures.all[index].layers)
    var network = Network(architecture: architecture, seed: 8)
    network.perturbBiases(seed: 8)
    let bounds = network.activationBounds(includesUnknown: true)
    let violations = try network.trace(of: randomSequences(30, length: 100)) { trace, _ in
      architecture.layers.indices.reduce(0) { total, layer in
        let channels = bounds.layers[layer].count
        return trace.output(layer: layer).enumerated().reduce(total) { total, element in
          bounds.layers[layer][element.offset % channels].contains(Double(element.element))
            ? total : total + 1
        }
      }
    }
    #expect(violations.reduce(0, +) == 0)
  }

  /// The first convolution's bounds are reached by some DNA: Σ max_b w + bias and Σ min_b w + bias.
  @Test func firstBoundsAreReached() throws {
    var network = Network(input: .dna(length: 9), seed: 3) {
      Convolution1D(filters: 6, kernelSize: 9)
      GlobalMaxPooling1D()
      Dense(1)
    }
    network.perturbBiases(seed: 2)
    let bounds = network.activationBounds(includesUnknown: false).layers[0]
    for number in 0..<6 {
      let filter = try network.filter(number)
      for (end, sign) in [(bounds[number].upperBound, Float(1)), (bounds[number].lowerBound, -1)] {
        let word = filter.weights.map { row in UInt8((0..<4).max { sign * row[$0] < sign * row[$1] }!) }
        let reached = try network.trace(of: SequenceSet(codes: word, starts: [0, 9])) { trace, _ in
          trace.output(layer: 0)[number]
        }
        #expect(abs(Double(reached[0]) - end) < 1e-5)
      }
    }
  }

  @Test(arguments: Activation.allCases) func activationsKeepTheirBounds(_ activation: Activation) throws {
    var network = Network(input: .dna(length: 30), seed: 6) {
      Convolution1D(filters: 8, kernelSize: 4, activation: activation)
      GlobalMaxPooling1D()
      Dense(1)
    }
    network.perturbBiases(seed: 6)
    let bounds = network.activationBounds(includesUnknown: true).layers[0]
    let outside = try network.trace(of: randomSequences(50, length: 30)) { trace, _ in
      trace.output(layer: 0).enumerated().filter { !bounds[$0.offset % 8].contains(Double($0.element)) }.count
    }
    #expect(outside.reduce(0, +) == 0)
  }
}
