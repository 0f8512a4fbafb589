import NeuralNetworks
import Runtime
import Sequences
import Testing

/// A network to test, with the sequences it is tested on.
struct NetworkCase: CustomTestStringConvertible, Sendable {
  let testDescription: String
  let length: Int
  let layers: [Layer]
  let outputs: [String]?

  init(_ name: String, length: Int, outputs: [String]? = nil, @NetworkBuilder _ layers: () -> [Layer]) {
    testDescription = name
    self.length = length
    self.layers = layers()
    self.outputs = outputs
  }

  var architecture: Architecture {
    do {
      return try Architecture(input: .dna(length: length), layers: layers, outputs: outputs)
    } catch { fatalError("\(testDescription): \(error)") }
  }

  /// Parameters of every kind, biases too, of the size that Glorot gives kernels.
  func network(seed: UInt64 = 1) -> Network {
    var network = Network(architecture: architecture, seed: seed)
    for tensor in architecture.tensors where tensor.shape.count == 1 {
      var random = CounterRandom(seed: seed, purpose: .sampling, index: tensor.offset)
      // Variances and scales are positive.
      let middle = [.scale, .variance].contains(tensor.role) ? 1.0 : 0
      for i in tensor.range { network.parameters[i] = Float(middle + 0.6 * random.uniform() - 0.3) }
    }
    return network
  }

  /// Random sequences, one base in twenty unknown.
  func sequences(_ count: Int, seed: UInt64 = 2, unknown: Bool = true) -> SequenceSet {
    var set = SequenceSet()
    for index in 0..<count {
      var random = CounterRandom(seed: seed, purpose: .sampling, index: index)
      let codes = (0..<length).map { _ in
        unknown && random.below(20) == 0 ? Nucleotide.unknown : UInt8(random.below(4))
      }
      set.append(codes)
    }
    return set
  }

  /// Numbers in −1..<1 for the gradient of the outputs.
  func seeds(_ count: Int) -> [Float] {
    var random = CounterRandom(seed: 3, purpose: .sampling)
    return (0..<count * architecture.outputCount).map { _ in Float(2 * random.uniform() - 1) }
  }
}

/// The key of a sequence and a dropout layer.
let dropoutKey: @Sendable (_ sequence: Int, _ dropout: Int) -> UInt64 = { sequence, dropout in
  CounterRandom.key(seed: 4, purpose: .dropout, epoch: 1, index: 10 * sequence + dropout)
}
