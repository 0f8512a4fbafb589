import Foundation
import NeuralNetworks
import Runtime
import Sequences

/// Random sequences, a few bases of them unknown.
func randomSequences(_ count: Int, length: Int, seed: UInt64 = 1, unknown: Bool = true) -> SequenceSet {
  var random = CounterRandom(seed: seed, purpose: .simulation)
  let codes = (0..<count * length).map { _ in
    unknown && random.below(50) == 0 ? 4 : UInt8(random.below(4))
  }
  return SequenceSet(
    codes: codes, starts: (0...count).map { $0 * length })
}

/// The same with alternating labels.
func randomData(_ count: Int, length: Int, seed: UInt64 = 1) throws -> DataSet {
  try DataSet(
    randomSequences(count, length: length, seed: seed), labels: (0..<count).map { UInt8($0 % 2) })
}

extension Network {
  /// Small random biases in place of zeros, and normalizations that do something, so that nothing cancels by accident.
  mutating func perturbBiases(seed: UInt64) {
    var random = CounterRandom(seed: seed, purpose: .initialization, epoch: 7)
    for tensor in architecture.tensors where tensor.shape.count == 1 {
      let isPositive = tensor.name.hasSuffix(".gamma") || tensor.name.hasSuffix(".moving_variance")
      for i in tensor.range {
        let value = Float(random.uniform() - 0.5)
        parameters[i] = isPositive ? 1 + value : value / 4
      }
    }
  }

  /// Sets the bias of a filter so low that no input can make it fire.
  mutating func silence(_ filter: Int, layer: Int) {
    parameters[architecture.tensor(layer, .bias)!.offset + filter] = -100
  }

  /// Sets all weights from a filter to the next layer with weights to zero.
  mutating func disconnect(_ filter: Int, layer: Int) {
    let channels = architecture.shapes[layer].channels
    // The way to the next kernel, and where a concatenation on it puts this layer's channels or features.
    var (next, offset, width, isJoined) = (layer, 0, channels, false)
    repeat {
      let activation = next + 1
      next = architecture.sources.firstIndex { $0.contains(activation) }!
      if !isJoined { width = architecture.shape(ofActivation: activation).channels }
      guard case .concatenate = architecture.layers[next].kind else { continue }
      let before = architecture.sources[next].prefix { $0 != activation }
      offset = before.reduce(0) { $0 + architecture.shape(ofActivation: $1).channels }
      isJoined = true
    } while architecture.tensor(next, .kernel) == nil
    let kernel = architecture.tensor(next, .kernel)!
    let units = kernel.shape.last!
    let inputs = kernel.shape[kernel.shape.count - 2]
    // One channel, or one for each strand.
    let filters = architecture.tensor(layer, .kernel)!.shape[2]
    for row in 0..<kernel.count / units {
      let place = row % inputs - offset
      guard (0..<width).contains(place), place % channels % filters == filter else { continue }
      for unit in 0..<units { parameters[kernel.offset + row * units + unit] = 0 }
    }
  }
}

func sine(_ x: Double) -> Double { sin(x) }
